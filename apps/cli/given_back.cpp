// Rows that are given back.
#include "cli/given_back.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace cli {
namespace {

namespace rg = retrograd;
using nlohmann::ordered_json;

constexpr std::int64_t rows_at_once = 512;

// Names of what is shown of a row, with what its numbers stand for.
struct Shown {
  std::vector<std::string> names;
  std::vector<rg::data::Encoder::Units> units;
};

// "p_3_7" of row and column, of several channels "p_0_3_7".
std::vector<std::string> pixel_names(const rg::Shape& image) {
  std::vector<std::string> names;
  for (std::int64_t c = 0; c < image[0]; ++c) {
    const std::string channel = image[0] == 1 ? "" : fmt::format("{}_", c);
    for (std::int64_t y = 0; y < image[1]; ++y) {
      for (std::int64_t x = 0; x < image[2]; ++x) names.push_back(fmt::format("p_{}{}_{}", channel, y, x));
    }
  }
  return names;
}

Shown shown_of(const rg::data::Encoder& encoder, bool pixels) {
  if (!encoder.takes_images()) return {encoder.input_names(), encoder.input_units()};
  if (!pixels) return {};
  return {pixel_names(encoder.input_shape()), encoder.input_units()};
}

// Calls f(error, values) for each row, the values in their units.
template <typename F>
void each_row(rg::train::Predictor& predictor, const rg::data::Dataset& rows, const Shown& shown, F f) {
  const std::size_t width = shown.names.size();
  for (std::int64_t first = 0; first < rows.rows(); first += rows_at_once) {
    const rg::data::Dataset some = rows.slice(first, std::min(first + rows_at_once, rows.rows()));
    const std::vector<double> errors = predictor.errors(some);
    const std::vector<double> outputs = width == 0 ? std::vector<double>() : predictor.predict(some);
    std::vector<float> values(width);
    for (std::size_t row = 0; row < errors.size(); ++row) {
      for (std::size_t j = 0; j < width; ++j) {
        const rg::data::Encoder::Units& units = shown.units[j];
        values[j] = static_cast<float>(units.offset + units.scale * outputs[row * width + j]);
      }
      f(static_cast<float>(errors[row]), values);
    }
  }
}

}  // namespace

// Numbers are the shortest texts that read back as the same f32: the network computes no more digits.
std::string given_back_csv(rg::train::Predictor& predictor, const rg::data::Dataset& rows, bool pixels) {
  const Shown shown = shown_of(predictor.encoder(), pixels);
  std::string text = "error";
  for (const std::string& name : shown.names) text += "," + rg::data::csv_field(name);
  text += "\n";
  each_row(predictor, rows, shown, [&](float error, const std::vector<float>& values) {
    text += fmt::format("{}", error);
    for (const float value : values) text += fmt::format(",{}", value);
    text += "\n";
  });
  return text;
}

std::string given_back_json(rg::train::Predictor& predictor, const rg::data::Dataset& rows, bool pixels) {
  const Shown shown = shown_of(predictor.encoder(), pixels);
  ordered_json all = ordered_json::array();
  each_row(predictor, rows, shown, [&](float error, const std::vector<float>& values) {
    ordered_json row = {{"error", error}};
    if (!values.empty()) row["reconstruction"] = ordered_json::object();
    for (std::size_t j = 0; j < values.size(); ++j) row["reconstruction"][shown.names[j]] = values[j];
    all.push_back(std::move(row));
  });
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace cli
