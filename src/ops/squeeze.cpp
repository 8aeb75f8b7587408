// squeeze and expand_dims: axes of extent 1 away and in, by reshape; and tile, by broadcast_to.
#include <retrograd/ops.h>

#include <algorithm>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {

Array squeeze(const Array& x) {
  std::vector<int> axes;
  for (int axis = 0; axis < ops::given(x, "squeeze").rank(); ++axis) {
    if (x.shape()[axis] == 1) axes.push_back(axis);
  }
  return squeeze(x, axes);
}

Array squeeze(const Array& x, const Axes& axes) {
  const std::vector<std::int64_t> away = axes.normalised(ops::given(x, "squeeze").rank(), "squeeze");
  for (std::int64_t axis : away) {
    if (x.shape()[static_cast<int>(axis)] != 1) {
      fail(ErrorKind::shape, "squeeze: axis {} of {} has extent {}; expected 1", axis, x.type().to_string(),
           x.shape()[static_cast<int>(axis)]);
    }
  }
  return reshape(x, ops::reduced(x.shape(), away, false));
}

Array expand_dims(const Array& x, int axis) {
  const int at = normalise_axis(axis, ops::given(x, "expand_dims").rank() + 1, "expand_dims");
  Shape shape;
  for (int i = 0; i <= x.rank(); ++i) {
    if (i == at) shape.push_back(1);
    if (i < x.rank()) shape.push_back(x.shape()[i]);
  }
  return reshape(x, shape);
}

// x [..., N, ...] -> [..., 1, N, ...] -> [..., repeats, N, ...] -> [..., repeats N, ...]
Array tile(const Array& x, const std::vector<std::int64_t>& repeats) {
  const auto rank = static_cast<std::size_t>(ops::given(x, "tile").rank());
  if (repeats.size() < rank) {
    fail(ErrorKind::shape, "tile: {} repeats for rank {}; expected one for each axis or more", repeats.size(),
         rank);
  }
  const std::size_t front = repeats.size() - rank;
  Array result = x;
  for (std::size_t i = 0; i < front; ++i) result = expand_dims(result, 0);
  for (std::size_t i = 0; i < repeats.size(); ++i) {
    if (repeats[i] < 0) fail(ErrorKind::argument, "tile: {} repeats; expected 0 or more", repeats[i]);
    if (repeats[i] == 1) continue;
    const int axis = static_cast<int>(i);
    Shape repeated = expand_dims(result, axis).shape();
    repeated[axis] = repeats[i];
    Shape joined = result.shape();
    joined[axis] *= repeats[i];
    result = reshape(broadcast_to(expand_dims(result, axis), repeated), joined);
  }
  return result;
}

}  // namespace retrograd
