// Cross-entropy against a bias model: the mean over rows of -log softmax(log softmax(z) + b)[c]. The inner normalisation cancels, so
// one pass over z + b gives the loss and, as softmax(z + b) - onehot(c), its gradient. A row of a few numbers is computed in double
// precision here; a row of many, such as a vocabulary's, by LibTorch's vectorised operators.
#include <cmath>

#include "fused.h"

namespace sr {

namespace {

constexpr int64_t kFewClasses = 64;

void require_classes(const at::Tensor& labels, int64_t classes) {
  const int64_t* const label = labels.data_ptr<int64_t>();
  for (int64_t row = 0; row < labels.size(0); ++row)
    TORCH_CHECK_INDEX(label[row] >= 0 && label[row] < classes, "label ", label[row], " of row ", row, " is not one of the ", classes, " classes");
}

// The loss of a row; its gradient, times scale, goes to grad.
double row_loss(const float* z, const float* b, int64_t classes, int64_t label, double scale, float* grad) {
  const auto score = [&](int64_t j) { return static_cast<double>(z[j]) + (b == nullptr ? 0 : b[j]); };
  double largest = score(0);
  for (int64_t j = 1; j < classes; ++j) largest = std::max(largest, score(j));
  double total = 0;
  for (int64_t j = 0; j < classes; ++j) total += std::exp(score(j) - largest);
  for (int64_t j = 0; j < classes; ++j)
    grad[j] = static_cast<float>(scale * (std::exp(score(j) - largest) / total - (j == label ? 1 : 0)));
  return largest + std::log(total) - score(label);
}

struct CrossEntropyWithBias : Function<CrossEntropyWithBias> {
  static Variable forward(AutogradContext* context, const Variable& logits, const Variable& labels, const Variable& bias) {  // no bias: no entries
    const at::Tensor z = logits.to(at::kFloat).contiguous(), targets = labels.contiguous();
    const at::Tensor b = bias.to(at::kFloat).contiguous();
    const int64_t rows = z.size(0), classes = z.size(1);
    const at::Tensor grad = at::empty_like(z);
    double sum = 0;
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t label = targets.data_ptr<int64_t>()[row];
      sum += row_loss(z.data_ptr<float>() + row * classes, b.numel() > 0 ? b.data_ptr<float>() + row * classes : nullptr, classes,
                      label, 1.0 / static_cast<double>(rows), grad.data_ptr<float>() + row * classes);
    }
    context->save_for_backward({grad});
    context->saved_data["type"] = logits.scalar_type();
    return at::full({}, sum / static_cast<double>(rows), z.options());
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const at::Tensor grad = context->get_saved_variables()[0] * grads[0];
    return {grad.to(context->saved_data["type"].toScalarType()), Variable(), Variable()};
  }
};

at::Tensor cross_entropy_with_bias(const at::Tensor& logits, const at::Tensor& labels, const c10::optional<at::Tensor>& bias) {
  TORCH_CHECK(logits.dim() == 2 && logits.numel() > 0 && labels.dim() == 1 && labels.size(0) == logits.size(0) &&
                  labels.scalar_type() == at::kLong,
              "expected logits [rows, classes] and one int64 label a row, not ", logits.sizes(), " and ", labels.sizes());
  const bool biased = bias.has_value() && bias->defined();
  TORCH_CHECK(!biased || bias->sizes() == logits.sizes(), "the bias must have the sizes of the logits, ", logits.sizes(), ", not ",
              biased ? bias->sizes() : logits.sizes());
  // On a GPU LibTorch's own check stops the device instead: reading the labels here would wait for it.
  if (labels.is_cpu()) require_classes(labels.contiguous(), logits.size(1));
  const at::Tensor b = biased ? bias->detach() : at::empty({0}, logits.options().requires_grad(false));
  if (has_kernels(logits) && labels.is_cpu() && b.is_cpu() && logits.size(1) <= kFewClasses) return CrossEntropyWithBias::apply(logits, labels, b);
  const at::Tensor z = logits.scalar_type() == at::kDouble ? logits : logits.to(at::kFloat);
  return at::cross_entropy_loss(biased ? z + b : z, labels);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sparserobust, library) {
  library.def("cross_entropy_with_bias(Tensor logits, Tensor labels, Tensor? bias_log_probs) -> Tensor", cross_entropy_with_bias);
}

}  // namespace sr
