// LayerNorm(dropout(x) + residual) in one pass forward and one backward. Kept for backward: the sum as stored, and two numbers a
// row; the mask is computed again. Arithmetic is in single precision; the sum and the result have the residual's data type.
#include "fused.h"

namespace sr {

namespace {

constexpr int64_t kRowGrain = 16;
constexpr int64_t kShares = 64;  // of the rows, each with its own sums for weight and bias, whatever the threads

bool fits_kernels(const at::Tensor& x, const at::Tensor& residual, const at::Tensor& weight, const at::Tensor& bias) {
  return has_kernels(x) && has_kernels(residual) && x.sizes() == residual.sizes() && x.numel() > 0 &&
         weight.is_cpu() && bias.is_cpu() && weight.scalar_type() == at::kFloat && bias.scalar_type() == at::kFloat;
}

AddNorm describe(const at::Tensor& total, const at::Tensor& weight, const at::Tensor& mean, const at::Tensor& rstd, Draw mask) {
  AddNorm a{};
  a.width = total.size(-1);
  a.draw = mask;
  a.weight = weight.data_ptr<float>();
  a.total = total.data_ptr();
  a.mean = mean.data_ptr<float>();
  a.rstd = rstd.data_ptr<float>();
  return a;
}

struct DropoutAddNorm : Function<DropoutAddNorm> {
  static Variable forward(AutogradContext* context, const Variable& input, const Variable& residual, const Variable& weight,
                          const Variable& bias, double p, double eps) {
    const at::Tensor x = input.contiguous(), r = residual.contiguous(), scale = weight.contiguous(), shift = bias.contiguous();
    const int64_t rows = x.numel() / x.size(-1);
    const at::Tensor total = at::empty_like(r), y = at::empty_like(r);
    const at::Tensor mean = at::empty({rows}, scale.options()), rstd = at::empty({rows}, scale.options());
    const uint64_t key = p > 0 ? next_key() : 0;
    AddNorm a = describe(total, scale, mean, rstd, draw(p, key));
    a.eps = static_cast<float>(eps);
    a.bias = shift.data_ptr<float>();
    a.x = x.data_ptr();
    a.residual = r.data_ptr();
    a.y = y.data_ptr();
    const auto kernel = kernels().add_norm_forward[element(x)][element(r)];
    at::parallel_for(0, rows, kRowGrain, [&](int64_t begin, int64_t end) { kernel(a, begin, end); });
    context->save_for_backward({total, scale, mean, rstd});
    context->saved_data["key"] = static_cast<int64_t>(key);
    context->saved_data["p"] = p;
    context->saved_data["type"] = x.scalar_type();
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &total = saved[0], &weight = saved[1];
    const at::Tensor grad = grads[0].contiguous();
    const at::Tensor grad_x = at::empty_like(total, total.options().dtype(context->saved_data["type"].toScalarType()));
    const at::Tensor grad_residual = at::empty_like(total);
    const auto key = static_cast<uint64_t>(context->saved_data["key"].toInt());
    AddNorm a = describe(total, weight, saved[2], saved[3], draw(context->saved_data["p"].toDouble(), key));
    a.grad = grad.data_ptr();
    a.grad_x = grad_x.data_ptr();
    a.grad_residual = grad_residual.data_ptr();
    const int64_t rows = total.numel() / a.width, share = (rows + kShares - 1) / kShares, shares = (rows + share - 1) / share;
    const at::Tensor sums = at::zeros({shares, 2, a.width}, weight.options());
    float* const first = sums.data_ptr<float>();
    const auto kernel = kernels().add_norm_backward[element(grad_x)][element(total)];
    at::parallel_for(0, shares, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        kernel(a, i * share, std::min((i + 1) * share, rows), first + i * 2 * a.width);
    });
    for (int64_t i = 1; i < shares; ++i)
      for (int64_t j = 0; j < 2 * a.width; ++j) first[j] += first[i * 2 * a.width + j];
    return {grad_x, grad_residual, sums[0][0].clone(), sums[0][1].clone(), Variable(), Variable()};
  }
};

at::Tensor dropout_add_norm(const at::Tensor& input, const at::Tensor& residual, const at::Tensor& weight,
                            const at::Tensor& bias, double p, bool train, double eps) {
  TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  TORCH_CHECK(input.dim() > 0 && input.sizes() == residual.sizes(), "input and residual must have the same sizes, not ",
              input.sizes(), " and ", residual.sizes());
  TORCH_CHECK(weight.dim() == 1 && weight.size(0) == input.size(-1) && bias.sizes() == weight.sizes(),
              "weight and bias must have sizes [", input.size(-1), "], not ", weight.sizes(), " and ", bias.sizes());
  const double probability = train ? p : 0;
  if (fits_kernels(input, residual, weight, bias))
    return DropoutAddNorm::apply(input, residual, weight, bias, probability, eps);
  return at::layer_norm(at::dropout(input, probability, train) + residual, {input.size(-1)}, weight, bias, eps);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sparserobust, library) {
  library.def(
      "dropout_add_norm(Tensor input, Tensor residual, Tensor weight, Tensor bias, float p, bool train, float eps) -> Tensor",
      dropout_add_norm);
}

}  // namespace sr
