// y = x (W * 1[scores > threshold])^T + b with the straight-through gradient. The masked weight is computed again in backward, so
// between the two nothing of the weight's size is kept; the scores' gradient is one product and one pass over it.
#include "fused.h"

namespace sr {

namespace {

constexpr int64_t kGrain = 1 << 14;

char* entry(const at::Tensor& tensor, int64_t i) { return static_cast<char*>(tensor.data_ptr()) + i * tensor.element_size(); }

// The threshold is rounded to the scores' type first, as LibTorch's comparison with a single number does.
at::Tensor masked(const at::Tensor& weight, const at::Tensor& scores, const at::Tensor& threshold, at::ScalarType type) {
  const at::Tensor limit = threshold.reshape({});
  if (!has_kernels(weight) || !has_kernels(scores) || !limit.is_cpu() || (type != at::kFloat && type != at::kBFloat16))
    return at::where(scores > limit, weight, at::zeros({}, weight.options())).to(type);
  const at::Tensor w = weight.contiguous(), s = scores.contiguous();
  const at::Tensor y = at::empty(w.sizes(), w.options().dtype(type));
  const auto kernel = kernels().mask_weight[element(w)][element(s)][element(y)];
  const float bound = limit.to(s.scalar_type()).item<float>();
  at::parallel_for(0, w.numel(), kGrain, [&](int64_t begin, int64_t end) {
    kernel(entry(w, begin), entry(s, begin), bound, entry(y, begin), end - begin);
  });
  return y;
}

// The gradient of the masked weight times the weight, in the place of the former where it is of the scores' type.
at::Tensor times_weight(const at::Tensor& grad, const at::Tensor& weight, const at::Tensor& scores) {
  if (!has_kernels(grad) || !grad.is_contiguous() || !has_kernels(weight) || !has_kernels(scores))
    return (grad * weight).to(scores.scalar_type());
  const at::Tensor w = weight.contiguous();
  const at::Tensor y = grad.scalar_type() == scores.scalar_type() ? grad : at::empty(w.sizes(), scores.options());
  const auto kernel = kernels().score_gradient[element(grad)][element(w)][element(y)];
  at::parallel_for(0, w.numel(), kGrain, [&](int64_t begin, int64_t end) {
    kernel(entry(grad, begin), entry(w, begin), entry(y, begin), end - begin);
  });
  return y;
}

struct MaskedLinear : Function<MaskedLinear> {
  static Variable forward(AutogradContext* context, const Variable& input, const Variable& weight, const Variable& scores,
                          const c10::optional<at::Tensor>& bias, const at::Tensor& threshold) {
    context->save_for_backward({input, weight, scores, threshold});
    context->saved_data["input"] = input.requires_grad();
    context->saved_data["weight"] = weight.requires_grad();
    context->saved_data["scores"] = scores.requires_grad();
    context->saved_data["bias"] = bias && bias->requires_grad();
    return at::linear(input, masked(weight, scores, threshold, input.scalar_type()), bias);
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const WithoutAutocast guard;
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1], &scores = saved[2], &threshold = saved[3];
    const auto wants = [&](const char* name) { return context->saved_data[name].toBool(); };
    const at::Tensor grad = grads[0].reshape({-1, weight.size(0)});
    variable_list results(5);
    if (wants("bias")) results[3] = grad.sum(0);
    if (wants("weight") || wants("scores")) {
      const at::Tensor masked_grad = grad.t().mm(input.reshape({-1, weight.size(1)}));
      if (wants("weight")) results[1] = masked(masked_grad, scores, threshold, weight.scalar_type());
      if (wants("scores")) results[2] = times_weight(masked_grad, weight, scores);
    }
    if (wants("input"))
      results[0] = grad.mm(masked(weight, scores, threshold, grad.scalar_type())).reshape(input.sizes());
    return results;
  }
};

at::Tensor masked_linear(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& scores, const at::Tensor& threshold,
                         const c10::optional<at::Tensor>& bias) {
  TORCH_CHECK(weight.dim() == 2 && input.dim() > 0 && input.size(-1) == weight.size(1), "input must end in the weight's last size, not ",
              input.sizes(), " with a weight of ", weight.sizes());
  TORCH_CHECK(scores.sizes() == weight.sizes(), "scores must have the weight's sizes ", weight.sizes(), ", not ", scores.sizes());
  TORCH_CHECK(threshold.numel() == 1, "threshold must be one number, not of sizes ", threshold.sizes());
  const bool has_bias = bias.has_value() && bias->defined();
  TORCH_CHECK(!has_bias || (bias->dim() == 1 && bias->size(0) == weight.size(0)), "bias must have sizes [", weight.size(0), "], not ",
              has_bias ? bias->sizes() : weight.sizes());
  const at::ScalarType type = product_type(input);
  const WithoutAutocast guard;
  const c10::optional<at::Tensor> shift = has_bias ? c10::make_optional(bias->to(type)) : c10::nullopt;
  return MaskedLinear::apply(input.to(type), weight, scores, shift, threshold.detach());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sparserobust, library) {
  library.def("masked_linear(Tensor input, Tensor weight, Tensor scores, Tensor threshold, Tensor? bias) -> Tensor", masked_linear);
}

}  // namespace sr
