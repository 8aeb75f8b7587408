// What the encoder does with packed rows.
#pragma once

#include <retrograd/encoder.h>

#include <memory>
#include <span>
#include <vector>

#include "data/packed_rows.h"
#include "data/storage.h"

namespace retrograd::data {

// Of the values that are there; the deviation is divided by n, and 0 within the rounding of the mean.
struct Moments {
  double mean = 0;
  double deviation = 0;
  bool has_missing = false;
};

// What is known of a packed column over some rows.
struct PackedSummary {
  Moments moments;                   // of numbers
  std::vector<std::int64_t> counts;  // of text: the rows with each word, those without one last
};

// Of each packed column, in one pass over these rows, in any order. Throws what PackedRows::copy does.
std::vector<PackedSummary> summarise_packed(const Table& table, std::span<const std::int64_t> rows);

// Rows of a packed table as the encoder wants them.
std::shared_ptr<const InputRows> packed_inputs(const Encoder& encoder, const Table& table);

// Numbers, or places in words; NaN where missing.
std::vector<double> cells_of(const Column& column);

}  // namespace retrograd::data
