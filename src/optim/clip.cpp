// Clipping by the norm of all gradients together.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include <cmath>

#include "core/fail.h"

namespace retrograd::optim {

Array global_norm(std::span<const Array> gradients) {
  if (gradients.empty()) fail(ErrorKind::argument, "global_norm: no gradients");
  Array total;
  for (const Array& gradient : gradients) {
    const Array squares = sum(square(gradient));
    total = total.empty() ? squares : total + squares;
  }
  return sqrt(total);
}

std::vector<Array> clip_by_global_norm(std::span<const Array> gradients, double largest) {
  if (!(largest > 0.0) || !std::isfinite(largest)) {
    fail(ErrorKind::argument, "clip_by_global_norm: the largest norm is {}; expected a positive number",
         largest);
  }
  // largest / max(norm, largest) is 1 up to the largest norm.
  const Array factor = largest / maximum(global_norm(gradients), largest);
  std::vector<Array> clipped;
  clipped.reserve(gradients.size());
  for (const Array& gradient : gradients) clipped.push_back(gradient * factor);
  return clipped;
}

}  // namespace retrograd::optim
