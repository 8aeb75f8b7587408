// Lion: steps by the sign of a running mean.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {

Lion::Lion(const LionOptions& options)
    : Optimizer(options.learning_rate, options.schedule, {"m"}), options_(options) {
  check_fraction("beta1", options.beta1);
  check_fraction("beta2", options.beta2);
  check_option("weight decay", options.weight_decay);
}

void Lion::apply(const Variable& parameter, const Array& gradient, const Step& step,
                 std::span<const Variable> moments) {
  const Array w = parameter.next();
  const Array m = moments[0].read();
  const Array direction = sign(options_.beta1 * m + (1.0 - options_.beta1) * gradient);
  const double decay = weight_decay_of(parameter, options_.weight_decay);
  parameter.set_next(w - step.rate * with_decay(direction, w, decay));
  moments[0].set_next(options_.beta2 * m + (1.0 - options_.beta2) * gradient);
}

}  // namespace retrograd::optim
