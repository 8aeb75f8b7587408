// Stochastic gradient descent. The update with momentum is an op, not found here.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {

Sgd::Sgd(const SgdOptions& options)
    : Optimizer(options.learning_rate, options.schedule,
                options.momentum > 0.0 ? std::vector<Moment>{"velocity"} : std::vector<Moment>{}),
      options_(options) {
  check_fraction("momentum", options.momentum);
  check_option("weight decay", options.weight_decay);
}

void Sgd::apply(const Variable& parameter, const Array& gradient, const Step& step,
                std::span<const Variable> moments) {
  const double decay = weight_decay_of(parameter, options_.weight_decay);
  const Array w = parameter.next();
  if (moments.empty()) {
    parameter.set_next(w - step.rate * with_decay(gradient, w, decay));
    return;
  }
  const auto [next, velocity] = sgd_momentum_update(
      w, gradient, moments[0].read(), step.rate,
      {.momentum = options_.momentum, .nesterov = options_.nesterov, .weight_decay = decay});
  parameter.set_next(next);
  moments[0].set_next(velocity);
}

}  // namespace retrograd::optim
