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

struct Kernels {
  const char* capability;
  // y[i] = keep(first + i) ? x[i] * scale : 0, for i in [0, count). In place when y == x.
  void (*dropout[2])(const void* x, void* y, int64_t first, int64_t count, Draw draw);
};

// The best that this processor has, or what SPARSEROBUST_CPU_CAPABILITY (default, avx2, avx512) names.
const Kernels& kernels();

}  // namespace sr

#endif
