// Rows of data as people know them: columns in their units, or pictures.
#pragma once

#include <retrograd/encoder.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli::report {

// How the inputs of a row make a picture: images, or a table whose columns are a square of numbered pixels
// ("p00" ... "p77").
struct Picture {
  int width = 0, height = 0, channels = 1;
  bool from_table = false;
  double low = 0, high = 1;  // what is black and what is white; of a table those of all its pixels
};
std::optional<Picture> picture_of(const retrograd::data::Encoder& encoder,
                                  const retrograd::data::Dataset& dataset);

// "data:image/png;base64,..." of one row, and of numbers as the network sees them.
std::string picture_uri(const Picture& picture, const retrograd::data::Encoder& encoder,
                        const retrograd::data::Dataset& dataset, std::int64_t row);
std::string picture_uri(const Picture& picture, const retrograd::data::Encoder& encoder,
                        const std::vector<float>& inputs);

// The columns of a table's row, of a window its last one, in their units, a text for each of
// encoder.features(); "" where it is missing.
std::vector<std::string> values_of(const retrograd::data::Encoder& encoder,
                                   const retrograd::data::Dataset& dataset, std::int64_t row);

}  // namespace cli::report
