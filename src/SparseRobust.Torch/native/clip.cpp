// Clipping gradients by their common norm.
#include <cmath>

#include "pieces.h"

using sr::add_pieces;
using sr::is_plain;
using sr::Piece;

namespace {

std::vector<at::Tensor> gradients(const sr_tensor* parameters, int32_t count) {
  std::vector<at::Tensor> grads;
  for (int32_t i = 0; i < count; ++i) {
    const at::Tensor parameter = sr::borrow(parameters[i]);
    at::Tensor grad = parameter.grad();
    if (!grad.defined()) continue;
    if (grad.is_sparse()) parameter.mutable_grad() = grad = grad.coalesce();  // A row that occurs twice counts once, with its sum.
    grads.push_back(grad.is_sparse() ? grad.values() : grad);
  }
  return grads;
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

double clip(std::vector<at::Tensor>& grads, double max_norm, double norm_type) {
  const double total = grads.empty() ? 0.0 : total_norm_of(grads, norm_type);
  const double factor = max_norm / (total + 1e-6);
  if (factor < 1.0 || std::isnan(factor))
    for (at::Tensor& grad : grads) grad.mul_(factor);
  return total;
}

}  // namespace

int32_t sr_clip_grad_norm(const sr_tensor* parameters, int32_t count, double max_norm, double norm_type, double* total_norm) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> grads = gradients(parameters, count);
    *total_norm = clip(grads, max_norm, norm_type);
  });
}

int32_t sr_clip_grad_norm_on_device(const sr_tensor* parameters, int32_t count, double max_norm, sr_tensor* total_norm) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> grads = gradients(parameters, count);
    if (grads.empty() || grads[0].is_cpu()) {
      *total_norm = sr::release(at::scalar_tensor(clip(grads, max_norm, 2.0), at::kDouble));
      return;
    }
    const at::Tensor total = at::stack(at::_foreach_norm(grads, 2)).norm();
    at::_foreach_mul_(grads, std::vector<at::Tensor>(grads.size(), (max_norm / (total + 1e-6)).clamp_max(1.0)));
    *total_norm = sr::release(total);
  });
}
