// Standardised numbers, cycles of dates, one-hot categories, bags of words.
#include "data/cell_encoder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/date.h"
#include "data/words.h"

namespace retrograd::data {
namespace {

// Where a name is among sorted ones, -1 where it is not.
std::int32_t place_of(const std::string& name, const std::vector<std::string>& names) {
  const auto found = std::lower_bound(names.begin(), names.end(), name);
  return found != names.end() && *found == name ? static_cast<std::int32_t>(found - names.begin()) : -1;
}

// Sine and cosine of a part of a cycle.
float* put_cycle(double part, float* at) {
  const double angle = 2 * std::numbers::pi * part;
  *at++ = static_cast<float>(std::sin(angle));
  *at++ = static_cast<float>(std::cos(angle));
  return at;
}

}  // namespace

CellEncoder::CellEncoder(const Encoder::Feature& feature, const std::vector<std::string>& words)
    : feature_(&feature), width_(feature.width()) {
  const auto other = static_cast<std::int32_t>(feature.categories.size());
  if (feature.type == ColumnType::category && feature.other) for_missing_.push_back(other);
  for (const std::string& word : words) {
    first_.push_back(ones_.size());
    if (feature.type == ColumnType::category) {
      const std::int32_t place = place_of(word, feature.categories);
      if (place >= 0 || feature.other) ones_.push_back(place >= 0 ? place : other);
    } else if (feature.type == ColumnType::text) {
      for (const std::string& part : words_of(word)) {
        if (const std::int32_t place = place_of(part, feature.categories); place >= 0) ones_.push_back(place);
      }
    }
  }
  first_.push_back(ones_.size());
}

void CellEncoder::operator()(double cell, float* at) const {
  const bool missing = std::isnan(cell);
  const Encoder::Feature& feature = *feature_;
  if (feature.type == ColumnType::number) {
    const bool zero = missing || feature.deviation == 0;
    at[0] = zero ? 0.0f : static_cast<float>((cell - feature.mean) / feature.deviation);
    if (feature.indicator) at[1] = missing ? 1.0f : 0.0f;
    return;
  }
  std::fill_n(at, width_, 0.0f);
  if (feature.type == ColumnType::date) {
    if (!missing) encode_date(cell, at);
    if (feature.indicator) at[width_ - 1] = missing ? 1.0f : 0.0f;
  } else if (missing) {
    for (const std::int32_t one : for_missing_) at[one] = 1.0f;
  } else {
    const auto word = static_cast<std::size_t>(cell);
    for (std::size_t i = first_[word]; i < first_[word + 1]; ++i) at[ones_[i]] = 1.0f;
  }
}

void CellEncoder::encode_date(double days, float* at) const {
  const Encoder::Feature& feature = *feature_;
  *at++ = feature.deviation == 0 ? 0.0f : static_cast<float>((days - feature.mean) / feature.deviation);
  const int year = civil_date(days).year;
  const double begin = days_of({year, 1, 1});
  at = put_cycle((days - begin) / (days_of({year + 1, 1, 1}) - begin), at);
  const double day = std::floor(days);
  at = put_cycle((day - 7 * std::floor(day / 7)) / 7, at);  // from Thursday on
  if (feature.time) put_cycle(days - day, at);
}

}  // namespace retrograd::data
