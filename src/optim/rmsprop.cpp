// RMSprop: gradients divided by the root of their running mean square.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {

RmsProp::RmsProp(const RmsPropOptions& options)
    : Optimizer(options.learning_rate, options.schedule,
                options.momentum > 0.0 ? std::vector<Moment>{"v", "velocity"} : std::vector<Moment>{"v"}),
      options_(options) {
  check_fraction("alpha", options.alpha);
  check_option("epsilon", options.epsilon);
  check_fraction("momentum", options.momentum);
  check_option("weight decay", options.weight_decay);
}

void RmsProp::apply(const Variable& parameter, const Array& gradient, const Step& step,
                    std::span<const Variable> moments) {
  const Array w = parameter.next();
  const Array g = with_decay(gradient, w, weight_decay_of(parameter, options_.weight_decay));
  const Array v = options_.alpha * moments[0].read() + (1.0 - options_.alpha) * square(g);
  Array direction = g / (sqrt(v) + options_.epsilon);
  moments[0].set_next(v);
  if (moments.size() > 1) {
    direction = options_.momentum * moments[1].read() + direction;
    moments[1].set_next(direction);
  }
  parameter.set_next(w - step.rate * direction);
}

}  // namespace retrograd::optim
