// The version of the library, at compile time and of the library that is linked.
#pragma once

namespace retrograd {

constexpr int version_major = 0;
constexpr int version_minor = 1;
constexpr int version_patch = 0;

// "0.1.0", of the library that is linked.
const char* version();

}  // namespace retrograd
