// One-pass optimizer kernels. Both split their work into fixed chunks, so results do not depend on the thread count.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common.h"
#include "kernels/kernels.h"

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

bool is_plain_or_none(const at::Tensor& tensor) { return !tensor.defined() || is_plain(tensor); }

at::Tensor optional(const sr_tensor* tensors, int32_t i) { return tensors == nullptr ? at::Tensor() : sr::borrow(tensors[i]); }

at::Tensor fitting(at::Tensor tensor, const at::Tensor& parameter) {
  TORCH_CHECK(!tensor.defined() || tensor.sizes() == parameter.sizes(), "a mask or l1 weight of sizes ",
              tensor.defined() ? tensor.sizes() : parameter.sizes(), " does not fit a parameter of sizes ", parameter.sizes());
  return tensor.defined() ? tensor.contiguous() : tensor;
}

struct Update {
  at::Tensor parameter, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, prox, mask;
  double bias1, bias2_sqrt;
};

float* data_or_null(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

double prox_threshold(const sr_adamw_options& o) { return o.prox_step == SR_PROX_UNIT ? o.prox_strength : o.lr * o.prox_strength; }

sr::AdamW describe(const Update& u, const Piece& piece, const sr_adamw_options& o) {
  sr::AdamW a{};
  const auto at = [&](const at::Tensor& tensor) { return tensor.defined() ? data_or_null(tensor) + piece.begin : nullptr; };
  a.parameter = at(u.parameter);
  a.grad = at(u.grad);
  a.exp_avg = at(u.exp_avg);
  a.exp_avg_sq = at(u.exp_avg_sq);
  a.max_exp_avg_sq = at(u.max_exp_avg_sq);
  a.prox = at(u.prox);
  a.mask = at(u.mask);
  a.count = piece.length;
  a.decay = static_cast<float>(1 - o.lr * o.weight_decay);
  a.beta1 = static_cast<float>(o.beta1);
  a.rest1 = static_cast<float>(1 - o.beta1);
  a.beta2 = static_cast<float>(o.beta2);
  a.rest2 = static_cast<float>(1 - o.beta2);
  a.root = static_cast<float>(u.bias2_sqrt);
  a.eps = static_cast<float>(o.eps);
  a.step_size = static_cast<float>(-(o.lr / u.bias1));
  a.sign = o.maximize ? -1.0f : 1.0f;
  a.threshold = static_cast<float>(prox_threshold(o));
  a.adam_metric = o.prox_step == SR_PROX_ADAM_METRIC;
  return a;
}

void adamw_composed(Update& u, const sr_adamw_options& o) {
  const at::Tensor grad = o.maximize ? -u.grad : u.grad;
  u.parameter.mul_(1 - o.lr * o.weight_decay);
  u.exp_avg.mul_(o.beta1).add_(grad, 1 - o.beta1);
  u.exp_avg_sq.mul_(o.beta2).addcmul_(grad, grad, 1 - o.beta2);
  if (u.max_exp_avg_sq.defined()) u.max_exp_avg_sq.copy_(at::maximum(u.max_exp_avg_sq, u.exp_avg_sq));
  const at::Tensor& square = u.max_exp_avg_sq.defined() ? u.max_exp_avg_sq : u.exp_avg_sq;
  const at::Tensor scale = (square.sqrt() / u.bias2_sqrt).add_(o.eps);
  u.parameter.addcdiv_(u.exp_avg, scale, -(o.lr / u.bias1));
  if (u.prox.defined()) {
    at::Tensor threshold = u.prox * prox_threshold(o);
    if (o.prox_step == SR_PROX_ADAM_METRIC) threshold.div_(scale);
    u.parameter.copy_(u.parameter.sign() * (u.parameter.abs() - threshold).clamp_min_(0));
  }
  if (u.mask.defined()) u.parameter.mul_(u.mask);
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

int32_t sr_adamw_step(const sr_adamw_state* state, int32_t count, const sr_adamw_options* options) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<Update> plain;
    std::vector<Piece> pieces;
    for (int32_t i = 0; i < count; ++i) {
      Update u;
      u.parameter = sr::borrow(state->parameters[i]);
      u.grad = u.parameter.grad();
      if (!u.grad.defined()) continue;
      TORCH_CHECK(u.grad.layout() == c10::kStrided, "AdamW does not support sparse gradients");
      u.exp_avg = sr::borrow(state->exp_avgs[i]);
      u.exp_avg_sq = sr::borrow(state->exp_avg_sqs[i]);
      u.max_exp_avg_sq = optional(state->max_exp_avg_sqs, i);
      u.prox = fitting(optional(state->prox_weights, i), u.parameter);
      u.mask = fitting(optional(state->masks, i), u.parameter);
      const double step = static_cast<double>(++state->steps[i]);
      u.bias1 = 1 - std::pow(options->beta1, step);
      u.bias2_sqrt = std::sqrt(1 - std::pow(options->beta2, step));
      if (is_plain(u.parameter) && u.grad.scalar_type() == at::kFloat && is_plain(u.exp_avg) && is_plain(u.exp_avg_sq) &&
          is_plain_or_none(u.max_exp_avg_sq) && is_plain_or_none(u.prox) && is_plain_or_none(u.mask)) {
        u.grad = u.grad.contiguous();
        u.parameter.unsafeGetTensorImpl()->bump_version();
        add_pieces(pieces, static_cast<int32_t>(plain.size()), u.parameter.numel());
        plain.push_back(std::move(u));
      } else {
        adamw_composed(u, *options);
      }
    }
    const auto kernel = sr::kernels().adamw;
    at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) kernel(describe(plain[pieces[i].tensor], pieces[i], *options));
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
