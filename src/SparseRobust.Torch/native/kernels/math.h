// The exponential and the normal distribution, without fused multiply-add: the same bits on every instruction set.
// The polynomials are our own minimax fits.
namespace {

SR_INLINE Floats select(const Words& chosen, const Floats& yes, const Floats& no) {
  return (Floats)(((Words)yes & chosen) | ((Words)no & ~chosen));
}

// exp(high + low) for high <= 0 and a low that is tiny beside it; within 1 ulp when low is 0. Zero below -87.3, where the result
// would leave the normal range, and so for minus infinity; NaN stays NaN.
SR_INLINE Floats exp_of_sum(const Floats& high, const Floats& low) {
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
  const Floats shifted = high * 1.44269502f + kRound;
  const Floats n = shifted - kRound;
  const Floats r = ((high - n * 0.693359375f) - n * -2.12194442e-4f) + low;
  Floats p = r * 1.38143403e-3f + 8.36884154e-3f;
  p = p * r + 4.16684002e-2f;
  p = p * r + 1.66665196e-1f;
  p = p * r + 4.99999934e-1f;
  p = (p * (r * r) + r) + 1.0f;
  const Floats power = (Floats)(((Words)shifted << 23) + 0x3f800000u);
  return select((Words)(high < -87.3f), Floats{}, p * power);
}

SR_INLINE Floats exp_of(const Floats& x) { return exp_of_sum(x, Floats{}); }

// The standard normal's distribution function and density. Phi(-a) = exp(-a a / 2) R(u) / (a + 2), with a smooth R of
// u = (a - 2) / (a + 2): within 2.4 ulp for a >= 0 and 4.5 in the lower tail, of which 1 + erf would leave nothing.
SR_INLINE void normal(const Floats& x, Floats& distribution, Floats& density) {
  const Floats magnitude = (Floats)((Words)x & 0x7fffffffu);
  const Floats a = select((Words)(magnitude > 16.0f), Floats{} + 16.0f, magnitude);
  // a a / 2 = high + low: the square of twelve bits is exact.
  const Floats head = (Floats)((Words)a & 0xfffff000u);
  const Floats tail = a - head;
  const Floats bell = exp_of_sum((head * -0.5f) * head, (tail * -0.5f) * (a + head));
  const Floats q = 1.0f / (a + 2.0f);
  const Floats u = (a - 2.0f) * q;
  Floats r = u * -8.4417421e-05f + 1.94553231e-05f;
  r = r * u + 0.000732061919f;
  r = r * u + 0.000898391067f;
  r = r * u + -0.00189266179f;
  r = r * u + -0.006757522f;
  r = r * u + -0.000483175361f;
  r = r * u + 0.0367225222f;
  r = r * u + 0.0287984181f;
  r = r * u + -0.331404597f;
  r = r * u + 0.672407985f;
  const Floats lower = (bell * q) * r;
  distribution = select((Words)(x < 0.0f), lower, 1.0f - lower);
  density = bell * 0.398942280f;
}

}  // namespace
