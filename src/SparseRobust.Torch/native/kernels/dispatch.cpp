// Chooses the kernels for this processor.
#include <atomic>
#include <cstdlib>
#include <string>

#include "../common.h"
#include "kernels.h"

namespace sr {

namespace baseline {
const Kernels& table();
}
#if defined(__x86_64__)
namespace avx2 {
const Kernels& table();
}
namespace avx512 {
const Kernels& table();
}
#endif

namespace {

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

bool has_avx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

const Kernels& find(const std::string& name) {
  TORCH_CHECK(name.empty() || name == "default" || name == "avx2" || name == "avx512",
              "the instruction set must be default, avx2 or avx512, not ", name);
  TORCH_CHECK((name != "avx2" || has_avx2()) && (name != "avx512" || has_avx512()), "this processor does not have ", name);
#if defined(__x86_64__)
  if (name == "avx512" || (name.empty() && has_avx512())) return avx512::table();
  if (name == "avx2" || (name.empty() && has_avx2())) return avx2::table();
#endif
  return baseline::table();
}

std::atomic<const Kernels*> chosen{nullptr};

}  // namespace

const Kernels& kernels() {
  const Kernels* table = chosen.load(std::memory_order_relaxed);
  if (table != nullptr) return *table;
  const char* wanted = std::getenv("SPARSEROBUST_CPU_CAPABILITY");
  try {
    table = &find(wanted == nullptr ? "" : wanted);
  } catch (const c10::Error&) {
    table = &find("");  // the start-up check says so
  }
  chosen.store(table, std::memory_order_relaxed);
  return *table;
}

}  // namespace sr

int32_t sr_cpu_capability(const char** name) {
  return sr::guarded([&] { *name = sr::kernels().capability; });
}

int32_t sr_set_cpu_capability(const char* name) {
  return sr::guarded([&] { sr::chosen.store(&sr::find(name)); });
}
