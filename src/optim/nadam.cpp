// Nadam: Adam with Nesterov's momentum.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {

Nadam::Nadam(const NadamOptions& options)
    : Optimizer(options.learning_rate, options.schedule, {"m", "v"}), options_(options) {
  check_fraction("beta1", options.beta1);
  check_fraction("beta2", options.beta2);
  check_option("epsilon", options.epsilon);
  check_option("weight decay", options.weight_decay);
}

void Nadam::apply(const Variable& parameter, const Array& gradient, const Step& step,
                  std::span<const Variable> moments) {
  const double beta1 = options_.beta1;
  const double beta2 = options_.beta2;
  const DType dtype = parameter.dtype();
  const Array m = beta1 * moments[0].read() + (1.0 - beta1) * gradient;
  const Array v = beta2 * moments[1].read() + (1.0 - beta2) * square(gradient);
  const Array next_share = beta1 / bias_correction(step.number + 1.0, beta1, dtype);
  const Array share = (1.0 - beta1) / bias_correction(step.number, beta1, dtype);
  const Array root = sqrt(v / bias_correction(step.number, beta2, dtype)) + options_.epsilon;
  const Array direction = (next_share * m + share * gradient) / root;
  const Array w = parameter.next();
  const double decay = weight_decay_of(parameter, options_.weight_decay);
  parameter.set_next(w - step.rate * with_decay(direction, w, decay));
  moments[0].set_next(m);
  moments[1].set_next(v);
}

}  // namespace retrograd::optim
