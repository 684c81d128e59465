// One AdamW step over all parameters: on the processor in one pass, on a GPU by LibTorch's fused operator, else composed.
#include <cmath>

#include "kernels/kernels.h"
#include "pieces.h"
#include "row_gradient.h"

using sr::add_pieces;
using sr::is_plain;
using sr::Piece;
using sr::RowGradient;

namespace {

bool is_plain_or_none(const at::Tensor& tensor) { return !tensor.defined() || is_plain(tensor); }

at::Tensor optional(const sr_tensor* tensors, int32_t i) { return tensors == nullptr ? at::Tensor() : sr::borrow(tensors[i]); }

at::Tensor fitting(at::Tensor tensor, const at::Tensor& parameter) {
  TORCH_CHECK(!tensor.defined() || tensor.sizes() == parameter.sizes(), "a mask or l1 weight of sizes ",
              tensor.defined() ? tensor.sizes() : parameter.sizes(), " does not fit a parameter of sizes ", parameter.sizes());
  return tensor.defined() ? tensor.contiguous() : tensor;
}

struct Update {
  at::Tensor parameter, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, prox, mask;
  RowGradient rows;  // Instead of grad where only some rows have one.
  double step, bias1, bias2_sqrt;
};

float* data_or_null(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

double prox_threshold(const sr_adamw_options& o) { return o.prox_step == SR_PROX_UNIT ? o.prox_strength : o.lr * o.prox_strength; }

sr::AdamW describe(const Update& u, const Piece& piece, const float* grad, const sr_adamw_options& o) {
  sr::AdamW a{};
  const auto at = [&](const at::Tensor& tensor) { return tensor.defined() ? data_or_null(tensor) + piece.begin : nullptr; };
  a.parameter = at(u.parameter);
  a.grad = grad;
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

void adamw_piece(const Update& u, const Piece& piece, const sr_adamw_options& o) {
  const auto kernel = sr::kernels().adamw;
  if (u.grad.defined())
    kernel(describe(u, piece, u.grad.data_ptr<float>() + piece.begin, o));
  else
    u.rows.each_run(piece.begin, piece.length, [&](int64_t begin, int64_t length, const float* grad) {
      kernel(describe(u, {piece.tensor, begin, length}, grad, o));
    });
}

// sqrt(v_hat) + eps.
at::Tensor denominator(const Update& u, const sr_adamw_options& o) {
  return ((u.max_exp_avg_sq.defined() ? u.max_exp_avg_sq : u.exp_avg_sq).sqrt() / u.bias2_sqrt).add_(o.eps);
}

void constrain(Update& u, const sr_adamw_options& o) {
  if (u.prox.defined()) {
    at::Tensor threshold = u.prox * prox_threshold(o);
    if (o.prox_step == SR_PROX_ADAM_METRIC) threshold.div_(denominator(u, o));
    u.parameter.copy_(u.parameter.sign() * (u.parameter.abs() - threshold).clamp_min_(0));
  }
  if (u.mask.defined()) u.parameter.mul_(u.mask);
}

void adamw_composed(Update& u, const sr_adamw_options& o) {
  const at::Tensor grad = o.maximize ? -u.grad : u.grad;
  u.parameter.mul_(1 - o.lr * o.weight_decay);
  u.exp_avg.mul_(o.beta1).add_(grad, 1 - o.beta1);
  u.exp_avg_sq.mul_(o.beta2).addcmul_(grad, grad, 1 - o.beta2);
  if (u.max_exp_avg_sq.defined()) u.max_exp_avg_sq.copy_(at::maximum(u.max_exp_avg_sq, u.exp_avg_sq));
  u.parameter.addcdiv_(u.exp_avg, denominator(u, o), -(o.lr / u.bias1));
  constrain(u, o);
}

#if TORCH_VERSION_MAJOR >= 2
// Enqueues a few launches for all parameters and waits for nothing. The updates have one device and have made equally many steps.
void adamw_on_gpu(std::vector<Update>& updates, const sr_adamw_options& o) {
  std::vector<at::Tensor> parameters, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs;
  for (const Update& u : updates) {
    parameters.push_back(u.parameter);
    grads.push_back(u.grad);
    exp_avgs.push_back(u.exp_avg);
    exp_avg_sqs.push_back(u.exp_avg_sq);
    if (u.max_exp_avg_sq.defined()) max_exp_avg_sqs.push_back(u.max_exp_avg_sq);
  }
  const std::vector<at::Tensor> steps(updates.size(), at::full({}, updates[0].step, updates[0].exp_avg.options()));
  at::_fused_adamw_(parameters, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, steps, o.lr, o.beta1, o.beta2, o.weight_decay, o.eps,
                    !max_exp_avg_sqs.empty(), o.maximize != 0);
  for (Update& u : updates) constrain(u, o);
}
#endif

// Every update that goes by operators rather than by the kernel.
void adamw_by_operators(std::vector<Update>& updates, const sr_adamw_options& o) {
#if TORCH_VERSION_MAJOR >= 2
  std::vector<Update> together;
  for (Update& u : updates) {
    const bool alike = together.empty() || (together[0].step == u.step && together[0].parameter.device() == u.parameter.device());
    if (!u.parameter.is_cuda() || u.parameter.scalar_type() != at::kFloat || u.grad.scalar_type() != at::kFloat || !alike)
      adamw_composed(u, o);
    else
      together.push_back(u);
  }
  if (!together.empty()) adamw_on_gpu(together, o);
#else
  for (Update& u : updates) adamw_composed(u, o);
#endif
}

}  // namespace

int32_t sr_adamw_step(const sr_adamw_state* state, int32_t count, const sr_adamw_options* options) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<Update> plain, others;
    std::vector<Piece> pieces;
    for (int32_t i = 0; i < count; ++i) {
      Update u;
      u.parameter = sr::borrow(state->parameters[i]);
      u.grad = u.parameter.grad();
      if (!u.grad.defined()) continue;
      u.exp_avg = sr::borrow(state->exp_avgs[i]);
      u.exp_avg_sq = sr::borrow(state->exp_avg_sqs[i]);
      u.max_exp_avg_sq = optional(state->max_exp_avg_sqs, i);
      u.prox = fitting(optional(state->prox_weights, i), u.parameter);
      u.mask = fitting(optional(state->masks, i), u.parameter);
      u.step = static_cast<double>(++state->steps[i]);
      u.bias1 = 1 - std::pow(options->beta1, u.step);
      u.bias2_sqrt = std::sqrt(1 - std::pow(options->beta2, u.step));
      if (is_plain(u.parameter) && u.grad.scalar_type() == at::kFloat && is_plain(u.exp_avg) && is_plain(u.exp_avg_sq) &&
          is_plain_or_none(u.max_exp_avg_sq) && is_plain_or_none(u.prox) && is_plain_or_none(u.mask)) {
        if (u.grad.is_sparse())
          u.rows = RowGradient(std::exchange(u.grad, at::Tensor()));
        else
          u.grad = u.grad.contiguous();
        u.parameter.unsafeGetTensorImpl()->bump_version();
        add_pieces(pieces, static_cast<int32_t>(plain.size()), u.parameter.numel());
        plain.push_back(std::move(u));
      } else {
        u.grad = u.grad.to_dense();
        others.push_back(std::move(u));
      }
    }
    adamw_by_operators(others, *options);
    at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) adamw_piece(plain[pieces[i].tensor], pieces[i], *options);
    });
  });
}
