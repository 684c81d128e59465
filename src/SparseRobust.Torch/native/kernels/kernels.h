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

// A tile of attention scores between its matrix products.
struct AttentionRows {
  int64_t rows, columns, stride;  // stride: columns rounded up to whole vectors
  float *scores, *grads;          // [rows, stride]
  float* row;                     // [stride], for backward
  const float* mask;              // added to the scores; null for none
  int64_t mask_stride;
  float* softmax;  // [rows, 2]: maximum, and 1 / sum of exponentials: forward writes them, backward reads them
  Draw draw;       // threshold 0: no dropout
  uint64_t first;  // of the draw's indices: scores[0][0]
};

// GELU(x + bias) of rows of width numbers of one element type.
struct BiasGelu {
  int64_t width;
  const float* bias;
  const void *x, *grad;
  void* y;  // the result; in backward the gradient of x
};

struct Kernels {
  const char* capability;
  // y[i] = keep(first + i) ? x[i] * scale : 0, for i in [0, count). In place when y == x.
  void (*dropout[2])(const void* x, void* y, int64_t first, int64_t count, Draw draw);
  // By the element types of x and of residual; rows [begin, end).
  void (*add_norm_forward[2][2])(const AddNorm& a, int64_t begin, int64_t end);
  void (*add_norm_backward[2][2])(const AddNorm& a, int64_t begin, int64_t end, float* share);
  void (*adamw)(const AdamW& a);
  // y = score > threshold ? weight : 0, by the element types of weight, of scores and of y.
  void (*mask_weight[2][2][2])(const void* weight, const void* scores, float threshold, void* y, int64_t count);
  // y = grad * weight, by the element types of grad, of weight and of y.
  void (*score_gradient[2][2][2])(const void* grad, const void* weight, void* y, int64_t count);
  void (*attention_forward)(const AttentionRows& a);
  void (*attention_backward)(const AttentionRows& a);
  void (*widen)(const void* x, float* y, int64_t count);   // bf16 to fp32
  void (*narrow)(const float* x, void* y, int64_t count);  // fp32 to bf16
  // By the element type of x; rows [begin, end).
  void (*bias_gelu_forward[2])(const BiasGelu& a, int64_t begin, int64_t end);
  void (*bias_gelu_backward[2])(const BiasGelu& a, int64_t begin, int64_t end, float* share);
};

// The best that this processor has, or what SPARSEROBUST_CPU_CAPABILITY (default, avx2, avx512) names.
const Kernels& kernels();

}  // namespace sr

#endif
