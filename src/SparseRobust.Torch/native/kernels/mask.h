// A weight under a mask of scores, and the gradient of the scores.
namespace {

// y = w where score > threshold, else 0.
template <class T>
void mask_weight(const float* weight, const float* scores, float threshold, void* y, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) {
    Floats w, score;
    load(weight + i, count - i, w);
    load(scores + i, count - i, score);
    w = (Floats)((Words)w & (Words)(score > threshold));
    store(static_cast<T*>(y) + i, count - i, w);
  }
}

// y = grad * weight; in place when y == grad.
template <class T>
void score_gradient(const void* grad, const float* weight, float* y, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) {
    Floats g, w;
    load(static_cast<const T*>(grad) + i, count - i, g);
    load(weight + i, count - i, w);
    store(y + i, count - i, g * w);
  }
}

}  // namespace
