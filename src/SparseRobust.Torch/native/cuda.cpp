// What only a GPU has. Built without CUDA's headers, or without a GPU, everything here says so.
#include <ATen/Context.h>

#include "common.h"

#if __has_include(<cuda_runtime_api.h>) && __has_include(<c10/cuda/CUDACachingAllocator.h>)
#include <c10/cuda/CUDACachingAllocator.h>
#define SR_HAS_CUDA_STATISTICS 1
#endif

int32_t sr_device_generator(int32_t device_type, int32_t index, sr_generator* generator) {
  return sr::guarded([&] {
    const c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(index));
    *generator = new at::Generator(at::globalContext().defaultGenerator(device));
  });
}

int32_t sr_cuda_peak_memory(int32_t index, int64_t* bytes) {
  *bytes = -1;
  return sr::guarded([&] {
#ifdef SR_HAS_CUDA_STATISTICS
    if (at::hasCUDA()) *bytes = c10::cuda::CUDACachingAllocator::getDeviceStats(index).allocated_bytes[0].peak;
#endif
    (void)index;
  });
}

int32_t sr_cuda_reset_peak_memory(int32_t index) {
  return sr::guarded([&] {
#ifdef SR_HAS_CUDA_STATISTICS
    if (at::hasCUDA()) c10::cuda::CUDACachingAllocator::resetPeakStats(index);
#endif
    (void)index;
  });
}
