// Adam and AdamW. The update itself is an op, not found here.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include "optim/formulas.h"
#include "optim/names.h"

namespace retrograd::optim {
Adam::Adam(const AdamOptions& options)
    : Optimizer(options.learning_rate, options.schedule, {"m", "v"}), options_(options) {
  check_fraction("beta1", options.beta1);
  check_fraction("beta2", options.beta2);
  check_option("epsilon", options.epsilon);
  check_option("weight decay", options.weight_decay);
}

void Adam::apply(const Variable& parameter, const Array& gradient, const Step& step,
                 std::span<const Variable> moments) {
  const DType dtype = parameter.dtype();
  const AdamConstants constants{.beta1 = options_.beta1,
                                .beta2 = options_.beta2,
                                .epsilon = options_.epsilon,
                                .weight_decay = weight_decay_of(parameter, options_.weight_decay)};
  const auto [w, m, v] = adam_update(parameter.next(), gradient, moments[0].read(), moments[1].read(),
                                     step.rate, bias_correction(step.number, options_.beta1, dtype),
                                     bias_correction(step.number, options_.beta2, dtype), constants);
  parameter.set_next(w);
  moments[0].set_next(m);
  moments[1].set_next(v);
}

AdamW::AdamW(const AdamWOptions& options)
    : Adam({.learning_rate = options.learning_rate,
            .beta1 = options.beta1,
            .beta2 = options.beta2,
            .epsilon = options.epsilon,
            .weight_decay = options.weight_decay,
            .schedule = options.schedule}) {}

}  // namespace retrograd::optim
