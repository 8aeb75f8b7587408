// Whether plans are optimised or plain, by the environment.
#pragma once

namespace retrograd::runtime {

// RETROGRAD_PLAN=plain, read once.
bool plain_plans();

}  // namespace retrograd::runtime
