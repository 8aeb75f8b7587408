// Clipping by the norm of all gradients together, and element by element.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include <cmath>

#include "core/fail.h"

namespace retrograd::optim {

namespace {

void check_largest(const char* what, double largest) {
  if (largest > 0.0 && std::isfinite(largest)) return;
  fail(ErrorKind::argument, "{} is {}; expected a positive number", what, largest);
}

}  // namespace

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
  check_largest("clip_by_global_norm: the largest norm", largest);
  // largest / max(norm, largest) is 1 up to the largest norm.
  const Array factor = largest / maximum(global_norm(gradients), largest);
  std::vector<Array> clipped;
  clipped.reserve(gradients.size());
  for (const Array& gradient : gradients) clipped.push_back(gradient * factor);
  return clipped;
}

std::vector<Array> clip_by_value(std::span<const Array> gradients, double largest) {
  check_largest("clip_by_value: the largest value", largest);
  std::vector<Array> clipped;
  clipped.reserve(gradients.size());
  for (const Array& gradient : gradients) clipped.push_back(clip(gradient, -largest, largest));
  return clipped;
}

}  // namespace retrograd::optim
