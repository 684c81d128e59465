// What the fused operators share. Each lives in a file of its own, registers itself with LibTorch's dispatcher as
// sparserobust::NAME, so that the generic door reaches it like any other operator, and is written twice: by kernels for fp32
// and bf16 on the processor, and composed of LibTorch's operators for every other tensor (double, CUDA).
#ifndef SPARSEROBUST_TORCH_FUSED_H
#define SPARSEROBUST_TORCH_FUSED_H

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "../common.h"
#include "../kernels/kernels.h"

namespace sr {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::Variable;
using torch::autograd::variable_list;

// True when the kernels can compute on the tensor after contiguous().
inline bool has_kernels(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.layout() == c10::kStrided &&
         (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kBFloat16);
}

inline Element element(const at::Tensor& tensor) {
  return tensor.scalar_type() == at::kFloat ? kFloat32 : kBFloat16;
}

// The data type of a matrix product of the tensor: autocast's inside its region, else the tensor's own.
inline at::ScalarType product_type(const at::Tensor& tensor) {
  const auto device = tensor.device().type();
  if (tensor.scalar_type() == at::kDouble || !tensor.is_floating_point()) return tensor.scalar_type();
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  return at::autocast::is_autocast_enabled(device) ? at::autocast::get_autocast_dtype(device) : tensor.scalar_type();
#else
  if (device == at::kCPU && at::autocast::is_cpu_enabled()) return at::autocast::get_autocast_cpu_dtype();
  if (device == at::kCUDA && at::autocast::is_enabled()) return at::autocast::get_autocast_gpu_dtype();
  return tensor.scalar_type();
#endif
}

// Inside, autocast leaves data types alone.
struct WithoutAutocast : c10::impl::ExcludeDispatchKeyGuard {
  WithoutAutocast() : ExcludeDispatchKeyGuard(c10::autocast_dispatch_keyset) {}
};

// A new key for dropout, drawn from the default generator of the processor: seeded and saved with it.
uint64_t next_key();

// Dropout with probability p; p in [0, 1].
Draw draw(double p, uint64_t key);

}  // namespace sr

#endif
