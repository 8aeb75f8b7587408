// Changes an input as a fuzzer does, by a seed alone. Coverage does not steer it: that is libFuzzer's part.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace fuzz {

// One to eight changes: a bit or byte set, a run of bytes cut out, doubled or moved, a number of the text or
// a binary length set to an extreme, the end cut off.
std::string mutated(std::string bytes, std::mt19937_64& random);

}  // namespace fuzz
