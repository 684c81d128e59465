// LayerNorm(dropout(x) + residual), row by row: [rows, width].
namespace {

template <class X, class R>
void add_norm_forward(const AddNorm& a, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    const int64_t base = row * a.width;
    const X* x = static_cast<const X*>(a.x) + base;
    const R* residual = static_cast<const R*>(a.residual) + base;
    R* total = static_cast<R*>(a.total) + base;
    R* y = static_cast<R*>(a.y) + base;
    Floats lanes = {};
    for (int64_t i = 0; i < a.width; i += kLanes) {
      const int64_t count = a.width - i;
      Floats value, other, factors;
      load(x + i, count, value);
      load(residual + i, count, other);
      if (a.draw.threshold != 0) {
        dropout_factors(a.draw, static_cast<uint64_t>(base + i), factors);
        value *= factors;
      }
      value += other;
      store(total + i, count, value);
      load(total + i, count, value);  // as rounded
      lanes += value;
    }
    const float mean = sum(lanes) / static_cast<float>(a.width);
    Floats squares = {};
    for (int64_t i = 0; i < a.width; i += kLanes) {
      Floats value;
      load(total + i, a.width - i, value);
      value -= mean;
      keep_first(value, a.width - i);
      squares += value * value;
    }
    const float rstd = 1.0f / __builtin_sqrtf(sum(squares) / static_cast<float>(a.width) + a.eps);
    for (int64_t i = 0; i < a.width; i += kLanes) {
      const int64_t count = a.width - i;
      Floats value, weight, bias;
      load(total + i, count, value);
      load(a.weight + i, count, weight);
      load(a.bias + i, count, bias);
      store(y + i, count, (value - mean) * rstd * weight + bias);
    }
    a.mean[row] = mean;
    a.rstd[row] = rstd;
  }
}

// Gradients to x and residual, and the chunk's share of those to weight and bias: share is [2, width], starting from zero.
template <class X, class R>
void add_norm_backward(const AddNorm& a, int64_t begin, int64_t end, float* share) {
  float* weight_share = share;
  float* bias_share = share + a.width;
  for (int64_t row = begin; row < end; ++row) {
    const int64_t base = row * a.width;
    const R* total = static_cast<const R*>(a.total) + base;
    const R* grad = static_cast<const R*>(a.grad) + base;
    X* grad_x = static_cast<X*>(a.grad_x) + base;
    R* grad_residual = static_cast<R*>(a.grad_residual) + base;
    const float mean = a.mean[row], rstd = a.rstd[row];
    Floats sums = {}, products = {};
    for (int64_t i = 0; i < a.width; i += kLanes) {
      const int64_t count = a.width - i;
      Floats value, g, weight, weights, biases;
      load(total + i, count, value);
      load(grad + i, count, g);
      load(a.weight + i, count, weight);
      load(weight_share + i, count, weights);
      load(bias_share + i, count, biases);
      const Floats normal = (value - mean) * rstd;
      store(weight_share + i, count, weights + g * normal);
      store(bias_share + i, count, biases + g);
      g *= weight;  // zero beyond the row's end
      sums += g;
      products += g * normal;
    }
    const float first = sum(sums) / static_cast<float>(a.width), second = sum(products) / static_cast<float>(a.width);
    for (int64_t i = 0; i < a.width; i += kLanes) {
      const int64_t count = a.width - i;
      Floats value, g, weight, factors;
      load(total + i, count, value);
      load(grad + i, count, g);
      load(a.weight + i, count, weight);
      const Floats normal = (value - mean) * rstd;
      const Floats result = (g * weight - first - normal * second) * rstd;
      store(grad_residual + i, count, result);
      if (a.draw.threshold == 0) {
        store(grad_x + i, count, result);
      } else {
        dropout_factors(a.draw, static_cast<uint64_t>(base + i), factors);
        store(grad_x + i, count, result * factors);
      }
    }
  }
}

}  // namespace
