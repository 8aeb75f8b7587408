// Rows as texts and pictures.
#include "cli/report/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cli/report/png.h"

namespace cli::report {
namespace {

namespace rg = retrograd;
using rg::data::Encoder;

std::vector<float> inputs_of(const rg::data::Dataset& dataset, std::int64_t row) {
  std::vector<float> inputs(static_cast<std::size_t>(dataset.input_shape().size()));
  dataset.copy_inputs(std::array{row}, inputs.data());
  return inputs;
}

std::string_view without_digits(std::string_view name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  return last == name.npos ? std::string_view() : name.substr(0, last + 1);
}

// The side of the square, 0 where the columns are none.
int side_of_pixels(const Encoder& encoder) {
  const auto& features = encoder.features();
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(features.size()))));
  if (side < 5 || side * side != features.size()) return 0;
  const std::string_view prefix = without_digits(features[0].name);
  for (const Encoder::Feature& feature : features) {
    const bool numbered = prefix.size() < feature.name.size() && without_digits(feature.name) == prefix;
    const bool number = feature.type == rg::data::ColumnType::number;
    if (!number || feature.indicator || !numbered) return 0;
  }
  return static_cast<int>(side);
}

// A zero that standardising in f32 has moved, by 2^-24 of the mean at most, is zero again.
double in_units(const Encoder::Feature& feature, float input) {
  const double value = feature.mean + feature.deviation * static_cast<double>(input);
  return std::abs(value) <= 0x1p-23 * std::abs(feature.mean) ? 0 : value;
}

// The category, or the words that are known, of a bag in alphabetical order.
std::string text_value(const Encoder::Feature& feature, const float* inputs) {
  if (feature.type == rg::data::ColumnType::text) {
    std::string words;
    for (std::size_t k = 0; k < feature.categories.size(); ++k) {
      if (inputs[k] > 0.5f) words += (words.empty() ? "" : " ") + feature.categories[k];
    }
    return words;
  }
  for (std::size_t k = 0; k < feature.categories.size(); ++k) {
    if (inputs[k] > 0.5f) return feature.categories[k];
  }
  return feature.other && inputs[feature.categories.size()] > 0.5f ? "(other)" : "";
}

}  // namespace

std::optional<Picture> picture_of(const Encoder& encoder, const rg::data::Dataset& dataset) {
  if (encoder.takes_images()) {
    const rg::Shape shape = encoder.input_shape();  // [C, H, W]
    if (shape[0] != 1 && shape[0] != 3) return std::nullopt;
    return Picture{.width = static_cast<int>(shape[2]),
                   .height = static_cast<int>(shape[1]),
                   .channels = static_cast<int>(shape[0])};
  }
  if (encoder.windows().size > 0) return std::nullopt;
  const int side = side_of_pixels(encoder);
  if (side == 0) return std::nullopt;
  Picture picture{.width = side,
                  .height = side,
                  .from_table = true,
                  .low = std::numeric_limits<double>::infinity(),
                  .high = -std::numeric_limits<double>::infinity()};
  for (std::int64_t row = 0; row < std::min<std::int64_t>(dataset.rows(), 1000); ++row) {
    const std::vector<float> inputs = inputs_of(dataset, row);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const double value = in_units(encoder.features()[i], inputs[i]);
      picture.low = std::min(picture.low, value);
      picture.high = std::max(picture.high, value);
    }
  }
  if (!(picture.high > picture.low)) return std::nullopt;
  return picture;
}

std::string picture_uri(const Picture& picture, const Encoder& encoder, const rg::data::Dataset& dataset,
                        std::int64_t row) {
  return picture_uri(picture, encoder, inputs_of(dataset, row));
}

std::string picture_uri(const Picture& picture, const Encoder& encoder, const std::vector<float>& inputs) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  const std::size_t plane = inputs.size() / channels;
  std::vector<std::uint8_t> pixels(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const double value =
        picture.from_table ? in_units(encoder.features()[i], inputs[i]) : static_cast<double>(inputs[i]);
    const double share = std::clamp((value - picture.low) / (picture.high - picture.low), 0.0, 1.0);
    // From [C, H, W] to [H, W, C].
    pixels[i % plane * channels + i / plane] = static_cast<std::uint8_t>(std::lround(share * 255));
  }
  return data_uri(png(pixels, picture.width, picture.height, picture.channels));
}

std::vector<std::string> values_of(const Encoder& encoder, const rg::data::Dataset& dataset,
                                   std::int64_t row) {
  const std::vector<float> inputs = inputs_of(dataset, row);
  std::vector<std::string> values;
  std::size_t at = inputs.size() - static_cast<std::size_t>(encoder.row_width());  // the last of a window
  for (const Encoder::Feature& feature : encoder.features()) {
    const auto width = static_cast<std::size_t>(feature.width());
    if (!feature.categories.empty() || feature.other) {
      values.push_back(text_value(feature, inputs.data() + at));
    } else if (feature.indicator && inputs[at + width - 1] > 0.5f) {
      values.emplace_back();
    } else if (feature.type == rg::data::ColumnType::date) {
      rg::data::Column column;
      column.type = feature.type;
      column.numbers = {std::round(in_units(feature, inputs[at]) * 1440) / 1440};  // to the minute
      values.push_back(column.text(0));
    } else {
      values.push_back(fmt::format("{:.5g}", in_units(feature, inputs[at])));
    }
    at += width;
  }
  return values;
}

}  // namespace cli::report
