// The generic door: any operator that LibTorch's dispatcher knows, called with an array of tagged values.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstdlib>
#include <utility>

#include "common.h"

namespace {

using Stack = torch::jit::Stack;
using MaybeTensor = decltype(std::declval<c10::IValue>().toOptional<at::Tensor>());

c10::IValue to_ivalue(const sr_value& value) {
  switch (value.tag) {
    case SR_NONE:
      return {};
    case SR_TENSOR:
      return value.p == nullptr ? c10::IValue() : c10::IValue(sr::borrow(value.p));
    case SR_TENSOR_LIST: {
      c10::List<at::Tensor> list;
      list.reserve(value.size);
      auto items = static_cast<const sr_tensor*>(value.p);
      for (int32_t i = 0; i < value.size; ++i) list.push_back(sr::borrow(items[i]));
      return list;
    }
    case SR_OPTIONAL_TENSOR_LIST: {
      c10::List<MaybeTensor> list;
      list.reserve(value.size);
      auto items = static_cast<const sr_tensor*>(value.p);
      for (int32_t i = 0; i < value.size; ++i)
        list.push_back(items[i] == nullptr ? MaybeTensor() : MaybeTensor(sr::borrow(items[i])));
      return list;
    }
    case SR_INT:
      return value.i;
    case SR_DOUBLE:
      return value.d;
    case SR_BOOL:
      return value.i != 0;
    case SR_INT_LIST:
      return at::IntArrayRef(static_cast<const int64_t*>(value.p), value.size);
    case SR_STRING:
      return std::string(static_cast<const char*>(value.p), value.size);
    case SR_DEVICE:
      return c10::Device(static_cast<c10::DeviceType>(value.i >> 16), static_cast<int16_t>(value.i & 0xffff));
    case SR_GENERATOR:
      return *static_cast<at::Generator*>(value.p);
    default:
      TORCH_CHECK(false, "unknown argument tag ", value.tag);
  }
}

sr_value from_ivalue(c10::IValue&& value) {
  sr_value result{};
  if (value.isTensor()) {
    result.tag = SR_TENSOR;
    result.p = sr::release(std::move(value).toTensor());
  } else if (value.isInt()) {
    result.tag = SR_INT;
    result.i = value.toInt();
  } else if (value.isDouble()) {
    result.tag = SR_DOUBLE;
    result.d = value.toDouble();
  } else if (value.isBool()) {
    result.tag = SR_BOOL;
    result.i = value.toBool() ? 1 : 0;
  } else if (value.isTensorList()) {
    const auto tensors = value.toTensorVector();
    auto items = static_cast<sr_tensor*>(std::malloc((tensors.size() + 1) * sizeof(sr_tensor)));
    TORCH_CHECK(items != nullptr, "out of memory");
    for (size_t i = 0; i < tensors.size(); ++i) items[i] = sr::release(tensors[i]);
    result.tag = SR_TENSOR_LIST;
    result.size = static_cast<int32_t>(tensors.size());
    result.p = items;
  } else {
    TORCH_CHECK(value.isNone(), "unsupported result type ", value.tagKind());
  }
  return result;
}

}  // namespace

int32_t sr_find_operator(const char* name, const char* overload, sr_operator* op) {
  return sr::guarded([&] {
    *op = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

int32_t sr_call(sr_operator op, const sr_value* args, int32_t arg_count, sr_value* results, int32_t wanted) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    thread_local Stack spare;
    Stack stack = std::move(spare);
    stack.clear();
    stack.reserve(16);
    for (int32_t i = 0; i < arg_count; ++i) stack.push_back(to_ivalue(args[i]));
    static_cast<c10::OperatorHandle*>(op)->callBoxed(&stack);
    TORCH_CHECK(static_cast<size_t>(wanted) <= stack.size(), "operator gave ", stack.size(), " results, not ", wanted);
    for (int32_t i = 0; i < wanted; ++i) results[i] = from_ivalue(std::move(stack[i]));
    stack.clear();
    spare = std::move(stack);
  });
}

void sr_free_list(void* items) { std::free(items); }
