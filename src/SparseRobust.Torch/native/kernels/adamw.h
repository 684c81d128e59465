// w <- w (1 - lr wd) - lr m_hat / (sqrt(v_hat) + eps), then the proximal map of the weighted l1 norm, then the mask.
namespace {

SR_INLINE void root(Floats& v) {
  float values[kLanes];
  store(values, v);
  for (int64_t i = 0; i < kLanes; ++i) values[i] = __builtin_sqrtf(values[i]);
  load(values, v);
}

SR_INLINE Floats soft_threshold(const Floats& value, const Floats& threshold) {
  const Words sign = (Words)value & 0x80000000u;
  const Floats shrunk = (Floats)((Words)value & 0x7fffffffu) - threshold;
  return (Floats)(((Words)shrunk & (Words)(shrunk > 0)) | (sign & (Words)(shrunk > 0)));
}

void adamw(const AdamW& a) {
  for (int64_t i = 0; i < a.count; i += kLanes) {
    const int64_t count = a.count - i;
    Floats p, g = {}, m, v;
    load(a.parameter + i, count, p);
    if (a.grad != nullptr) load(a.grad + i, count, g);
    load(a.exp_avg + i, count, m);
    load(a.exp_avg_sq + i, count, v);
    g *= a.sign;
    m = m * a.beta1 + a.rest1 * g;
    v = v * a.beta2 + a.rest2 * g * g;
    store(a.exp_avg + i, count, m);
    store(a.exp_avg_sq + i, count, v);
    if (a.max_exp_avg_sq != nullptr) {
      Floats largest;
      load(a.max_exp_avg_sq + i, count, largest);
      v = largest > v ? largest : v;
      store(a.max_exp_avg_sq + i, count, v);
    }
    root(v);
    const Floats scale = v / a.root + a.eps;
    p = p * a.decay + a.step_size * (m / scale);
    if (a.prox != nullptr) {
      Floats alpha;
      load(a.prox + i, count, alpha);
      alpha *= a.threshold;
      p = soft_threshold(p, a.adam_metric ? alpha / scale : alpha);
    }
    if (a.mask != nullptr) {
      Floats mask;
      load(a.mask + i, count, mask);
      p *= mask;
    }
    store(a.parameter + i, count, p);
  }
}

}  // namespace
