// lstm_backward: the cotangents of z, h0 and c0 of lstm; everything about it except its kernels.
#include <retrograd/ops.h>

#include "ops/recurrent_parts.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

using attributes::Recurrent;

// w [H, 4 H], c0 [N, H], c [N, T, H], gates [N, T, 4 H], dh [N, T, H], dc [N, T, H] and dgates [N, T, 4 H]
// where the attributes say so -> dz [N, T, 4 H], dh0, dc0 [N, H]
std::vector<TensorType> shape(const ShapeArgs& args) {
  const auto& a = args.attributes.as<Recurrent>();
  std::vector<RecurrentInput> wanted{
      {"w", "HH", 4}, {"c0", "NH"}, {"c", "NTH"}, {"gates", "NTH", 4}, {"dh", "NTH"}};
  if (a.has_dc) wanted.push_back({"dc", "NTH"});
  if (a.has_dgates) wanted.push_back({"dgates", "NTH", 4});
  expect_recurrent(args, wanted);
  return {args.inputs[3], args.inputs[1], args.inputs[1]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& a = e.attributes.as<Recurrent>();
  const std::int64_t T = e.x(2).shape()[1];
  const Array before = states_before(e.x(2), e.x(1), a.reverse);
  std::vector<Array> dz(static_cast<std::size_t>(T));
  Array dh_carried = zeros_like(e.x(1)), dc_carried = zeros_like(e.x(1));
  for (const std::int64_t t : order_of_steps(T, !a.reverse)) {
    const Array within = is_within(e, t);
    const std::vector<Array> gates = split(step_of(e.x(3), t), 4, 1);
    const Array &i = gates[0], &f = gates[1], &g = gates[2], &o = gates[3];
    const Array dh = step_of(e.x(4), t) + dh_carried;
    const Array dc = a.has_dc ? step_of(e.x(5), t) + dc_carried : dc_carried;
    const Array squashed = tanh(step_of(e.x(2), t));
    const Array dcell = dc + dh * o * (1.0 - square(squashed));
    Array slopes = concatenate({dcell * g, dcell * step_of(before, t), dcell * i, dh * squashed}, 1);
    if (a.has_dgates) slopes = slopes + step_of(e.x(a.has_dc ? 6 : 5), t);
    const std::vector<Array> d = split(slopes, 4, 1);
    const auto of_sigmoid = [](const Array& y) { return y * (1.0 - y); };
    const Array sums = concatenate(
        {d[0] * of_sigmoid(i), d[1] * of_sigmoid(f), d[2] * (1.0 - square(g)), d[3] * of_sigmoid(o)}, 1);
    const Array here = held(within, sums, 0.0);
    dz[static_cast<std::size_t>(t)] = here;
    dh_carried = held(within, matmul(here, transpose(e.x(0))), dh);
    dc_carried = held(within, dcell * f, dc);
  }
  return {in_time(dz), dh_carried, dc_carried};
}

}  // namespace

extern constinit const OpDef lstm_backward_op{
    .name = "lstm_backward",
    .summary = "The cotangents of the input part and the first states of a layer of long short-term memory.",
    .equation =
        "dc_t += dh_t o (1 - tanh(c_t)^2); dz_t = (dc_t g i', dc_t c_(t-1) f', dc_t i g', dh_t tanh(c_t) "
        "o'); "
        "dh_(t-1) += dz_t w^T, dc_(t-1) += dc_t f",
    .latex =
        R"(\partial h_{t-1} \mathrel{+}= \partial z_t W^\top, \quad \partial c_{t-1} \mathrel{+}= \partial c_t \circ f_t)",
    .source = "Graves and Schmidhuber 2005, appendix A",
    .shape = shape,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 8}, {2, 2}, {2, 3, 2}, {2, 3, 8}, {2, 3, 2}},
               .attributes = Recurrent{},
               .low = -1,
               .high = 1},
              {.shapes = {{3, 12}, {1, 3}, {1, 2, 3}, {1, 2, 12}, {1, 2, 3}, {1, 2, 3}, {1, 2, 12}},
               .attributes = Recurrent{.reverse = true, .has_dc = true, .has_dgates = true},
               .low = -1,
               .high = 1},
              {.shapes = {{1, 4}, {3, 1}, {3, 4, 1}, {3, 4, 4}, {3, 4, 1}, {3, 4, 1}, {3}},
               .attributes = Recurrent{.has_lengths = true, .has_dc = true},
               .low = 0,
               .high = 2,
               .dtypes = {DType::f64, DType::f64, DType::f64, DType::f64, DType::f64, DType::f64,
                          DType::i32}}};
        },
};

}  // namespace retrograd::ops
