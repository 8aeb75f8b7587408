// The gradient that cross_entropy_with_logits calls.
#pragma once

#include <retrograd/array.h>

namespace retrograd::ops {

// logits [N, K], labels [N], dy [N] -> dlogits [N, K]
Array cross_entropy_with_logits_gradient(const Array& logits, const Array& labels, const Array& dy);

}  // namespace retrograd::ops
