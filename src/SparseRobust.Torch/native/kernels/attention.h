// Between the matrix products of attention: rows of scores become dropped probabilities, and their gradients those of scores.
// Rows are padded to whole vectors; what lies beyond the columns counts as minus infinity.
namespace {

// score + mask of sixteen columns from j on.
SR_INLINE Floats masked_scores(const AttentionRows& a, int64_t row, int64_t j) {
  Floats v;
  load(a.scores + row * a.stride + j, v);
  if (a.mask != nullptr) {
    Floats mask;
    load(a.mask + row * a.mask_stride + j, a.columns - j, mask);
    v += mask;
  }
  const int64_t left = a.columns - j;
  if (left < kLanes) v = select((Words)(iota() < static_cast<uint32_t>(left)), v, Floats{} - __builtin_inff());
  return v;
}

void attention_forward(const AttentionRows& a) {
  for (int64_t row = 0; row < a.rows; ++row) {
    float* scores = a.scores + row * a.stride;
    Floats highest = Floats{} - __builtin_inff(), sums = {};
    for (int64_t j = 0; j < a.stride; j += kLanes) {
      const Floats v = masked_scores(a, row, j);
      store(scores + j, v);
      highest = select((Words)(v > highest), v, highest);
    }
    float top = highest[0];
    for (int64_t i = 1; i < kLanes; ++i) top = highest[i] > top ? highest[i] : top;
    for (int64_t j = 0; j < a.stride; j += kLanes) {
      Floats v;
      load(scores + j, v);
      v = exp_of(v - top);
      sums += v;
      store(scores + j, v);
    }
    const float scale = 1.0f / sum(sums);
    for (int64_t j = 0; j < a.stride; j += kLanes) {
      Floats v, factors;
      load(scores + j, v);
      v *= scale;
      if (a.draw.threshold != 0) {
        dropout_factors(a.draw, a.first + static_cast<uint64_t>(row * a.columns + j), factors);
        v *= factors;
      }
      store(scores + j, v);
    }
    a.softmax[2 * row] = top;
    a.softmax[2 * row + 1] = scale;
  }
}

// scores: scaled scores -> dropped probabilities. grads: those of the dropped probabilities -> those of the scores.
void attention_backward(const AttentionRows& a) {
  for (int64_t row = 0; row < a.rows; ++row) {
    float* scores = a.scores + row * a.stride;
    float* grads = a.grads + row * a.stride;
    const float top = a.softmax[2 * row], scale = a.softmax[2 * row + 1];
    Floats products = {};
    for (int64_t j = 0; j < a.stride; j += kLanes) {
      const Floats p = exp_of(masked_scores(a, row, j) - top) * scale;
      Floats g, dropped = p;
      load(grads + j, g);
      keep_first(g, a.columns - j);
      if (a.draw.threshold != 0) {
        Floats factors;
        dropout_factors(a.draw, a.first + static_cast<uint64_t>(row * a.columns + j), factors);
        g *= factors;
        dropped *= factors;
      }
      products += p * g;
      store(a.row + j, p);
      store(grads + j, g);
      store(scores + j, dropped);
    }
    const float product = sum(products);
    for (int64_t j = 0; j < a.stride; j += kLanes) {
      Floats p, g;
      load(a.row + j, p);
      load(grads + j, g);
      store(grads + j, p * (g - product));
    }
  }
}

void widen(const void* x, float* y, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) {
    Floats v;
    load(static_cast<const BFloat16*>(x) + i, count - i, v);
    store(y + i, count - i, v);
  }
}

void narrow(const float* x, void* y, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) {
    Floats v;
    load(x + i, count - i, v);
    store(static_cast<BFloat16*>(y) + i, count - i, v);
  }
}

}  // namespace
