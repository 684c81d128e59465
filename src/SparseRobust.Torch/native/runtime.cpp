// Errors, versions, threads and random number generators.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/cuda.h>

#include <atomic>
#include <mutex>
#include <string>

#include "common.h"

namespace {

thread_local std::string last_error;
std::atomic<int32_t> wanted_threads{0};

at::Generator& as_generator(sr_generator handle) { return *static_cast<at::Generator*>(handle); }

}  // namespace

namespace sr {

int32_t fail(sr_status status, const char* message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();
  }
  return status;
}

int32_t fail(const c10::Error& error) noexcept {
  const char* text = error.what_without_backtrace();
  const std::string message(text);
  const bool memory = message.find("can't allocate memory") != std::string::npos ||
                      message.find("not enough memory") != std::string::npos ||
                      message.find("out of memory") != std::string::npos;
  return fail(memory ? SR_OUT_OF_MEMORY : SR_FAILED, text);
}

// OpenMP keeps its team size per calling thread, so a change has to reach each thread by itself.
void apply_thread_count() noexcept {
  thread_local int32_t applied = 0;
  const int32_t wanted = wanted_threads.load(std::memory_order_relaxed);
  if (wanted == applied) return;
  applied = wanted;
  try {
    at::set_num_threads(wanted);
  } catch (...) {
  }
}

}  // namespace sr

const char* sr_error_message() { return last_error.c_str(); }

const char* sr_version() { return TORCH_VERSION; }

int32_t sr_show_config(const char** text) {
  return sr::guarded([&] {
    thread_local std::string config;
    config = at::show_config();
    *text = config.c_str();
  });
}

int32_t sr_cuda_is_available() {
  try {
    return torch::cuda::is_available() ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

int32_t sr_set_num_threads(int32_t count) {
  return sr::guarded([&] {
    TORCH_CHECK(count > 0, "the number of threads must be positive, not ", count);
    wanted_threads.store(count, std::memory_order_relaxed);
    sr::apply_thread_count();
  });
}

int32_t sr_get_num_threads(int32_t* count) {
  return sr::guarded([&] {
    sr::apply_thread_count();
    *count = at::get_num_threads();
  });
}

int32_t sr_manual_seed(uint64_t seed) {
  return sr::guarded([&] { at::manual_seed(seed); });
}

int32_t sr_new_generator(uint64_t seed, sr_generator* generator) {
  return sr::guarded([&] { *generator = new at::Generator(at::detail::createCPUGenerator(seed)); });
}

void sr_free_generator(sr_generator generator) { delete static_cast<at::Generator*>(generator); }

int32_t sr_generator_seed(sr_generator generator, uint64_t* seed) {
  return sr::guarded([&] { *seed = as_generator(generator).current_seed(); });
}

int32_t sr_generator_set_seed(sr_generator generator, uint64_t seed) {
  return sr::guarded([&] {
    at::Generator& target = as_generator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    target.set_current_seed(seed);
  });
}

int32_t sr_generator_get_state(sr_generator generator, sr_tensor* state) {
  return sr::guarded([&] {
    at::Generator& source = as_generator(generator);
    std::lock_guard<std::mutex> lock(source.mutex());
    *state = sr::release(source.get_state());
  });
}

int32_t sr_generator_set_state(sr_generator generator, sr_tensor state) {
  return sr::guarded([&] {
    at::Generator& target = as_generator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    target.set_state(sr::borrow(state));
  });
}
