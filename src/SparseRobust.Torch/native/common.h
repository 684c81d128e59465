// What every family of the shim shares: the failure guard and the conversion between handles and tensors.
#ifndef SPARSEROBUST_TORCH_COMMON_H
#define SPARSEROBUST_TORCH_COMMON_H

#include <ATen/ATen.h>
#include <torch/version.h>

#include <exception>
#include <new>
#include <vector>

#include "torch_api.h"

namespace sr {

int32_t fail(sr_status status, const char* message) noexcept;
int32_t fail(const c10::Error& error) noexcept;

// Makes the chosen number of threads hold on the calling thread; see sr_set_num_threads.
void apply_thread_count() noexcept;

template <class Body>
int32_t guarded(Body&& body) noexcept {
  try {
    body();
    return SR_OK;
  } catch (const c10::Error& error) {
    return fail(error);
  } catch (const std::bad_alloc&) {
    return fail(SR_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    return fail(SR_FAILED, error.what());
  } catch (...) {
    return fail(SR_FAILED, "unknown native failure");
  }
}

using Impl = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

// A tensor that shares the handle's implementation; the handle stays valid.
inline at::Tensor borrow(sr_tensor handle) {
  if (handle == nullptr) return at::Tensor();
  return at::Tensor(Impl::reclaim_copy(static_cast<c10::TensorImpl*>(handle)));
}

// Gives the reference away; an undefined tensor becomes null.
inline sr_tensor release(at::Tensor tensor) {
  return tensor.defined() ? static_cast<sr_tensor>(tensor.unsafeReleaseTensorImpl()) : nullptr;
}

inline std::vector<at::Tensor> borrow_all(const sr_tensor* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; ++i) tensors.push_back(borrow(handles[i]));
  return tensors;
}

}  // namespace sr

#endif
