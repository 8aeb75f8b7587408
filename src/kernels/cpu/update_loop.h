// The inner loops of optimizer updates, for the best instruction set that the processor has. The equations
// stand in the ops' definitions (src/ops/adam_update.cpp, src/ops/sgd_momentum_update.cpp).
#pragma once

#include <cstdint>

namespace retrograd::kernels::cpu {

// Outputs may be the inputs that they follow, or null.
struct AdamRow {
  const float *w, *g, *m, *v;
  float *w_next, *m_next, *v_next;
  float learning_rate, correction1, correction2;
  float beta1, beta2, rest1, rest2;  // rest = 1 - beta
  float epsilon, weight_decay;
};
using AdamFunction = void (*)(const AdamRow& row, std::int64_t count);
AdamFunction adam_function();

struct MomentumRow {
  const float *w, *g, *u;
  float *w_next, *u_next;
  float learning_rate, momentum, weight_decay;
  bool nesterov;
};
using MomentumFunction = void (*)(const MomentumRow& row, std::int64_t count);
MomentumFunction momentum_function();

}  // namespace retrograd::kernels::cpu
