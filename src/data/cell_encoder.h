// From one cell of a column to the inputs of its feature.
#pragma once

#include <retrograd/encoder.h>

#include <cstdint>
#include <string>
#include <vector>

namespace retrograd::data {

class CellEncoder {
 public:
  // `words`: those that cells of text are places in. The feature must outlive it.
  CellEncoder(const Encoder::Feature& feature, const std::vector<std::string>& words);

  // at [feature.width()]. The cell is a number, days since 1970 or a place in the words; NaN where missing.
  void operator()(double cell, float* at) const;

 private:
  void encode_date(double days, float* at) const;

  const Encoder::Feature* feature_;
  std::int64_t width_;
  std::vector<std::int32_t> ones_;         // the inputs that are 1 for a word, one word's behind the other's
  std::vector<std::size_t> first_;         // of each word among them, and their number
  std::vector<std::int32_t> for_missing_;  // those that are 1 for missing text
};

}  // namespace retrograd::data
