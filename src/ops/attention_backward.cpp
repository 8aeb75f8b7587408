// attention_backward: the cotangents of the inputs of attention, everything about it except its kernels.
#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/attention_parts.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

using attributes::Attention;

// q [N, T, H, D], k [N, S, H', D], v [N, S, H', V], log_sums [N, T, H], dy [N, T, H, V], delta [N, T, H]
// -> dq, dk, dv of the types of q, k, v
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_attention(args, 6);
  const TensorType& q = args.inputs[0];
  const TensorType rows{q.dtype, Shape{q.shape[0], q.shape[1], q.shape[2]}};
  TensorType y = rows;
  y.shape.push_back(args.inputs[2].shape[3]);
  if (args.inputs[3] != rows || args.inputs[4] != y || args.inputs[5] != rows) {
    fail(ErrorKind::shape, "attention_backward: {}, {}, {}; expected {}, {}, {}", args.inputs[3].to_string(),
         args.inputs[4].to_string(), args.inputs[5].to_string(), rows.to_string(), y.to_string(),
         rows.to_string());
  }
  return {q, args.inputs[1], args.inputs[2]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const AttentionSizes z = AttentionSizes::of(e.x(0).shape(), e.x(1).shape(), e.x(2).shape());
  const Shape all{z.N, z.H, z.T, z.S};
  const Shape grouped{z.N, z.K, z.G * z.T, z.S};
  const Array weights = weights_of(scores_of(e, 6), e.x(3));
  const Array dy = by_group(e.x(4), z.K);
  const Array d_weights = reshape(matmul(dy, transpose(e.x(2), {0, 2, 3, 1})), all);
  const Array delta = expand_dims(transpose(e.x(5), {0, 2, 1}), 3);
  const Array d_scores = reshape(weights * (d_weights - delta) * e.attributes.as<Attention>().scale, grouped);
  const auto transposed = [](const Array& x) { return transpose(x, {0, 1, 3, 2}); };
  const Array dq = matmul(d_scores, transpose(e.x(1), {0, 2, 1, 3}));
  const Array dk = matmul(transposed(d_scores), by_group(e.x(0), z.K));
  const Array dv = matmul(transposed(reshape(weights, grouped)), dy);
  return {from_groups(dq, z.T, z.H), transpose(dk, {0, 2, 1, 3}), transpose(dv, {0, 2, 1, 3})};
}

}  // namespace

extern constinit const OpDef attention_backward_op{
    .name = "attention_backward",
    .summary = "The cotangents of q, k and v of attention, from the logarithms of its sums.",
    .equation = "dv = P^T dy, dS = P (dy v^T - delta) scale, dq = dS k, dk = dS^T q, P = exp(S - l)",
    .latex = R"(\partial S = P \circ (\partial Y V^\top - \delta))",
    .source = "Dao et al. 2022, appendix B",
    .shape = shape,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 3, 2, 3}, {2, 4, 2, 3}, {2, 4, 2, 2}, {2, 3, 2}, {2, 3, 2, 2}, {2, 3, 2}},
               .attributes = Attention{.scale = 0.5},
               .low = -1,
               .high = 1},
              {.shapes = {{1, 3, 4, 2}, {1, 5, 2, 2}, {1, 5, 2, 3}, {1, 3, 4}, {1, 3, 4, 3}, {1, 3, 4}},
               .attributes = Attention{.causal = true, .scale = 0.7},
               .low = -1,
               .high = 1},
              {.shapes = {{2, 2, 2, 3},
                          {2, 3, 1, 3},
                          {2, 3, 1, 2},
                          {2, 2, 2},
                          {2, 2, 2, 2},
                          {2, 2, 2},
                          {2},
                          {2, 2, 2, 3}},
               .attributes = Attention{.scale = 0.1, .has_lengths = true, .has_mask = true},
               .low = 0,
               .high = 3,
               .dtypes = {DType::f64, DType::f64, DType::f64, DType::f64, DType::f64, DType::f64, DType::i32,
                          DType::boolean}}};
        },
};

}  // namespace retrograd::ops
