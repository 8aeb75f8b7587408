// attention: everything about the op except its kernels. The op of its gradient is in attention_backward.cpp,
// what both share in attention_parts.cpp.
#include <retrograd/attention.h>
#include <retrograd/ops.h>

#include <cmath>

#include "core/fail.h"
#include "ops/attention_parts.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {

extern const OpDef attention_backward_op;

namespace {

using attributes::Attention;

// q [N, T, H, D], k [N, S, H', D], v [N, S, H', V] -> y [N, T, H, V], log_sums [N, T, H]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_attention(args, 3);
  const Shape& q = args.inputs[0].shape;
  const Shape& v = args.inputs[2].shape;
  const DType dtype = args.inputs[0].dtype;
  return {{dtype, Shape{q[0], q[1], q[2], v[3]}}, {dtype, Shape{q[0], q[1], q[2]}}};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const AttentionSizes z = AttentionSizes::of(e.x(0).shape(), e.x(1).shape(), e.x(2).shape());
  const Scores scores = scores_of(e, 3);
  Array log_sums = transpose(logsumexp(scores.values, 3), {0, 2, 1});
  if (!scores.seen.empty()) log_sums = where(greater(log_sums, unseen / 2), log_sums, 0.0);
  const Array weights = reshape(weights_of(scores, log_sums), Shape{z.N, z.K, z.G * z.T, z.S});
  const Array y = matmul(weights, transpose(e.x(2), {0, 2, 1, 3}));
  return {from_groups(y, z.T, z.H), log_sums};
}

// With P = exp(S - log_sums) and dP = dy v^T: dS = P (dP - (dy . y - d log_sums)).
std::vector<Array> vjp(const VjpArgs& v) {
  const Array dy = v.dy(0).empty() ? zeros_like(v.y(0)) : v.dy(0);
  Array delta = sum(dy * v.y(0), 3);
  if (!v.dy(1).empty()) delta = delta - v.dy(1);
  std::vector<Array> inputs{v.x(0), v.x(1), v.x(2), v.y(1), dy, delta};
  inputs.insert(inputs.end(), v.inputs.begin() + 3, v.inputs.end());
  std::vector<Array> slopes = apply(attention_backward_op, inputs, v.attributes);
  slopes.resize(v.inputs.size());
  return slopes;
}

}  // namespace

extern constinit const OpDef attention_op{
    .name = "attention",
    .summary = "Means of values, weighted by the softmax of scaled products of queries and keys.",
    .equation =
        "y_t = sum_s P_ts v_s, P_ts = exp(S_ts - l_t), l_t = ln sum_s exp(S_ts), S_ts = scale q_t . k_s",
    .latex = R"(Y = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{D}}\right) V)",
    .source = "Vaswani et al. 2017, 3.2.1; Dao et al. 2022",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .convention = "A query that sees no key gives 0, and a logarithm of 0, with derivative 0.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 3, 2, 3}, {2, 4, 2, 3}, {2, 4, 2, 2}}, .attributes = Attention{.scale = 0.5}},
              {.shapes = {{1, 3, 4, 2}, {1, 5, 2, 2}, {1, 5, 2, 3}},
               .attributes = Attention{.causal = true, .scale = 0.7}},
              {.shapes = {{2, 2, 2, 3}, {2, 3, 1, 3}, {2, 3, 1, 2}, {2}, {2, 2, 2, 3}},
               .attributes = Attention{.scale = 0.1, .has_lengths = true, .has_mask = true},
               .low = 0,
               .high = 3,
               .dtypes = {DType::f64, DType::f64, DType::f64, DType::i32, DType::boolean}}};
        },
};

}  // namespace ops

Array attention(const Array& q, const Array& k, const Array& v, const AttentionOptions& options) {
  const Shape& in = ops::given(q, "attention").shape();
  const Shape& keys = ops::given(k, "attention").shape();
  ops::given(v, "attention");
  double scale = options.scale;
  if (scale == 0.0 && in.rank() == 4) scale = 1.0 / std::sqrt(static_cast<double>(in[3]));
  std::vector<Array> inputs{q, k, v};
  if (!options.lengths.empty()) inputs.push_back(options.lengths);
  if (!options.mask.empty() && in.rank() == 4 && keys.rank() == 4) {
    inputs.push_back(broadcast_to(options.mask, Shape{in[0], in[2], in[1], keys[1]}));
  }
  return apply(ops::attention_op, inputs,
               attributes::Attention{.causal = options.causal,
                                     .scale = scale,
                                     .has_lengths = !options.lengths.empty(),
                                     .has_mask = !options.mask.empty()})[0];
}

}  // namespace retrograd
