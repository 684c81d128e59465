// One-pass optimizer kernels. Both split their work into fixed chunks, so results do not depend on the thread count.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common.h"

namespace {

constexpr int64_t kChunk = 1 << 15;

struct Piece {
  int32_t tensor;
  int64_t begin;
  int64_t length;
};

void add_pieces(std::vector<Piece>& pieces, int32_t tensor, int64_t numel) {
  for (int64_t begin = 0; begin < numel; begin += kChunk)
    pieces.push_back({tensor, begin, std::min(kChunk, numel - begin)});
}

bool is_plain(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == c10::kStrided &&
         tensor.is_contiguous();
}

struct Update {
  at::Tensor parameter, grad, exp_avg, exp_avg_sq, max_exp_avg_sq;
  double bias1, bias2_sqrt;
};

// The order of operations is PyTorch's, in single precision.
void adamw_piece(const Update& update, const Piece& piece, const sr_adamw_options& o) {
  float* __restrict p = update.parameter.data_ptr<float>() + piece.begin;
  const float* __restrict g = update.grad.data_ptr<float>() + piece.begin;
  float* __restrict m = update.exp_avg.data_ptr<float>() + piece.begin;
  float* __restrict v = update.exp_avg_sq.data_ptr<float>() + piece.begin;
  const bool amsgrad = update.max_exp_avg_sq.defined();
  float* x = amsgrad ? update.max_exp_avg_sq.data_ptr<float>() + piece.begin : v;
  const float decay = static_cast<float>(1 - o.lr * o.weight_decay);
  const float beta1 = static_cast<float>(o.beta1), rest1 = static_cast<float>(1 - o.beta1);
  const float beta2 = static_cast<float>(o.beta2), rest2 = static_cast<float>(1 - o.beta2);
  const float root = static_cast<float>(update.bias2_sqrt), eps = static_cast<float>(o.eps);
  const float step_size = static_cast<float>(-(o.lr / update.bias1));
  const float sign = o.maximize ? -1.0f : 1.0f;
  if (amsgrad) {
    for (int64_t i = 0; i < piece.length; ++i) {
      const float grad = sign * g[i];
      m[i] = m[i] * beta1 + rest1 * grad;
      v[i] = v[i] * beta2 + rest2 * grad * grad;
      x[i] = x[i] > v[i] ? x[i] : v[i];
      p[i] = p[i] * decay + step_size * (m[i] / (std::sqrt(x[i]) / root + eps));
    }
    return;
  }
  for (int64_t i = 0; i < piece.length; ++i) {
    const float grad = sign * g[i];
    const float first = m[i] * beta1 + rest1 * grad;
    const float second = v[i] * beta2 + rest2 * grad * grad;
    m[i] = first;
    v[i] = second;
    p[i] = p[i] * decay + step_size * (first / (std::sqrt(second) / root + eps));
  }
}

void adamw_composed(Update& u, const sr_adamw_options& o) {
  const at::Tensor grad = o.maximize ? -u.grad : u.grad;
  u.parameter.mul_(1 - o.lr * o.weight_decay);
  u.exp_avg.mul_(o.beta1).add_(grad, 1 - o.beta1);
  u.exp_avg_sq.mul_(o.beta2).addcmul_(grad, grad, 1 - o.beta2);
  if (u.max_exp_avg_sq.defined()) u.max_exp_avg_sq.copy_(at::maximum(u.max_exp_avg_sq, u.exp_avg_sq));
  const at::Tensor& square = u.max_exp_avg_sq.defined() ? u.max_exp_avg_sq : u.exp_avg_sq;
  u.parameter.addcdiv_(u.exp_avg, (square.sqrt() / u.bias2_sqrt).add_(o.eps), -(o.lr / u.bias1));
}

double sum_of_squares(const float* values, int64_t length) {
  constexpr int64_t kLanes = 16;
  double lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= length; i += kLanes)
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const double value = values[i + lane];
      lanes[lane] += value * value;
    }
  for (; i < length; ++i) lanes[0] += static_cast<double>(values[i]) * values[i];
  double sum = 0;
  for (double lane : lanes) sum += lane;
  return sum;
}

double total_norm_of(const std::vector<at::Tensor>& grads, double norm_type) {
  if (norm_type == 2.0 && std::all_of(grads.begin(), grads.end(), is_plain)) {
    std::vector<Piece> pieces;
    for (size_t i = 0; i < grads.size(); ++i) add_pieces(pieces, static_cast<int32_t>(i), grads[i].numel());
    std::vector<double> sums(pieces.size());
    at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        sums[i] = sum_of_squares(grads[pieces[i].tensor].data_ptr<float>() + pieces[i].begin, pieces[i].length);
    });
    double total = 0;
    for (double sum : sums) total += sum;
    return std::sqrt(total);
  }
  std::vector<at::Tensor> norms;
  for (const at::Tensor& grad : grads) norms.push_back(at::norm(grad.to(at::kDouble), norm_type).cpu());
  return std::isinf(norm_type) ? at::stack(norms).max().item<double>() : at::norm(at::stack(norms), norm_type).item<double>();
}

}  // namespace

int32_t sr_adamw_step(const sr_tensor* parameters, const sr_tensor* exp_avgs, const sr_tensor* exp_avg_sqs,
                      const sr_tensor* max_exp_avg_sqs, int64_t* steps, int32_t count, const sr_adamw_options* options) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<Update> plain;
    std::vector<Piece> pieces;
    for (int32_t i = 0; i < count; ++i) {
      Update u;
      u.parameter = sr::borrow(parameters[i]);
      u.grad = u.parameter.grad();
      if (!u.grad.defined()) continue;
      TORCH_CHECK(u.grad.layout() == c10::kStrided, "AdamW does not support sparse gradients");
      u.exp_avg = sr::borrow(exp_avgs[i]);
      u.exp_avg_sq = sr::borrow(exp_avg_sqs[i]);
      if (max_exp_avg_sqs != nullptr) u.max_exp_avg_sq = sr::borrow(max_exp_avg_sqs[i]);
      const double step = static_cast<double>(++steps[i]);
      u.bias1 = 1 - std::pow(options->beta1, step);
      u.bias2_sqrt = std::sqrt(1 - std::pow(options->beta2, step));
      if (is_plain(u.parameter) && u.grad.scalar_type() == at::kFloat && is_plain(u.exp_avg) && is_plain(u.exp_avg_sq) &&
          (!u.max_exp_avg_sq.defined() || is_plain(u.max_exp_avg_sq))) {
        u.grad = u.grad.contiguous();
        u.parameter.unsafeGetTensorImpl()->bump_version();
        add_pieces(pieces, static_cast<int32_t>(plain.size()), u.parameter.numel());
        plain.push_back(std::move(u));
      } else {
        adamw_composed(u, *options);
      }
    }
    at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) adamw_piece(plain[pieces[i].tensor], pieces[i], *options);
    });
  });
}

int32_t sr_clip_grad_norm(const sr_tensor* parameters, int32_t count, double max_norm, double norm_type,
                          double* total_norm) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> grads;
    for (int32_t i = 0; i < count; ++i) {
      const at::Tensor grad = sr::borrow(parameters[i]).grad();
      if (grad.defined()) grads.push_back(grad);
    }
    *total_norm = grads.empty() ? 0.0 : total_norm_of(grads, norm_type);
    const double factor = max_norm / (*total_norm + 1e-6);
    if (factor < 1.0 || std::isnan(factor))
      for (at::Tensor& grad : grads) grad.mul_(factor);
  });
}
