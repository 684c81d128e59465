// softmax(Q K^T / sqrt(d) + mask) V with dropout of the probabilities, a tile of rows of one head at a time. The probabilities are
// not kept: backward computes them again from two numbers a row and the draw's key. All arithmetic is in single precision: tiles of
// bf16 are widened. Element ((b H + h) L + i) S + j of the draw belongs to the probability [b, h, i, j].
#include "fused.h"

#include <cmath>
#include <utility>

// Of the BLAS that LibTorch brings; null where it hides its own. Inside a parallel region it computes in the calling thread.
extern "C" __attribute__((weak)) void sgemm_(const char* transposed_a, const char* transposed_b, const int* m, const int* n,
                                             const int* k, const float* alpha, const float* a, const int* lda, const float* b,
                                             const int* ldb, const float* beta, float* c, const int* ldc);

namespace sr {

namespace {

constexpr int64_t kTileRows = 128;

int64_t padded(int64_t count) { return (count + 15) / 16 * 16; }

struct Matrix {
  const float* data;
  int64_t stride;
  bool transposed = false;

  Matrix t() const { return {data, stride, !transposed}; }
};

// C[m, n] = alpha A B + beta C, of rows.
void multiply(int64_t m, int64_t n, int64_t k, float alpha, Matrix a, Matrix b, float beta, float* c, int64_t stride) {
  const int rows = m, columns = n, inner = k, lda = a.stride, ldb = b.stride, ldc = stride;
  sgemm_(b.transposed ? "T" : "N", a.transposed ? "T" : "N", &columns, &rows, &inner, &alpha, b.data, &ldb, a.data, &lda, &beta, c, &ldc);
}

// One of Q, K, V, the output or a gradient, [B, H, rows, width], whose rows may lie apart.
struct Operand {
  at::Tensor tensor;
  int64_t width, row, head, batch, size;

  explicit Operand(const at::Tensor& t) : tensor(t) {
    if (t.stride(3) != 1 || (t.size(2) > 1 && t.stride(2) < t.size(3))) tensor = t.contiguous();
    width = tensor.size(3);
    row = tensor.size(2) > 1 ? tensor.stride(2) : width;
    head = tensor.stride(1);
    batch = tensor.stride(0);
    size = tensor.element_size();
  }

  // Of the like's sizes and in the order [B, rows, H, width], which needs no copy to become [B, rows, H * width].
  static at::Tensor like(const at::Tensor& t) { return at::empty({t.size(0), t.size(2), t.size(1), t.size(3)}, t.options()).transpose(1, 2); }

  bool is_wide() const { return size == sizeof(float); }

  char* at(int64_t b, int64_t h, int64_t i) const {
    return static_cast<char*>(tensor.data_ptr()) + (b * batch + h * head + i * row) * size;
  }

  // Rows from i on in single precision: where they are, or widened into the scratch space.
  Matrix read(int64_t b, int64_t h, int64_t i, int64_t rows, float* scratch) const {
    if (is_wide()) return {reinterpret_cast<float*>(at(b, h, i)), row};
    for (int64_t r = 0; r < rows; ++r) kernels().widen(at(b, h, i + r), scratch + r * width, width);
    return {scratch, width};
  }

  // Where rows from i on are computed; finish brings them to their place.
  float* target(int64_t b, int64_t h, int64_t i, float* scratch) const {
    return is_wide() ? reinterpret_cast<float*>(at(b, h, i)) : scratch;
  }

  int64_t target_stride() const { return is_wide() ? row : width; }

  void finish(int64_t b, int64_t h, int64_t i, int64_t rows, const float* scratch) const {
    if (is_wide()) return;
    for (int64_t r = 0; r < rows; ++r) kernels().narrow(scratch + r * width, at(b, h, i + r), width);
  }
};

struct Attention {
  Operand q, k, v;
  at::Tensor mask;     // fp32, expanded to [B, H, L, S], or undefined
  at::Tensor softmax;  // [B, H, L, 2]
  Draw draw;
  float scale;
  int64_t heads, rows, columns, stride;

  Attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& added, const at::Tensor& sums, Draw mask_draw)
      : q(query), k(key), v(value), mask(added), softmax(sums), draw(mask_draw) {
    scale = static_cast<float>(1 / std::sqrt(static_cast<double>(q.width)));
    heads = query.size(1);
    rows = query.size(2);
    columns = key.size(2);
    stride = padded(columns);
  }

  int64_t tile() const { return std::min(rows, kTileRows); }

  AttentionRows describe(int64_t b, int64_t h, int64_t i, int64_t count, float* scores) const {
    AttentionRows a{};
    a.rows = count;
    a.columns = columns;
    a.stride = stride;
    a.scores = scores;
    if (mask.defined()) {
      a.mask = mask.data_ptr<float>() + b * mask.stride(0) + h * mask.stride(1) + i * mask.stride(2);
      a.mask_stride = mask.stride(2);
    }
    const int64_t row = (b * heads + h) * rows + i;
    a.softmax = softmax.data_ptr<float>() + 2 * row;
    a.draw = draw;
    a.first = static_cast<uint64_t>(row) * static_cast<uint64_t>(columns);
    return a;
  }

