// Dropout whose mask is a pure function of a key: parallel, the same for any number of threads, and stored nowhere.
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <mutex>

#include "fused.h"

namespace sr {

uint64_t next_key() {
  auto* generator = at::get_generator_or_default<at::CPUGeneratorImpl>(c10::nullopt, at::detail::getDefaultCPUGenerator());
  std::lock_guard<std::mutex> lock(generator->mutex_);
  return generator->random64();
}

Draw draw(double p, uint64_t key) {
  TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  // 2^-32 is the finest step; p = 1 drops by the scale.
  const double threshold = std::min(std::nearbyint(p * 4294967296.0), 4294967295.0);
  return {key, static_cast<uint32_t>(threshold), p == 1 ? 0.0f : static_cast<float>(1 / (1 - p))};
}

namespace {

constexpr int64_t kGrain = 1 << 14;

at::Tensor apply_mask(const at::Tensor& input, Draw mask) {
  const at::Tensor x = input.contiguous();
  const at::Tensor y = at::empty_like(x);
  const int64_t size = x.element_size();
  const auto kernel = kernels().dropout[element(x)];
  auto in = static_cast<const char*>(x.data_ptr());
  auto out = static_cast<char*>(y.data_ptr());
  at::parallel_for(0, x.numel(), kGrain, [&](int64_t begin, int64_t end) {
    kernel(in + begin * size, out + begin * size, begin, end - begin, mask);
  });
  return y;
}

struct Dropout : Function<Dropout> {
  static Variable forward(AutogradContext* context, const Variable& input, double p) {
    const uint64_t key = next_key();
    context->saved_data["key"] = static_cast<int64_t>(key);
    context->saved_data["p"] = p;
    return apply_mask(input, draw(p, key));
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto key = static_cast<uint64_t>(context->saved_data["key"].toInt());
    return {apply_mask(grads[0], draw(context->saved_data["p"].toDouble(), key)), Variable()};
  }
};

at::Tensor dropout(const at::Tensor& input, double p, bool train) {
  TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  if (!train || p == 0 || input.numel() == 0) return input.alias();
  return has_kernels(input) ? Dropout::apply(input, p) : at::dropout(input, p, true);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sparserobust, library) { library.def("dropout(Tensor input, float p, bool train) -> Tensor", dropout); }

}  // namespace sr
