// sgd_momentum_update: everything about the op except its kernels.
#include "core/attributes/sgd_momentum_update.h"

#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

using attributes::SgdMomentumUpdate;

// w, g, velocity [...], learning_rate [] -> w, velocity [...]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 4);
  expect_floating(args, 0);
  expect_same_type(args, 0, 1);
  expect_same_type(args, 0, 2);
  expect_scalar(args, 3, args.inputs[0].dtype);
  return {args.inputs[0], args.inputs[0]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& c = e.attributes.as<SgdMomentumUpdate>();
  const Array& w = e.x(0);
  Array d = e.x(1);
  if (c.weight_decay != 0.0) d = d + w * c.weight_decay;
  const Array velocity = e.x(2) * c.momentum + d;
  const Array direction = c.nesterov ? d + velocity * c.momentum : velocity;
  return {w - e.x(3) * direction, velocity};
}

}  // namespace

extern constinit const OpDef sgd_momentum_update_op{
    .name = "sgd_momentum_update",
    .summary = "One step of stochastic gradient descent with momentum, plain or Nesterov's.",
    .equation = "u' = mu u + g + lambda w, w' = w - eta u' (Nesterov: w' = w - eta (g + lambda w + mu u'))",
    .latex = R"(u' = \mu u + g + \lambda w, \quad w' = w - \eta u')",
    .source =
        "Sutskever, Martens, Dahl, Hinton 2013, in the form whose velocity is free of the learning rate",
    .shape = shape,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}, {3, 5}, {3, 5}, Shape{}}, .attributes = SgdMomentumUpdate{}},
              {.shapes = {{7}, {7}, {7}, Shape{}},
               .attributes = SgdMomentumUpdate{.momentum = 0.8, .nesterov = true, .weight_decay = 0.1}}};
        },
};

}  // namespace ops

std::array<Array, 2> sgd_momentum_update(const Array& w, const Array& g, const Array& velocity,
                                         const Array& learning_rate, const SgdConstants& constants) {
  const std::vector<Array> next =
      apply(ops::sgd_momentum_update_op, {w, g, velocity, learning_rate},
            attributes::SgdMomentumUpdate{.momentum = constants.momentum,
                                          .nesterov = constants.nesterov,
                                          .weight_decay = constants.weight_decay});
  return {next[0], next[1]};
}

}  // namespace retrograd
