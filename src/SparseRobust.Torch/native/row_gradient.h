// The gradient of a table of which only some rows were used: a sparse tensor, as an embedding's backward gives it.
#ifndef SPARSEROBUST_TORCH_ROW_GRADIENT_H
#define SPARSEROBUST_TORCH_ROW_GRADIENT_H

#include <algorithm>

#include "common.h"

namespace sr {

class RowGradient {
 public:
  RowGradient() = default;

  explicit RowGradient(const at::Tensor& sparse) {
    TORCH_CHECK(sparse.sparse_dim() == 1, "a sparse gradient must be sparse in its rows alone, not in ", sparse.sparse_dim(), " dimensions");
    const at::Tensor grad = sparse.coalesce();
    indices_ = grad.indices().contiguous();
    values_ = grad.values().contiguous();
    count_ = values_.size(0);
    width_ = count_ == 0 ? 1 : values_.numel() / count_;
  }

  // Cuts the entries begin to begin + length of the flattened table into runs with a gradient and runs without: run(begin, length, gradient or null).
  template <typename Run>
  void each_run(int64_t begin, int64_t length, Run run) const {
    const int64_t* first = indices_.data_ptr<int64_t>();
    const int64_t* row = std::lower_bound(first, first + count_, begin / width_);
    for (const int64_t end = begin + length; begin < end; ++row) {
      const bool has_row = row < first + count_;
      const int64_t used = has_row ? std::min(std::max(*row * width_, begin), end) : end;
      if (used > begin) run(begin, used - begin, nullptr);
      const int64_t next = has_row ? std::min((*row + 1) * width_, end) : end;
      if (next > used) run(used, next - used, values_.data_ptr<float>() + (row - first) * width_ + (used - *row * width_));
      begin = next;
    }
  }

 private:
  at::Tensor indices_, values_;
  int64_t count_ = 0, width_ = 1;
};

}  // namespace sr

#endif
