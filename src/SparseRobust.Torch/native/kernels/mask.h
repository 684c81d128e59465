// A weight under a mask of scores, and the gradient of the scores. Each array is of a type of its own.
namespace {

// y = w where score > threshold, else 0.
template <class W, class S, class T>
void mask_weight(const void* weight, const void* scores, float threshold, void* y, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) {
    Floats w, score;
    load(static_cast<const W*>(weight) + i, count - i, w);
    load(static_cast<const S*>(scores) + i, count - i, score);
    w = (Floats)((Words)w & (Words)(score > threshold));
    store(static_cast<T*>(y) + i, count - i, w);
  }
}

// y = grad * weight; in place when y == grad.
template <class G, class W, class T>
void score_gradient(const void* grad, const void* weight, void* y, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) {
    Floats g, w;
    load(static_cast<const G*>(grad) + i, count - i, g);
    load(static_cast<const W*>(weight) + i, count - i, w);
    store(static_cast<T*>(y) + i, count - i, g * w);
  }
}

}  // namespace
