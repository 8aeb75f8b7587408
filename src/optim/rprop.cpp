// Rprop: a step size for each element, by the signs of gradients alone.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "core/fail.h"
#include "optim/names.h"

namespace retrograd::optim {

Rprop::Rprop(const RpropOptions& options)
    : Optimizer(options.learning_rate, options.schedule, {"gradient", {"size", 1.0}}), options_(options) {
  if (!(options.shrink > 0.0 && options.shrink < 1.0 && options.grow > 1.0)) {
    fail(ErrorKind::argument,
         "optimizer: rprop shrinks by {} and grows by {}; expected 0 < shrink < 1 < grow", options.shrink,
         options.grow);
  }
  if (!(options.smallest > 0.0 && options.smallest <= 1.0 && options.largest >= 1.0)) {
    fail(ErrorKind::argument,
         "optimizer: rprop's step sizes are {} to {} learning rates; expected 0 < smallest <= 1 <= largest",
         options.smallest, options.largest);
  }
  check_option("grow", options.grow);
  check_option("largest", options.largest);
}

void Rprop::apply(const Variable& parameter, const Array& gradient, const Step& step,
                  std::span<const Variable> moments) {
  const Array before = moments[1].read();
  const Array agreement = sign(gradient) * sign(moments[0].read());
  const Array turned = greater(0.0, agreement);
  const Array larger = minimum(options_.grow * before, options_.largest);
  const Array smaller = maximum(options_.shrink * before, options_.smallest);
  const Array size = where(greater(agreement, 0.0), larger, where(turned, smaller, before));
  const Array g = where(turned, 0.0, gradient);
  parameter.set_next(parameter.next() - step.rate * (size * sign(g)));
  moments[0].set_next(g);
  moments[1].set_next(size);
}

}  // namespace retrograd::optim
