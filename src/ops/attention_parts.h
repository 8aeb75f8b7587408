// What the definitions of attention and of its backward op share.
#pragma once

#include <retrograd/op.h>

#include "core/attributes/attention.h"

namespace retrograd::ops {

// N, T, H, D of q; S, G = H / H' heads of q for each of k; V.
struct AttentionSizes {
  std::int64_t N, T, H, D, S, K, G, V;  // K = H'
  static AttentionSizes of(const Shape& q, const Shape& k, const Shape& v) {
    return {q[0], q[1], q[2], q[3], k[1], k[2], q[2] / k[2], v[3]};
  }
};

// Inputs 0 to 2 are q, k, v that fit; lengths and mask, as the attributes say, stand from `extras` on.
void expect_attention(const ShapeArgs& args, std::size_t extras);

// Less than any score; no infinity, which a plain plan takes for a fault.
constexpr double unseen = -1e30;

// The scores [N, H, T, S], scaled, with `unseen` where a query does not see a key; and where it does:
// bool [N, H, T, S], empty: everywhere.
struct Scores {
  Array values;
  Array seen;
};
Scores scores_of(const ExpandArgs& e, std::size_t extras);
// exp(scores - log_sums), 0 where not seen; log_sums [N, T, H].
Array weights_of(const Scores& scores, const Array& log_sums);

// [N, T, H, D] -> [N, H', G T, D], the rows of a group's heads one after the other, and back.
Array by_group(const Array& x, std::int64_t groups);
Array from_groups(const Array& x, std::int64_t T, std::int64_t H);

}  // namespace retrograd::ops
