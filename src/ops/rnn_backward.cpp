// rnn_backward: the cotangents of z and h0 of rnn; everything about it except its kernels.
#include <retrograd/ops.h>

#include "ops/recurrent_parts.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

using attributes::Recurrent;

// w [H, H], h [N, T, H], h0 [N, H], dh [N, T, H] -> dz [N, T, H], dh0 [N, H]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_recurrent(args, {{"w", "HH"}, {"h", "NTH"}, {"h0", "NH"}, {"dh", "NTH"}});
  return {args.inputs[1], args.inputs[2]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& a = e.attributes.as<Recurrent>();
  const std::int64_t T = e.x(1).shape()[1];
  std::vector<Array> dz(static_cast<std::size_t>(T));
  Array carried = zeros_like(e.x(2));
  for (const std::int64_t t : order_of_steps(T, !a.reverse)) {
    const Array within = is_within(e, t);
    const Array h = step_of(e.x(1), t);
    const Array dh = step_of(e.x(3), t) + carried;
    const Array slope = a.relu ? where(greater(h, 0.0), dh, 0.0) : dh * (1.0 - square(h));
    const Array here = held(within, slope, 0.0);
    dz[static_cast<std::size_t>(t)] = here;
    carried = held(within, matmul(here, transpose(e.x(0))), dh);
  }
  return {in_time(dz), carried};
}

}  // namespace

extern constinit const OpDef rnn_backward_op{
    .name = "rnn_backward",
    .summary = "The cotangents of a recurrent layer's input part and first state.",
    .equation = "dz_t = f'(h_t) (dh_t + dz_(t+1) w^T)",
    .latex = R"(\partial z_t = f'(h_t) \circ (\partial h_t + \partial z_{t+1} W^\top))",
    .source = "Goodfellow, Bengio, Courville 2016, 10.2.2",
    .shape = shape,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 2}, {2, 3, 2}, {2, 2}, {2, 3, 2}},
               .attributes = Recurrent{},
               .low = -1,
               .high = 1},
              {.shapes = {{3, 3}, {2, 3, 3}, {2, 3}, {2, 3, 3}},
               .attributes = Recurrent{.relu = true},
               .low = 0.1,
               .high = 0.9},
              {.shapes = {{2, 2}, {3, 4, 2}, {3, 2}, {3, 4, 2}, {3}},
               .attributes = Recurrent{.reverse = true, .has_lengths = true},
               .low = 0,
               .high = 2,
               .dtypes = {DType::f64, DType::f64, DType::f64, DType::f64, DType::i32}}};
        },
};

}  // namespace retrograd::ops
