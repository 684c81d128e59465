// The kernels for processors with AVX2.
#include "kernels.h"
#if defined(__x86_64__)
#define SR_CAPABILITY "avx2"
#pragma GCC target("avx2")

namespace sr::avx2 {
#include "table.h"
}
#endif
