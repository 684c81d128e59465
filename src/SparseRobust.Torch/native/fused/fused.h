// What the fused operators share. Each lives in a file of its own, registers itself with LibTorch's dispatcher as
// sparserobust::NAME, so that the generic door reaches it like any other operator, and is written twice: by kernels for fp32
// and bf16 on the processor, and composed of LibTorch's operators for every other tensor (double, CUDA).
#ifndef SPARSEROBUST_TORCH_FUSED_H
#define SPARSEROBUST_TORCH_FUSED_H

#include <ATen/Parallel.h>
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

// A new key for dropout, drawn from the default generator of the processor: seeded and saved with it.
uint64_t next_key();

// Dropout with probability p; p in [0, 1].
Draw draw(double p, uint64_t key);

}  // namespace sr

#endif
