// The kernels for processors with AVX512.
#include "kernels.h"
#if defined(__x86_64__)
#define SR_CAPABILITY "avx512"
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,prefer-vector-width=512")

namespace sr::avx512 {
#include "table.h"
}
#endif
