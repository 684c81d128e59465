// Included once for each instruction set, inside a namespace and after the pragma that chooses it. Nothing in here may use a
// template or inline function from outside: the linker would keep one copy of it, perhaps the one for the newer processor.
#include "number.h"
#include "random.h"
#include "dropout.h"

const Kernels& table() {
  static constexpr Kernels kernels = {
      SR_CAPABILITY,
      {dropout<float>, dropout<BFloat16>},
  };
  return kernels;
}
