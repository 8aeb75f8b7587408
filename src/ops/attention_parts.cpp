// The shapes of attention and its scores in simpler ops.
#include "ops/attention_parts.h"

#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

[[noreturn]] void wrong(const ShapeArgs& args) {
  fail(ErrorKind::shape,
       "{}: q {}, k {}, v {}; expected [N, T, H, D], [N, S, H', D] and [N, S, H', V] with H a multiple of H'",
       args.name(), args.inputs[0].to_string(), args.inputs[1].to_string(), args.inputs[2].to_string());
}

// 0, 1, ..., along `axis` of four.
Array positions(std::int64_t count, int axis) {
  Shape shape{1, 1, 1, 1};
  shape[axis] = count;
  return cumulative_sum(ones(shape, DType::i32), axis, false, true);
}

void conjoin(Array& seen, const Array& condition) {
  seen = seen.empty() ? condition : logical_and(seen, condition);
}

// bool [N, H, T, S] or empty.
Array seen_keys(const ExpandArgs& e, const AttentionSizes& z, std::size_t extras) {
  const auto& a = e.attributes.as<attributes::Attention>();
  const Shape all{z.N, z.H, z.T, z.S};
  Array seen;
  if (a.causal) {
    const Array last = positions(z.T, 2) + static_cast<double>(z.S - z.T);
    conjoin(seen, broadcast_to(less_equal(positions(z.S, 3), last), all));
  }
  if (a.has_lengths) {
    const Array lengths = reshape(e.x(extras), Shape{z.N, 1, 1, 1});
    conjoin(seen, broadcast_to(less(positions(z.S, 3), lengths), all));
  }
  if (a.has_mask) conjoin(seen, e.x(extras + (a.has_lengths ? 1 : 0)));
  return seen;
}

}  // namespace

void expect_attention(const ShapeArgs& args, std::size_t extras) {
  const auto& a = args.attributes.as<attributes::Attention>();
  expect_inputs(args, extras + (a.has_lengths ? 1 : 0) + (a.has_mask ? 1 : 0));
  for (std::size_t i = 0; i < 3; ++i) expect_floating(args, i);
  const Shape& q = args.inputs[0].shape;
  const Shape& k = args.inputs[1].shape;
  const Shape& v = args.inputs[2].shape;
  if (q.rank() != 4 || k.rank() != 4 || v.rank() != 4) wrong(args);
  const bool fits = k[0] == q[0] && v[0] == q[0] && v[1] == k[1] && v[2] == k[2] && k[3] == q[3];
  if (!fits || k[2] == 0 || q[2] % k[2] != 0 || k[1] == 0 || q.size() == 0 || v.size() == 0) wrong(args);
  for (std::size_t i = 1; i < 3; ++i) {
    if (args.inputs[i].dtype != args.inputs[0].dtype) {
      fail(ErrorKind::dtype, "{}: dtypes {} and {} differ; expected one dtype: convert one with cast()",
           args.name(), name(args.inputs[0].dtype), name(args.inputs[i].dtype));
    }
  }
  std::size_t next = extras;
  if (a.has_lengths && args.inputs[next++] != TensorType{DType::i32, Shape{q[0]}}) {
    fail(ErrorKind::shape, "{}: lengths are {}; expected i32[{}]", args.name(),
         args.inputs[extras].to_string(), q[0]);
  }
  const TensorType mask{DType::boolean, Shape{q[0], q[2], q[1], k[1]}};
  if (a.has_mask && args.inputs[next] != mask) {
    fail(ErrorKind::shape, "{}: the mask is {}; expected {}", args.name(), args.inputs[next].to_string(),
         mask.to_string());
  }
}

Array by_group(const Array& x, std::int64_t groups) {
  const Shape& s = x.shape();  // [N, T, H, D]
  const Array apart = reshape(x, Shape{s[0], s[1], groups, s[2] / groups, s[3]});
  return reshape(transpose(apart, {0, 2, 3, 1, 4}), Shape{s[0], groups, s[2] / groups * s[1], s[3]});
}

Array from_groups(const Array& x, std::int64_t T, std::int64_t H) {
  const Shape& s = x.shape();  // [N, H', G T, D]
  const Array apart = reshape(x, Shape{s[0], s[1], H / s[1], T, s[3]});
  return reshape(transpose(apart, {0, 3, 1, 2, 4}), Shape{s[0], T, H, s[3]});
}

Scores scores_of(const ExpandArgs& e, std::size_t extras) {
  const AttentionSizes z = AttentionSizes::of(e.x(0).shape(), e.x(1).shape(), e.x(2).shape());
  const Array products = matmul(by_group(e.x(0), z.K), transpose(e.x(1), {0, 2, 3, 1}));
  const Array scaled =
      reshape(products, Shape{z.N, z.H, z.T, z.S}) * e.attributes.as<attributes::Attention>().scale;
  const Array seen = seen_keys(e, z, extras);
  return {seen.empty() ? scaled : where(seen, scaled, unseen), seen};
}

Array weights_of(const Scores& scores, const Array& log_sums) {
  const Array weights = exp(scores.values - expand_dims(transpose(log_sums, {0, 2, 1}), 3));
  return scores.seen.empty() ? weights : where(scores.seen, weights, 0.0);
}

}  // namespace retrograd::ops
