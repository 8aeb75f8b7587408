// Records of a TensorBoard event file: scalars by step. Not here: where they are written (run_directory.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retrograd::train {

// CRC-32C (Castagnoli), RFC 3720, appendix B.4: of "123456789" it is e3069283.
std::uint32_t crc32c(std::string_view bytes);

// What an event file begins with. `wall_time`: seconds since 1970.
std::string first_event(double wall_time);

// A record with one scalar for each (tag, value); values that are no numbers are left out.
std::string scalar_event(double wall_time, std::int64_t step,
                         const std::vector<std::pair<std::string, double>>& scalars);

}  // namespace retrograd::train
