// GELU(x + bias) by the normal distribution function, for rows of width numbers.
namespace {

template <class T>
void bias_gelu_forward(const BiasGelu& a, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    const T* x = static_cast<const T*>(a.x) + row * a.width;
    T* y = static_cast<T*>(a.y) + row * a.width;
    for (int64_t i = 0; i < a.width; i += kLanes) {
      Floats v, bias, distribution, density;
      load(x + i, a.width - i, v);
      load(a.bias + i, a.width - i, bias);
      v += bias;
      normal(v, distribution, density);
      store(y + i, a.width - i, v * distribution);
    }
  }
}

// The gradient of x, and the chunk's share of the bias's: share is [width], starting from zero.
template <class T>
void bias_gelu_backward(const BiasGelu& a, int64_t begin, int64_t end, float* share) {
  for (int64_t row = begin; row < end; ++row) {
    const T* x = static_cast<const T*>(a.x) + row * a.width;
    const T* grad = static_cast<const T*>(a.grad) + row * a.width;
    T* grad_x = static_cast<T*>(a.y) + row * a.width;
    for (int64_t i = 0; i < a.width; i += kLanes) {
      Floats v, bias, g, distribution, density, sums;
      load(x + i, a.width - i, v);
      load(a.bias + i, a.width - i, bias);
      load(grad + i, a.width - i, g);
      load(share + i, a.width - i, sums);
      v += bias;
      normal(v, distribution, density);
      g *= distribution + v * density;
      store(grad_x + i, a.width - i, g);
      store(share + i, a.width - i, sums + g);
    }
  }
}

}  // namespace
