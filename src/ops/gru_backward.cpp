// gru_backward: the cotangents of z, of the products h w and of h0 of gru; everything about it except its
// kernels.
#include <retrograd/ops.h>

#include "ops/recurrent_parts.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

using attributes::Recurrent;

// w [H, 3 H], h0 [N, H], h [N, T, H], gates [N, T, 4 H], dh [N, T, H], dgates [N, T, 4 H] where the
// attributes say so -> dz, da [N, T, 3 H], dh0 [N, H]
std::vector<TensorType> shape(const ShapeArgs& args) {
  std::vector<RecurrentInput> wanted{
      {"w", "HH", 3}, {"h0", "NH"}, {"h", "NTH"}, {"gates", "NTH", 4}, {"dh", "NTH"}};
  if (args.attributes.as<Recurrent>().has_dgates) wanted.push_back({"dgates", "NTH", 4});
  const Shape sizes = expect_recurrent(args, wanted);
  const TensorType d{args.inputs[0].dtype, Shape{sizes[0], sizes[1], 3 * sizes[2]}};
  return {d, d, args.inputs[1]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& a = e.attributes.as<Recurrent>();
  const std::int64_t T = e.x(2).shape()[1];
  const Array before = states_before(e.x(2), e.x(1), a.reverse);
  const auto size = static_cast<std::size_t>(T);
  std::vector<Array> dz(size), da(size);
  Array carried = zeros_like(e.x(1));
  for (const std::int64_t t : order_of_steps(T, !a.reverse)) {
    const Array within = is_within(e, t);
    const std::vector<Array> gates = split(step_of(e.x(3), t), 4, 1);
    const Array &r = gates[0], &u = gates[1], &n = gates[2], &m = gates[3];
    const Array dh = step_of(e.x(4), t) + carried;
    Array dr, du = dh * (step_of(before, t) - n), dn = dh * (1.0 - u), dm;
    std::vector<Array> given;
    if (a.has_dgates) given = split(step_of(e.x(5), t), 4, 1);
    if (a.has_dgates) du = du + given[1], dn = dn + given[2];
    const Array sum_n = dn * (1.0 - square(n));
    dr = sum_n * m;
    dm = sum_n * r;
    if (a.has_dgates) dr = dr + given[0], dm = dm + given[3];
    const Array sum_r = dr * r * (1.0 - r), sum_u = du * u * (1.0 - u);
    dz[static_cast<std::size_t>(t)] = held(within, concatenate({sum_r, sum_u, sum_n}, 1), 0.0);
    const Array here = held(within, concatenate({sum_r, sum_u, dm}, 1), 0.0);
    da[static_cast<std::size_t>(t)] = here;
    carried = held(within, dh * u + matmul(here, transpose(e.x(0))), dh);
  }
  return {in_time(dz), in_time(da), carried};
}

}  // namespace

extern constinit const OpDef gru_backward_op{
    .name = "gru_backward",
    .summary = "The cotangents of the input part, the recurrent products and the first state of gated units.",
    .equation =
        "dn = dh (1 - u) n', dr = dn m r', du = dh (h_(t-1) - n) u'; dz = (dr, du, dn), da = (dr, du, dn r); "
        "dh_(t-1) += dh u + da w^T",
    .latex = R"(\partial h_{t-1} \mathrel{+}= \partial h_t \circ u_t + \partial a_t W^\top)",
    .source = "Cho et al. 2014, differentiated",
    .shape = shape,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 6}, {2, 2}, {2, 3, 2}, {2, 3, 8}, {2, 3, 2}},
               .attributes = Recurrent{},
               .low = -1,
               .high = 1},
              {.shapes = {{3, 9}, {1, 3}, {1, 2, 3}, {1, 2, 12}, {1, 2, 3}, {1, 2, 12}},
               .attributes = Recurrent{.reverse = true, .has_dgates = true},
               .low = -1,
               .high = 1},
              {.shapes = {{1, 3}, {3, 1}, {3, 4, 1}, {3, 4, 4}, {3, 4, 1}, {3}},
               .attributes = Recurrent{.has_lengths = true},
               .low = 0,
               .high = 2,
               .dtypes = {DType::f64, DType::f64, DType::f64, DType::f64, DType::f64, DType::i32}}};
        },
};

}  // namespace retrograd::ops
