// Mixed precision: between entering and leaving a region, the calling thread's matrix products are computed in a lower type.
#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include <memory>
#include <mutex>
#include <string>

#include "common.h"

namespace {

using torch::jit::Stack;

// The general functions came with 2.4, which deprecated those named after a device.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool enabled_on(c10::DeviceType device) { return at::autocast::is_autocast_enabled(device); }
void enable_on(c10::DeviceType device, bool enabled) { at::autocast::set_autocast_enabled(device, enabled); }
at::ScalarType type_on(c10::DeviceType device) { return at::autocast::get_autocast_dtype(device); }
void set_type_on(c10::DeviceType device, at::ScalarType type) { at::autocast::set_autocast_dtype(device, type); }
#else
bool enabled_on(c10::DeviceType device) {
  return device == c10::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}
void enable_on(c10::DeviceType device, bool enabled) {
  device == c10::kCPU ? at::autocast::set_cpu_enabled(enabled) : at::autocast::set_enabled(enabled);
}
at::ScalarType type_on(c10::DeviceType device) {
  return device == c10::kCPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}
void set_type_on(c10::DeviceType device, at::ScalarType type) {
  device == c10::kCPU ? at::autocast::set_autocast_cpu_dtype(type) : at::autocast::set_autocast_gpu_dtype(type);
}
#endif

c10::DeviceType supported(int32_t device_type) {
  const auto device = static_cast<c10::DeviceType>(device_type);
  TORCH_CHECK(device == c10::kCPU || device == c10::kCUDA, "mixed precision is for cpu and cuda, not for ", device);
  return device;
}

struct Region {
  c10::DeviceType device;
  bool was_enabled;
  at::ScalarType type_before;
};

bool is_lower(const c10::IValue& value) {
  if (!value.isTensor() || !value.toTensor().defined()) return false;
  const at::ScalarType type = value.toTensor().scalar_type();
  return type == at::kBFloat16 || type == at::kHalf;
}

// Boxed, so that it fits every operator in every version: lower-precision arguments become fp32, the rest stays.
void run_in_float(const c10::OperatorHandle& op, Stack* stack) {
  const size_t count = op.schema().arguments().size();
  for (size_t i = stack->size() - count; i < stack->size(); ++i) {
    c10::IValue& argument = (*stack)[i];
    if (is_lower(argument)) argument = argument.toTensor().to(at::kFloat);
  }
  c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::DispatchKey::AutocastCPU);
  op.callBoxed(stack);
}

// LibTorch runs these in fp32 on CUDA, but on the processor, up to 2.x, in whatever type comes in.
void complete_the_processors_list() {
  static std::once_flag once;
  std::call_once(once, [] {
    static constexpr const char* operators[][2] = {{"layer_norm", ""}, {"softmax", "int"}, {"log_softmax", "int"}};
    auto library = new torch::Library(torch::Library::IMPL, "aten", c10::DispatchKey::AutocastCPU, __FILE__, __LINE__);
    for (const auto& [name, overload] : operators) {
      const auto op = c10::Dispatcher::singleton().findSchemaOrThrow((std::string("aten::") + name).c_str(), overload);
      if (op.hasKernelForDispatchKey(c10::DispatchKey::AutocastCPU)) continue;
      const std::string full = *overload == '\0' ? std::string(name) : std::string(name) + "." + overload;
      library->impl(full.c_str(), torch::CppFunction::makeFromBoxedFunction<&run_in_float>());
    }
  });
}

}  // namespace

int32_t sr_enter_autocast(int32_t device_type, int32_t enabled, int32_t dtype, void** region) {
  return sr::guarded([&] {
    const c10::DeviceType device = supported(device_type);
    if (enabled != 0) complete_the_processors_list();
    auto before = std::make_unique<Region>(Region{device, enabled_on(device), type_on(device)});
    enable_on(device, enabled != 0);
    if (enabled != 0) set_type_on(device, static_cast<at::ScalarType>(dtype));
    at::autocast::increment_nesting();
    *region = before.release();
  });
}

void sr_leave_autocast(void* region) {
  const std::unique_ptr<Region> before(static_cast<Region*>(region));
  // The cache holds the parameters' casts; after the next update they would be stale.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  enable_on(before->device, before->was_enabled);
  set_type_on(before->device, before->type_before);
}

int32_t sr_autocast_type(int32_t device_type, int32_t* dtype) {
  return sr::guarded([&] {
    const c10::DeviceType device = supported(device_type);
    *dtype = enabled_on(device) ? static_cast<int32_t>(type_on(device)) : -1;
  });
}
