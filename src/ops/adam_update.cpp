// adam_update: everything about the op except its kernels. Not here: the step count and the corrections made
// of it, which are the optimizer's.
#include "core/attributes/adam_update.h"

#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

using attributes::AdamUpdate;

// w, g, m, v [...], learning_rate, correction1, correction2 [] -> w, m, v [...]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 7);
  expect_floating(args, 0);
  for (std::size_t i = 1; i < 4; ++i) expect_same_type(args, 0, i);
  const TensorType& w = args.inputs[0];
  for (std::size_t i = 4; i < 7; ++i) expect_scalar(args, i, w.dtype);
  return {w, w, w};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& c = e.attributes.as<AdamUpdate>();
  const Array& w = e.x(0);
  const Array& g = e.x(1);
  const Array m = e.x(2) * c.beta1 + g * (1.0 - c.beta1);
  const Array v = e.x(3) * c.beta2 + square(g) * (1.0 - c.beta2);
  Array direction = (m / e.x(5)) / (sqrt(v / e.x(6)) + c.epsilon);
  if (c.weight_decay != 0.0) direction = direction + w * c.weight_decay;
  return {w - e.x(4) * direction, m, v};
}

}  // namespace

extern constinit const OpDef adam_update_op{
    .name = "adam_update",
    .summary = "One step of Adam, with decoupled weight decay.",
    .equation =
        "m' = beta1 m + (1 - beta1) g, v' = beta2 v + (1 - beta2) g^2, "
        "w' = w - eta (m' / c1 / (sqrt(v' / c2) + epsilon) + lambda w)",
    .latex = R"(w' = w - \eta \left( \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda w \right))",
    .source = "Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithm 2",
    .shape = shape,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}, {3, 5}, {3, 5}, {3, 5}, Shape{}, Shape{}, Shape{}},
               .attributes = AdamUpdate{},
               .low = 0.1,
               .high = 0.9},
              {.shapes = {{7}, {7}, {7}, {7}, Shape{}, Shape{}, Shape{}},
               .attributes = AdamUpdate{.beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.1},
               .low = 0.1,
               .high = 0.9}};
        },
};

}  // namespace ops

std::array<Array, 3> adam_update(const Array& w, const Array& g, const Array& m, const Array& v,
                                 const Array& learning_rate, const Array& correction1,
                                 const Array& correction2, const AdamConstants& constants) {
  const std::vector<Array> next =
      apply(ops::adam_update_op, {w, g, m, v, learning_rate, correction1, correction2},
            attributes::AdamUpdate{.beta1 = constants.beta1,
                                   .beta2 = constants.beta2,
                                   .epsilon = constants.epsilon,
                                   .weight_decay = constants.weight_decay});
  return {next[0], next[1], next[2]};
}

}  // namespace retrograd
