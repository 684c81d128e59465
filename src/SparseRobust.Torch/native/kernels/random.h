// Counter-based random bits: no state, so any thread can compute any element's draw, and backward computes it again.
//
// The counter is multiplied by an odd constant and offset by one half of the key; two rounds of a 32-bit finaliser with the
// other half between them make 32 bits. Indices beyond 2^32 enter through the key.
namespace {

inline uint32_t other_key(uint64_t key, uint64_t index) {
  return static_cast<uint32_t>(key >> 32) + static_cast<uint32_t>(index >> 32) * 0x85ebca6bu;
}

// Of one number or of a vector of them.
template <class U>
inline __attribute__((always_inline)) void mix(U& x, uint32_t other) {
  x ^= x >> 16;
  x *= 0x21f0aaadu;
  x ^= (x >> 15) ^ other;
  x *= 0xd35a2d97u;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
}

inline uint32_t random_bits(uint64_t key, uint64_t index) {
  uint32_t x = static_cast<uint32_t>(index) * 0x9e3779b1u + static_cast<uint32_t>(key);
  mix(x, other_key(key, index));
  return x;
}

// scale or 0: what the element is multiplied by.
inline float dropout_factor(const Draw& draw, uint64_t index) {
  return random_bits(draw.key, index) >= draw.threshold ? draw.scale : 0.0f;
}

}  // namespace
