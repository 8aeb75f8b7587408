// Small pictures as PNG, for pages that hold all they show.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cli::report {

// pixels [height, width, channels], channels 1 (grey) or 3 (red, green, blue).
std::string png(std::span<const std::uint8_t> pixels, int width, int height, int channels);

// "data:image/png;base64,...".
std::string data_uri(const std::string& png);

}  // namespace cli::report
