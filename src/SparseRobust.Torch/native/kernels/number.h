// Loading and storing elements; all arithmetic is in single precision.
namespace {

struct BFloat16 {
  uint16_t bits;
};

inline float load(const float* p, int64_t i) { return p[i]; }

inline float load(const BFloat16* p, int64_t i) {
  return __builtin_bit_cast(float, static_cast<uint32_t>(p[i].bits) << 16);
}

inline void store(float* p, int64_t i, float value) { p[i] = value; }

// To the nearest, ties to even; a NaN stays one.
inline void store(BFloat16* p, int64_t i, float value) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, value);
  const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  p[i].bits = static_cast<uint16_t>((bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded);
}

}  // namespace
