// The constants of adam_update; their meaning stands in <retrograd/ops.h>.
#pragma once

namespace retrograd::attributes {

struct AdamUpdate {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;
  template <class F>
  void fields(F& f) const {
    f("beta1", beta1);
    f("beta2", beta2);
    f("epsilon", epsilon);
    f("weight_decay", weight_decay);
  }
};

}  // namespace retrograd::attributes
