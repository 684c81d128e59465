// Included once for each instruction set, inside a namespace and after the pragma that chooses it. Nothing in here may use a
// template or inline function from outside: the linker would keep one copy of it, perhaps the one for the newer processor.
#include "number.h"
#include "random.h"
#include "vector.h"
#include "math.h"
// The operators.
#include "adamw.h"
#include "add_norm.h"
#include "attention.h"
#include "dropout.h"
#include "gelu.h"
#include "mask.h"

const Kernels& table() {
  static constexpr Kernels kernels = {
      SR_CAPABILITY,
      {dropout<float>, dropout<BFloat16>},
      {{add_norm_forward<float, float>, add_norm_forward<float, BFloat16>}, {add_norm_forward<BFloat16, float>, add_norm_forward<BFloat16, BFloat16>}},
      {{add_norm_backward<float, float>, add_norm_backward<float, BFloat16>}, {add_norm_backward<BFloat16, float>, add_norm_backward<BFloat16, BFloat16>}},
      adamw,
      {{{mask_weight<float, float, float>, mask_weight<float, float, BFloat16>}, {mask_weight<float, BFloat16, float>, mask_weight<float, BFloat16, BFloat16>}},
       {{mask_weight<BFloat16, float, float>, mask_weight<BFloat16, float, BFloat16>}, {mask_weight<BFloat16, BFloat16, float>, mask_weight<BFloat16, BFloat16, BFloat16>}}},
      {{{score_gradient<float, float, float>, score_gradient<float, float, BFloat16>}, {score_gradient<float, BFloat16, float>, score_gradient<float, BFloat16, BFloat16>}},
       {{score_gradient<BFloat16, float, float>, score_gradient<BFloat16, float, BFloat16>}, {score_gradient<BFloat16, BFloat16, float>, score_gradient<BFloat16, BFloat16, BFloat16>}}},
      attention_forward,
      attention_backward,
      widen,
      narrow,
      {bias_gelu_forward<float>, bias_gelu_forward<BFloat16>},
      {bias_gelu_backward<float>, bias_gelu_backward<BFloat16>},
  };
  return kernels;
}
