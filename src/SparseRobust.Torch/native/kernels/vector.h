// Sixteen numbers at a time, in GCC's vector types: one register with AVX-512, two or four without. Sums run over sixteen
// lanes that are added up in one fixed order, so that every instruction set gives the same bits.
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors cross only inlined calls

namespace {

constexpr int64_t kLanes = 16;

typedef float Floats __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));

#define SR_INLINE inline __attribute__((always_inline))

SR_INLINE Words iota() { return Words{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}; }

SR_INLINE void load(const float* p, Floats& v) { __builtin_memcpy(&v, p, sizeof v); }

SR_INLINE void load(const BFloat16* p, Floats& v) {
  Halves halves;
  __builtin_memcpy(&halves, p, sizeof halves);
  v = (Floats)(__builtin_convertvector(halves, Words) << 16);
}

SR_INLINE void store(float* p, const Floats& v) { __builtin_memcpy(p, &v, sizeof v); }

SR_INLINE void store(BFloat16* p, const Floats& v) {
  const Words bits = (Words)v;
  const Words rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const Words nan = (Words)((bits & 0x7fffffffu) > 0x7f800000u);
  const Halves halves = __builtin_convertvector((rounded & ~nan) | (nan & 0x7fc0u), Halves);
  __builtin_memcpy(p, &halves, sizeof halves);
}

// The first count of sixteen; the others are zero, and are not written.
template <class T>
SR_INLINE void load(const T* p, int64_t count, Floats& v) {
  if (count >= kLanes) return load(p, v);
  T part[kLanes] = {};
  for (int64_t i = 0; i < count; ++i) part[i] = p[i];
  load(part, v);
}

template <class T>
SR_INLINE void store(T* p, int64_t count, const Floats& v) {
  if (count >= kLanes) return store(p, v);
  T part[kLanes];
  store(part, v);
  for (int64_t i = 0; i < count; ++i) p[i] = part[i];
}

// The lanes below count as they are, the others zero.
SR_INLINE void keep_first(Floats& v, int64_t count) {
  if (count < kLanes) v = (Floats)((Words)v & (Words)(iota() < static_cast<uint32_t>(count)));
}

SR_INLINE float sum(const Floats& v) {
  float total = 0;
  for (int64_t half = 0; half < 8; ++half) total += v[half] + v[half + 8];
  return total;
}

// dropout_factor for sixteen elements in a row.
SR_INLINE void dropout_factors(const Draw& draw, uint64_t first, Floats& factors) {
  if (static_cast<uint32_t>(first) > 0xffffffffu - kLanes) {
    for (int64_t i = 0; i < kLanes; ++i) factors[i] = dropout_factor(draw, first + i);
    return;
  }
  Words x = (iota() + static_cast<uint32_t>(first)) * 0x9e3779b1u + static_cast<uint32_t>(draw.key);
  mix(x, other_key(draw.key, first));
  factors = (Floats)((Words)(x >= draw.threshold) & __builtin_bit_cast(uint32_t, draw.scale));
}

}  // namespace
