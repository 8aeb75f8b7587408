// The constants of sgd_momentum_update; their meaning stands in <retrograd/ops.h>.
#pragma once

namespace retrograd::attributes {

struct SgdMomentumUpdate {
  double momentum = 0.9;
  bool nesterov = false;
  double weight_decay = 0.0;
  template <class F>
  void fields(F& f) const {
    f("momentum", momentum);
    f("nesterov", nesterov);
    f("weight_decay", weight_decay);
  }
};

}  // namespace retrograd::attributes
