// Adagrad: gradients divided by the root of the sum of their squares so far.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {

Adagrad::Adagrad(const AdagradOptions& options)
    : Optimizer(options.learning_rate, options.schedule, {"sum"}), options_(options) {
  check_option("epsilon", options.epsilon);
  check_option("weight decay", options.weight_decay);
}

void Adagrad::apply(const Variable& parameter, const Array& gradient, const Step& step,
                    std::span<const Variable> moments) {
  const Array w = parameter.next();
  const Array g = with_decay(gradient, w, weight_decay_of(parameter, options_.weight_decay));
  const Array squares = moments[0].read() + square(g);
  parameter.set_next(w - step.rate * (g / (sqrt(squares) + options_.epsilon)));
  moments[0].set_next(squares);
}

}  // namespace retrograd::optim
