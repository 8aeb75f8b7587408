// A plan in words: one line a step, then bytes.
#pragma once

#include <string>

#include "plan/plan.h"

namespace retrograd::runtime {

std::string describe(const plan::Plan& plan);

}  // namespace retrograd::runtime
