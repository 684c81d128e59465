// The C ABI between SparseRobust.Torch and LibTorch.
//
// Every function that can fail returns a status: 0 is success, anything else is a failure whose text
// sr_error_message() gives until the same thread's next failure. No C++ exception leaves this library.
// A tensor is an owned reference to LibTorch's implementation object; null stands for "no tensor".
#ifndef SPARSEROBUST_TORCH_API_H
#define SPARSEROBUST_TORCH_API_H

#include <stdint.h>

#define SR_API extern "C" __attribute__((visibility("default")))

typedef void* sr_tensor;
typedef void* sr_operator;
typedef void* sr_generator;

enum sr_status : int32_t { SR_OK = 0, SR_FAILED = 1, SR_OUT_OF_MEMORY = 2 };

enum sr_tag : int32_t {
  SR_NONE = 0,
  SR_TENSOR = 1,
  SR_TENSOR_LIST = 2,
  SR_INT = 3,  // also a data type
  SR_DOUBLE = 4,
  SR_BOOL = 5,
  SR_INT_LIST = 6,
  SR_STRING = 7,
  SR_DEVICE = 8,                // i = type << 16 | (index & 0xffff)
  SR_OPTIONAL_TENSOR_LIST = 9,  // null entries are "none"
  SR_GENERATOR = 10,
};

// One argument or result of a dispatched operator. Lists and strings: p points at the items, size counts them.
typedef struct sr_value {
  int32_t tag;
  int32_t size;
  union {
    int64_t i;
    double d;
    void* p;
  };
} sr_value;

typedef struct sr_tensor_info {
  int64_t numel;
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
  int32_t dim;
  int32_t element_size;
  int32_t flags;  // 1 requires_grad, 2 is_leaf, 4 contiguous, 8 sparse
} sr_tensor_info;

// runtime.cpp
SR_API const char* sr_error_message();
SR_API const char* sr_version();
SR_API int32_t sr_show_config(const char** text);
SR_API int32_t sr_cuda_is_available();
SR_API int32_t sr_set_num_threads(int32_t count);
SR_API int32_t sr_get_num_threads(int32_t* count);
SR_API int32_t sr_manual_seed(uint64_t seed);
SR_API int32_t sr_new_generator(uint64_t seed, sr_generator* generator);
SR_API void sr_free_generator(sr_generator generator);
SR_API int32_t sr_generator_seed(sr_generator generator, uint64_t* seed);
SR_API int32_t sr_generator_set_seed(sr_generator generator, uint64_t seed);
SR_API int32_t sr_generator_get_state(sr_generator generator, sr_tensor* state);
SR_API int32_t sr_generator_set_state(sr_generator generator, sr_tensor state);

// cuda.cpp: a device's default generator (the processor's too); peak of allocated bytes, -1 when it cannot be known.
SR_API int32_t sr_device_generator(int32_t device_type, int32_t index, sr_generator* generator);
SR_API int32_t sr_cuda_peak_memory(int32_t index, int64_t* bytes);
SR_API int32_t sr_cuda_reset_peak_memory(int32_t index);

// kernels/dispatch.cpp: the instruction set of the fused operators; an empty name chooses the best one.
SR_API int32_t sr_cpu_capability(const char** name);
SR_API int32_t sr_set_cpu_capability(const char* name);

// allocator.cpp: tensors' memory on the processor; limit is the most bytes kept for reuse.
SR_API int32_t sr_use_caching_allocator(int64_t limit);
SR_API int64_t sr_cached_bytes();
SR_API void sr_release_cache();

// dispatch.cpp
SR_API int32_t sr_find_operator(const char* name, const char* overload, sr_operator* op);
SR_API int32_t sr_call(sr_operator op, const sr_value* args, int32_t arg_count, sr_value* results, int32_t wanted);
SR_API void sr_free_list(void* items);

// tensor.cpp
SR_API void sr_free_tensor(sr_tensor tensor);
SR_API int32_t sr_alias_tensor(sr_tensor tensor, sr_tensor* alias);
SR_API int32_t sr_tensor_from_data(const void* data, const int64_t* sizes, int32_t dim, int32_t dtype, sr_tensor* result);
SR_API int32_t sr_info(sr_tensor tensor, sr_tensor_info* info);
SR_API int32_t sr_sizes(sr_tensor tensor, int64_t* sizes);
SR_API int32_t sr_strides(sr_tensor tensor, int64_t* strides);
SR_API int32_t sr_data_pointer(sr_tensor tensor, void** data);
SR_API int32_t sr_item(sr_tensor tensor, sr_value* result);
SR_API int32_t sr_to_string(sr_tensor tensor, const char** text);

// autograd.cpp
SR_API int32_t sr_get_grad(sr_tensor tensor, sr_tensor* grad);
SR_API int32_t sr_set_grad(sr_tensor tensor, sr_tensor grad);
SR_API int32_t sr_set_requires_grad(sr_tensor tensor, int32_t value);
SR_API int32_t sr_set_data(sr_tensor tensor, sr_tensor data);
SR_API int32_t sr_backward(const sr_tensor* outputs, int32_t count, const sr_tensor* gradients, int32_t retain_graph,
                           int32_t create_graph, const sr_tensor* inputs, int32_t input_count);
SR_API int32_t sr_grad(const sr_tensor* outputs, int32_t output_count, const sr_tensor* inputs, int32_t input_count,
                       const sr_tensor* gradients, int32_t retain_graph, int32_t create_graph, int32_t allow_unused,
                       sr_tensor* results);
SR_API int32_t sr_grad_mode();
SR_API void sr_set_grad_mode(int32_t enabled);
SR_API int32_t sr_enter_inference_mode(int32_t enabled, void** guard);
SR_API void sr_leave_inference_mode(void* guard);

// autocast.cpp: regions belong to the calling thread and are left in the reverse order of entering; type -1 is "off".
SR_API int32_t sr_enter_autocast(int32_t device_type, int32_t enabled, int32_t dtype, void** region);
SR_API void sr_leave_autocast(void* region);
SR_API int32_t sr_autocast_type(int32_t device_type, int32_t* dtype);

// optim.cpp
enum sr_prox_step : int32_t { SR_PROX_LR = 0, SR_PROX_UNIT = 1, SR_PROX_ADAM_METRIC = 2 };

typedef struct sr_adamw_options {
  double lr, beta1, beta2, eps, weight_decay;
  double prox_strength;  // gamma; the threshold of element i is gamma alpha_i times what prox_step says
  int32_t maximize;
  int32_t prox_step;
} sr_adamw_options;

// Parallel lists; the last three, and single entries of prox_weights and masks, may be null.
typedef struct sr_adamw_state {
  const sr_tensor *parameters, *exp_avgs, *exp_avg_sqs;
  int64_t* steps;
  const sr_tensor *max_exp_avg_sqs, *prox_weights, *masks;
} sr_adamw_state;

// One step over every parameter that has a gradient.
SR_API int32_t sr_adamw_step(const sr_adamw_state* state, int32_t count, const sr_adamw_options* options);
// clip.cpp: the second, for the 2-norm, leaves the norm where the gradients are, and so waits for no device.
SR_API int32_t sr_clip_grad_norm(const sr_tensor* parameters, int32_t count, double max_norm, double norm_type,
                                 double* total_norm);
SR_API int32_t sr_clip_grad_norm_on_device(const sr_tensor* parameters, int32_t count, double max_norm, sr_tensor* total_norm);

#endif
