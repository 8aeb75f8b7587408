// Momentum in the form of Rumelhart, Hinton and Williams. That of Sutskever et al. is Sgd's.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {

Rumelhart::Rumelhart(const RumelhartOptions& options)
    : Optimizer(options.learning_rate, options.schedule, {"change"}), options_(options) {
  check_fraction("momentum", options.momentum);
  check_option("weight decay", options.weight_decay);
}

void Rumelhart::apply(const Variable& parameter, const Array& gradient, const Step& step,
                      std::span<const Variable> moments) {
  const Array w = parameter.next();
  const Array g = with_decay(gradient, w, weight_decay_of(parameter, options_.weight_decay));
  const Array change = options_.momentum * moments[0].read() - step.rate * g;
  parameter.set_next(w + change);
  moments[0].set_next(change);
}

}  // namespace retrograd::optim
