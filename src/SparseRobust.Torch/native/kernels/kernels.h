// The inner loops of the fused operators: plain C++ over raw pointers, compiled once for each instruction set.
//
// Every loop does its arithmetic in single precision in a fixed order without contraction, so all instruction sets and
// thread counts give the same bits. Arrays of two are indexed by Element: the same loop for fp32 and for bf16 storage.
#ifndef SPARSEROBUST_TORCH_KERNELS_H
#define SPARSEROBUST_TORCH_KERNELS_H

#include <cstdint>

namespace sr {

enum Element : int32_t { kFloat32 = 0, kBFloat16 = 1 };

// Which elements a dropout keeps: a pure function of the key and of the element's index, see kernels/random.h.
struct Draw {
  uint64_t key;
  uint32_t threshold;  // dropped when the 32 random bits are below it
  float scale;         // of what is kept: 1 / (1 - p)
};

// LayerNorm(dropout(x) + residual) of rows of width numbers. x is of one element type; residual, total, y and grad of another.
struct AddNorm {
  int64_t width;
  float eps;
  Draw draw;  // threshold 0: no dropout
  const float *weight, *bias;
  const void *x, *residual;
  void *total, *y;  // dropout(x) + residual, rounded as stored; the result
  float *mean, *rstd;
  const void* grad;
  void *grad_x, *grad_residual;
};

// A piece of a parameter in an AdamW step. The order of operations is PyTorch's, in single precision.
struct AdamW {
  float* parameter;
  const float* grad;
  float *exp_avg, *exp_avg_sq;
  float* max_exp_avg_sq;    // AMSGrad's, or null
  const float* prox;        // alpha: the weights of the l1 term that the update's proximal map applies, or null
  const float* mask;        // 0 or 1: multiplies the updated parameter, or null
  int64_t count;
  float decay, beta1, beta2, rest1, rest2, root, eps, step_size, sign;
  float threshold;          // of the proximal map, in units of alpha
  bool adam_metric;         // the threshold is divided by sqrt(v) / root + eps, as the step is
};

struct Kernels {
  const char* capability;
  // y[i] = keep(first + i) ? x[i] * scale : 0, for i in [0, count). In place when y == x.
  void (*dropout[2])(const void* x, void* y, int64_t first, int64_t count, Draw draw);
  // By the element types of x and of residual; rows [begin, end).
  void (*add_norm_forward[2][2])(const AddNorm& a, int64_t begin, int64_t end);
  void (*add_norm_backward[2][2])(const AddNorm& a, int64_t begin, int64_t end, float* share);
  void (*adamw)(const AdamW& a);
};

// The best that this processor has, or what SPARSEROBUST_CPU_CAPABILITY (default, avx2, avx512) names.
const Kernels& kernels();

}  // namespace sr

#endif
