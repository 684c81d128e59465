// The k-th smallest number by radix selection: three passes over the data in place of a partial sort, split over threads. Counts are
// whole numbers, so the result depends on nothing but the data. NaN counts as the largest, as in torch.kthvalue.
#include <limits>
#include <mutex>

#include "fused.h"

namespace sr {

namespace {

constexpr int64_t kGrain = 1 << 18;

// Whole numbers in the order of the floats they stand for.
inline uint32_t ordered(uint32_t bits) {
  if ((bits & 0x7fffffffu) > 0x7f800000u) return 0xffffffffu;
  return bits ^ ((bits >> 31) != 0 ? 0xffffffffu : 0x80000000u);
}

inline float number(uint32_t value) {
  if (value == 0xffffffffu) return std::numeric_limits<float>::quiet_NaN();
  return __builtin_bit_cast(float, value ^ ((value >> 31) != 0 ? 0x80000000u : 0xffffffffu));
}

// How many of the numbers whose leading bits are prefix's have each value of the next bits.
std::vector<int64_t> histogram(const float* data, int64_t count, uint32_t prefix, uint32_t prefix_mask, int shift, uint32_t digits) {
  std::vector<int64_t> total(digits, 0);
  std::mutex gate;
  at::parallel_for(0, count, kGrain, [&](int64_t begin, int64_t end) {
    std::vector<int64_t> own(digits, 0);
    for (int64_t i = begin; i < end; ++i) {
      const uint32_t value = ordered(__builtin_bit_cast(uint32_t, data[i]));
      if ((value & prefix_mask) == prefix) ++own[(value >> shift) & (digits - 1)];
    }
    std::lock_guard<std::mutex> lock(gate);
    for (uint32_t digit = 0; digit < digits; ++digit) total[digit] += own[digit];
  });
  return total;
}

at::Tensor kth_value(const at::Tensor& values, int64_t k) {
  TORCH_CHECK(k >= 1 && k <= values.numel(), "k must be between 1 and the ", values.numel(), " values, not ", k);
  const at::Tensor flat = values.detach().reshape({-1}).contiguous();
  if (!flat.is_cpu() || flat.scalar_type() != at::kFloat) return std::get<0>(at::kthvalue(flat, k, 0));
  uint32_t prefix = 0, mask = 0;
  for (const auto& [shift, bits] : {std::pair{21, 11}, {10, 11}, {0, 10}}) {
    const std::vector<int64_t> counts = histogram(flat.data_ptr<float>(), flat.numel(), prefix, mask, shift, 1u << bits);
    uint32_t digit = 0;
    while (k > counts[digit]) k -= counts[digit++];
    prefix |= digit << shift;
    mask |= ((1u << bits) - 1) << shift;
  }
  return at::full({}, number(prefix), flat.options());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sparserobust, library) { library.def("kth_value(Tensor values, int k) -> Tensor", kth_value); }

}  // namespace sr
