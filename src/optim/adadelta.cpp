// Adadelta: steps in the units of earlier steps.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {

Adadelta::Adadelta(const AdadeltaOptions& options)
    : Optimizer(options.learning_rate, options.schedule, {"v", "u"}), options_(options) {
  check_fraction("rho", options.rho);
  check_option("epsilon", options.epsilon);
  check_option("weight decay", options.weight_decay);
}

void Adadelta::apply(const Variable& parameter, const Array& gradient, const Step& step,
                     std::span<const Variable> moments) {
  const double rho = options_.rho;
  const Array w = parameter.next();
  const Array u = moments[1].read();
  const Array g = with_decay(gradient, w, weight_decay_of(parameter, options_.weight_decay));
  const Array v = rho * moments[0].read() + (1.0 - rho) * square(g);
  const Array change = sqrt(u + options_.epsilon) / sqrt(v + options_.epsilon) * g;
  parameter.set_next(w - step.rate * change);
  moments[0].set_next(v);
  moments[1].set_next(rho * u + (1.0 - rho) * square(change));
}

}  // namespace retrograd::optim
