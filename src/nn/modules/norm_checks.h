// What the normalising layers check and write alike.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "core/fail.h"

namespace retrograd::nn {

inline void check_norm(const char* layer, std::int64_t features, double epsilon) {
  if (features < 1) {
    fail(ErrorKind::argument, "{}: {} features; expected at least 1", layer, features);
  }
  if (!std::isfinite(epsilon) || epsilon <= 0.0) {
    fail(ErrorKind::argument, "{}: epsilon is {}; expected a finite number above 0", layer, epsilon);
  }
}

inline std::string norm_text(const char* layer, double epsilon) {
  return epsilon == 1e-5 ? layer : fmt::format("{}({})", layer, epsilon);
}

}  // namespace retrograd::nn
