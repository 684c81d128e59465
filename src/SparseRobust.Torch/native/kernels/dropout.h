namespace {

template <class T>
void dropout(const void* x, void* y, int64_t first, int64_t count, Draw draw) {
  const T* in = static_cast<const T*>(x);
  T* out = static_cast<T*>(y);
  for (int64_t i = 0; i < count; ++i)
    store(out, i, load(in, i) * dropout_factor(draw, static_cast<uint64_t>(first + i)));
}

}  // namespace
