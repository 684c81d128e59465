// Gradients and the modes that switch them off.
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include "common.h"

int32_t sr_get_grad(sr_tensor tensor, sr_tensor* grad) {
  return sr::guarded([&] { *grad = sr::release(sr::borrow(tensor).grad()); });
}

int32_t sr_set_grad(sr_tensor tensor, sr_tensor grad) {
  return sr::guarded([&] {
    const at::Tensor target = sr::borrow(tensor);
    at::Tensor value = sr::borrow(grad);
    TORCH_CHECK(!value.defined() || value.sizes() == target.sizes(), "a gradient of sizes ", value.sizes(),
                " does not fit a tensor of sizes ", target.sizes());
    target.mutable_grad() = std::move(value);
  });
}

int32_t sr_set_requires_grad(sr_tensor tensor, int32_t value) {
  return sr::guarded([&] { sr::borrow(tensor).requires_grad_(value != 0); });
}

int32_t sr_set_data(sr_tensor tensor, sr_tensor data) {
  return sr::guarded([&] { sr::borrow(tensor).set_data(sr::borrow(data)); });
}

int32_t sr_backward(const sr_tensor* outputs, int32_t count, const sr_tensor* gradients, int32_t retain_graph,
                    int32_t create_graph, const sr_tensor* inputs, int32_t input_count) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    std::vector<at::Tensor> grads = gradients == nullptr ? std::vector<at::Tensor>() : sr::borrow_all(gradients, count);
    torch::autograd::backward(sr::borrow_all(outputs, count), grads, retain_graph != 0, create_graph != 0,
                              sr::borrow_all(inputs, input_count));
  });
}

int32_t sr_grad(const sr_tensor* outputs, int32_t output_count, const sr_tensor* inputs, int32_t input_count,
                const sr_tensor* gradients, int32_t retain_graph, int32_t create_graph, int32_t allow_unused,
                sr_tensor* results) {
  sr::apply_thread_count();
  return sr::guarded([&] {
    std::vector<at::Tensor> grads =
        gradients == nullptr ? std::vector<at::Tensor>() : sr::borrow_all(gradients, output_count);
    const auto found = torch::autograd::grad(sr::borrow_all(outputs, output_count), sr::borrow_all(inputs, input_count),
                                             grads, retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < found.size(); ++i) results[i] = sr::release(found[i]);
  });
}

int32_t sr_grad_mode() { return at::GradMode::is_enabled() ? 1 : 0; }

void sr_set_grad_mode(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }

int32_t sr_enter_inference_mode(int32_t enabled, void** guard) {
  return sr::guarded([&] { *guard = new c10::InferenceMode(enabled != 0); });
}

void sr_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
