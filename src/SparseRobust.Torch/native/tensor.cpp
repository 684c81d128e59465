// Life and contents of a tensor.
#include <cstring>
#include <sstream>
#include <string>

#include "common.h"

void sr_free_tensor(sr_tensor tensor) {
  if (tensor == nullptr) return;
  try {
    sr::Impl::reclaim(static_cast<c10::TensorImpl*>(tensor));
  } catch (...) {
  }
}

int32_t sr_alias_tensor(sr_tensor tensor, sr_tensor* alias) {
  return sr::guarded([&] { *alias = sr::release(sr::borrow(tensor)); });
}

int32_t sr_tensor_from_data(const void* data, const int64_t* sizes, int32_t dim, int32_t dtype, sr_tensor* result) {
  return sr::guarded([&] {
    at::Tensor tensor = at::empty(at::IntArrayRef(sizes, dim), at::TensorOptions(static_cast<at::ScalarType>(dtype)));
    if (tensor.numel() > 0) std::memcpy(tensor.data_ptr(), data, tensor.nbytes());
    *result = sr::release(std::move(tensor));
  });
}

int32_t sr_info(sr_tensor handle, sr_tensor_info* info) {
  return sr::guarded([&] {
    const at::Tensor tensor = sr::borrow(handle);
    info->numel = tensor.numel();
    info->dtype = static_cast<int32_t>(tensor.scalar_type());
    info->device_type = static_cast<int32_t>(tensor.device().type());
    info->device_index = tensor.device().index();
    info->dim = static_cast<int32_t>(tensor.dim());
    info->element_size = static_cast<int32_t>(tensor.element_size());
    const bool sparse = tensor.layout() != c10::kStrided;
    info->flags = (tensor.requires_grad() ? 1 : 0) | (tensor.is_leaf() ? 2 : 0) |
                  (!sparse && tensor.is_contiguous() ? 4 : 0) | (sparse ? 8 : 0);
  });
}

int32_t sr_sizes(sr_tensor handle, int64_t* sizes) {
  return sr::guarded([&] {
    int64_t* next = sizes;
    for (int64_t size : sr::borrow(handle).sizes()) *next++ = size;
  });
}

int32_t sr_strides(sr_tensor handle, int64_t* strides) {
  return sr::guarded([&] {
    int64_t* next = strides;
    for (int64_t stride : sr::borrow(handle).strides()) *next++ = stride;
  });
}

int32_t sr_data_pointer(sr_tensor tensor, void** data) {
  return sr::guarded([&] { *data = sr::borrow(tensor).data_ptr(); });
}

int32_t sr_item(sr_tensor handle, sr_value* result) {
  return sr::guarded([&] {
    const at::Scalar value = sr::borrow(handle).item();
    if (value.isBoolean()) {
      result->tag = SR_BOOL;
      result->i = value.toBool() ? 1 : 0;
    } else if (value.isIntegral(false)) {
      result->tag = SR_INT;
      result->i = value.toLong();
    } else {
      result->tag = SR_DOUBLE;
      result->d = value.toDouble();
    }
  });
}

int32_t sr_to_string(sr_tensor tensor, const char** text) {
  return sr::guarded([&] {
    thread_local std::string printed;
    std::ostringstream stream;
    stream << sr::borrow(tensor);
    printed = stream.str();
    *text = printed.c_str();
  });
}