  int64_t forward_scratch() const { return tile() * (stride + q.width + v.width) + columns * (q.width + v.width); }

  void forward(int64_t b, int64_t h, const Operand& y, float* scratch) const {
    float* const scores = scratch;
    float* const q_scratch = scores + tile() * stride;
    float* const y_scratch = q_scratch + tile() * q.width;
    float* const k_scratch = y_scratch + tile() * v.width;
    const Matrix key = k.read(b, h, 0, columns, k_scratch), value = v.read(b, h, 0, columns, k_scratch + columns * q.width);
    for (int64_t i = 0; i < rows; i += kTileRows) {
      const int64_t count = std::min(kTileRows, rows - i);
      multiply(count, columns, q.width, scale, q.read(b, h, i, count, q_scratch), key.t(), 0, scores, stride);
      kernels().attention_forward(describe(b, h, i, count, scores));
      multiply(count, v.width, columns, 1, {scores, stride}, value, 0, y.target(b, h, i, y_scratch), y.target_stride());
      y.finish(b, h, i, count, y_scratch);
    }
  }

  int64_t backward_scratch() const {
    return tile() * (2 * stride + 2 * q.width + v.width) + stride + 2 * columns * (q.width + v.width);
  }

  void backward(int64_t b, int64_t h, const Operand& grad, const Operand (&results)[3], float* scratch) const {
    const auto take = [&](int64_t count) { return std::exchange(scratch, scratch + count); };
    float *scores = take(tile() * stride), *grads = take(tile() * stride), *row = take(stride);
    float *q_scratch = take(tile() * q.width), *gq = take(tile() * q.width), *g_scratch = take(tile() * v.width);
    float *k_scratch = take(columns * q.width), *gk = take(columns * q.width);
    float *v_scratch = take(columns * v.width), *gv = take(columns * v.width);
    const Operand &to_q = results[0], &to_k = results[1], &to_v = results[2];
    const Matrix key = k.read(b, h, 0, columns, k_scratch), value = v.read(b, h, 0, columns, v_scratch);
    for (int64_t i = 0; i < rows; i += kTileRows) {
      const int64_t count = std::min(kTileRows, rows - i);
      const float more = i == 0 ? 0.0f : 1.0f;
      const Matrix query = q.read(b, h, i, count, q_scratch), g = grad.read(b, h, i, count, g_scratch);
      multiply(count, columns, q.width, scale, query, key.t(), 0, scores, stride);
      multiply(count, columns, v.width, 1, g, value.t(), 0, grads, stride);
      AttentionRows a = describe(b, h, i, count, scores);
      a.grads = grads;
      a.row = row;
      kernels().attention_backward(a);
      const Matrix p{scores, stride}, ds{grads, stride};
      multiply(columns, v.width, count, 1, p.t(), g, more, to_v.target(b, h, 0, gv), to_v.target_stride());
      multiply(count, q.width, columns, scale, ds, key, 0, to_q.target(b, h, i, gq), to_q.target_stride());
      multiply(columns, q.width, count, scale, ds.t(), query, more, to_k.target(b, h, 0, gk), to_k.target_stride());
      to_q.finish(b, h, i, count, gq);
    }
    to_k.finish(b, h, 0, columns, gk);
    to_v.finish(b, h, 0, columns, gv);
  }
};

// Runs work(b, h, scratch) for every head.
template <class Work>
void each_head(const at::Tensor& query, int64_t scratch, const Work& work) {
  const int64_t size = padded(scratch), heads = query.size(1);
  const at::Tensor space = at::empty({at::get_num_threads(), size}, query.options().dtype(at::kFloat));
  float* const first = space.data_ptr<float>();
  at::parallel_for(0, query.size(0) * heads, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) work(i / heads, i % heads, first + at::get_thread_num() * size);
  });
}

