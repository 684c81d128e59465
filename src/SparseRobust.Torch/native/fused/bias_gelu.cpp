// GELU(x + bias), exact, in one pass forward and one backward. Kept for backward: x and the bias.
#include "fused.h"

namespace sr {

namespace {

constexpr int64_t kRowGrain = 4;
constexpr int64_t kShares = 64;  // of the rows, each with its own sum for the bias, whatever the threads

BiasGelu describe(const at::Tensor& x, const at::Tensor& bias, const at::Tensor& y) {
  BiasGelu a{};
  a.width = x.size(-1);
  a.bias = bias.data_ptr<float>();
  a.x = x.data_ptr();
  a.y = y.data_ptr();
  return a;
}

struct BiasGeluFunction : Function<BiasGeluFunction> {
  static Variable forward(AutogradContext* context, const Variable& input, const Variable& bias) {
    const at::Tensor x = input.contiguous(), b = bias.to(at::kFloat).contiguous(), y = at::empty_like(x);
    const BiasGelu a = describe(x, b, y);
    const auto kernel = kernels().bias_gelu_forward[element(x)];
    at::parallel_for(0, x.numel() / a.width, kRowGrain, [&](int64_t begin, int64_t end) { kernel(a, begin, end); });
    context->save_for_backward({x, b});
    context->saved_data["type"] = bias.scalar_type();
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor grad = grads[0].contiguous(), result = at::empty_like(saved[0]);
    BiasGelu a = describe(saved[0], saved[1], result);
    a.grad = grad.data_ptr();
    const int64_t rows = grad.numel() / a.width, share = (rows + kShares - 1) / kShares, shares = (rows + share - 1) / share;
    const at::Tensor sums = at::zeros({shares, a.width}, saved[1].options());
    float* const first = sums.data_ptr<float>();
    const auto kernel = kernels().bias_gelu_backward[element(grad)];
    at::parallel_for(0, shares, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) kernel(a, i * share, std::min((i + 1) * share, rows), first + i * a.width);
    });
    for (int64_t i = 1; i < shares; ++i)
      for (int64_t j = 0; j < a.width; ++j) first[j] += first[i * a.width + j];
    return {result, sums[0].to(context->saved_data["type"].toScalarType(), /*non_blocking=*/false, /*copy=*/true)};
  }
};

at::Tensor bias_gelu(const at::Tensor& input, const at::Tensor& bias) {
  TORCH_CHECK(input.dim() > 0 && bias.dim() == 1 && bias.size(0) == input.size(-1), "bias must have sizes [",
              input.dim() > 0 ? input.size(-1) : 0, "], not ", bias.sizes());
  if (has_kernels(input) && has_kernels(bias) && input.numel() > 0) return BiasGeluFunction::apply(input, bias);
  return at::gelu(input + bias.to(input.scalar_type()));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sparserobust, library) { library.def("bias_gelu(Tensor input, Tensor bias) -> Tensor", bias_gelu); }

}  // namespace sr
