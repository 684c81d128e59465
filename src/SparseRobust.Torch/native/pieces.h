// Tensors cut into chunks of fixed size, so that what is computed chunk by chunk does not depend on the number of threads.
#ifndef SPARSEROBUST_TORCH_PIECES_H
#define SPARSEROBUST_TORCH_PIECES_H

#include <ATen/Parallel.h>

#include <algorithm>

#include "common.h"

namespace sr {

constexpr int64_t kChunk = 1 << 15;

struct Piece {
  int32_t tensor;
  int64_t begin;
  int64_t length;
};

inline void add_pieces(std::vector<Piece>& pieces, int32_t tensor, int64_t numel) {
  for (int64_t begin = 0; begin < numel; begin += kChunk)
    pieces.push_back({tensor, begin, std::min(kChunk, numel - begin)});
}

// What the loops over raw fp32 memory can work on.
inline bool is_plain(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == c10::kStrided &&
         tensor.is_contiguous();
}

}  // namespace sr

#endif
