// Formulas that several optimizers share.
#include "optim/formulas.h"

#include <cmath>

namespace retrograd::optim {

Array bias_correction(const Array& t, double beta, DType dtype) {
  if (beta == 0.0) return ones({}, dtype);
  const Array exact = 1.0 - exp(t * std::log(beta));
  return dtype == DType::f64 ? exact : cast(exact, dtype);
}

Array with_decay(const Array& g, const Array& w, double decay) { return decay == 0.0 ? g : g + decay * w; }

}  // namespace retrograd::optim
