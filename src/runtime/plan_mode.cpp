// Reads RETROGRAD_PLAN.
#include "runtime/plan_mode.h"

#include <cstdlib>
#include <string_view>

namespace retrograd::runtime {

bool plain_plans() {
  static const bool plain = [] {
    const char* value = std::getenv("RETROGRAD_PLAN");
    return value != nullptr && std::string_view(value) == "plain";
  }();
  return plain;
}

}  // namespace retrograd::runtime