struct AttentionFunction : Function<AttentionFunction> {
  static Variable forward(AutogradContext* context, const Variable& query, const Variable& key, const Variable& value,
                          const c10::optional<at::Tensor>& mask, double p) {
    const uint64_t seed = p > 0 ? next_key() : 0;
    const at::Tensor softmax = at::empty({query.size(0), query.size(1), query.size(2), 2}, query.options().dtype(at::kFloat));
    const at::Tensor added = mask.value_or(at::Tensor());
    const Attention attention(query, key, value, added, softmax, draw(p, seed));
    const at::Tensor y = at::empty({query.size(0), query.size(2), query.size(1), value.size(3)}, query.options()).transpose(1, 2);
    const Operand result(y);
    each_head(query, attention.forward_scratch(), [&](int64_t b, int64_t h, float* scratch) { attention.forward(b, h, result, scratch); });
    context->save_for_backward({query, key, value, added, softmax});
    context->saved_data["key"] = static_cast<int64_t>(seed);
    context->saved_data["p"] = p;
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const variable_list saved = context->get_saved_variables();
    const auto seed = static_cast<uint64_t>(context->saved_data["key"].toInt());
    const Attention attention(saved[0], saved[1], saved[2], saved[3], saved[4], draw(context->saved_data["p"].toDouble(), seed));
    const at::Tensor to_q = Operand::like(saved[0]), to_k = Operand::like(saved[1]), to_v = Operand::like(saved[2]);
    const Operand grad(grads[0]), results[3] = {Operand(to_q), Operand(to_k), Operand(to_v)};
    each_head(saved[0], attention.backward_scratch(),
              [&](int64_t b, int64_t h, float* scratch) { attention.backward(b, h, grad, results, scratch); });
    return {to_q, to_k, to_v, Variable(), Variable()};
  }
};

bool fits_kernels(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const c10::optional<at::Tensor>& mask) {
  return sgemm_ != nullptr && has_kernels(query) && key.is_cpu() && value.is_cpu() && query.dim() <= 4 && query.dim() == key.dim() &&
         query.dim() == value.dim() && query.sizes().slice(0, query.dim() - 2) == key.sizes().slice(0, key.dim() - 2) &&
         key.sizes().slice(0, key.dim() - 2) == value.sizes().slice(0, value.dim() - 2) && query.numel() > 0 && key.numel() > 0 &&
         value.numel() > 0 && (!mask || (mask->is_cpu() && mask->dim() > 0 && mask->dim() <= query.dim() && !(mask->requires_grad() && at::GradMode::is_enabled())));
}

at::Tensor compose(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const c10::optional<at::Tensor>& mask, double p) {
#if TORCH_VERSION_MAJOR >= 2
  if (query.is_cuda()) {
    const bool numbers = mask && mask->scalar_type() != at::kBool;
    return at::scaled_dot_product_attention(query, key, value, numbers ? mask->to(query.scalar_type()) : mask, p);
  }
#endif
  at::Tensor scores = at::matmul(query * (1 / std::sqrt(static_cast<double>(query.size(-1)))), key.transpose(-2, -1));
  if (mask) scores = mask->scalar_type() == at::kBool ? scores.masked_fill(mask->logical_not(), -INFINITY) : scores + *mask;
  return at::matmul(at::dropout(at::softmax(scores, -1), p, true).to(value.scalar_type()), value);
}

// [..., n, m] -> [B, H, n, m].
at::Tensor of_heads(at::Tensor t) {
  while (t.dim() < 4) t = t.unsqueeze(0);
  return t;
}

at::Tensor numbers_of(const at::Tensor& mask, at::IntArrayRef sizes) {
  const at::Tensor numbers = mask.scalar_type() == at::kBool
      ? at::zeros(mask.sizes(), mask.options().dtype(at::kFloat)).masked_fill_(mask.logical_not(), -INFINITY)
      : mask.detach().to(at::kFloat);
  // The last dimension is read in one run; the others may be expanded.
  std::vector<int64_t> whole = numbers.sizes().vec();
  whole.back() = sizes[3];
  return of_heads(numbers.expand(whole)).contiguous().expand(sizes);
}

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const c10::optional<at::Tensor>& mask, double p) {
  TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  TORCH_CHECK(query.dim() >= 2 && key.dim() >= 2 && value.dim() >= 2, "query, key and value must have at least two dimensions");
  TORCH_CHECK(query.size(-1) == key.size(-1), "query and key must have the same last size, not ", query.sizes(), " and ", key.sizes());
  TORCH_CHECK(key.size(-2) == value.size(-2), "key and value must have as many rows, not ", key.sizes(), " and ", value.sizes());
  TORCH_CHECK(query.scalar_type() == key.scalar_type() && key.scalar_type() == value.scalar_type(),
              "query, key and value must have one data type, not ", query.scalar_type(), ", ", key.scalar_type(), " and ", value.scalar_type());
  if (!fits_kernels(query, key, value, mask)) return compose(query, key, value, mask, p);
  const at::ScalarType type = product_type(query);
  const WithoutAutocast guard;
  const at::Tensor q = of_heads(query.to(type)), k = of_heads(key.to(type)), v = of_heads(value.to(type));
  c10::optional<at::Tensor> added;
  if (mask) added = numbers_of(*mask, {q.size(0), q.size(1), q.size(2), k.size(2)});
  at::Tensor y = AttentionFunction::apply(q, k, v, added, p);
  for (int64_t dims = 4; dims > query.dim(); --dims) y = y.squeeze(0);
  return y;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sparserobust, library) {
  library.def("scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? mask, float p) -> Tensor", attention);
}

}  // namespace sr
