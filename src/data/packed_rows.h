// Rows of a large table, four bytes a cell, row by row: what a batch gathers lies together. Read from a text
// by read_csv.cpp; standardised when they are gathered, in packed_inputs.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/buffer.h"
#include "data/csv_rows.h"

namespace retrograd::data {

// A cell is a number less the origin of its column, rounded to f32; the place of a word; or NaN, missing. The
// origin is the median of the first rows, or 0 where those are whole numbers: so a cell is exact to 2^-24 of
// the column's spread, not of its size, also where all numbers are large and close together.
class PackedRows {
 public:
  static constexpr std::int64_t block = std::int64_t{1} << 16;

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return static_cast<std::int64_t>(origins_.size()); }
  double origin(std::int64_t column) const { return origins_[static_cast<std::size_t>(column)]; }
  const float* row(std::int64_t row) const {
    return blocks_[static_cast<std::size_t>(row / block)]->as<float>() + row % block * columns();
  }
  double value(std::int64_t row, std::int64_t column) const {
    return this->row(row)[column] + origin(column);
  }

 private:
  friend class PackedSink;
  std::int64_t rows_ = 0;
  std::vector<double> origins_;
  std::vector<BufferPtr> blocks_;  // f32 [block, columns]
};

// Packs the columns of a text that are neither ignored nor `exact`; those are kept as they are.
class PackedSink final : public RowSink {
 public:
  // Names of columns that are kept exactly, beside the last one if `last`.
  PackedSink(std::vector<std::string> exact, bool last) : wanted_(std::move(exact)), last_(last) {}

  void begin(const CsvLayout& layout) override;
  void add(const Chunk& chunk, const std::vector<CsvColumn>& columns, std::int64_t offset) override;

  PackedRows take_rows() { return std::move(packed_); }
  std::vector<std::int64_t> take_lines() { return std::move(lines_); }
  // -1 where it is not packed.
  std::int64_t place(std::size_t column) const { return places_[column]; }
  // Cells of a column that is kept exactly, NaN where missing.
  std::vector<double> take_exact(std::size_t column) { return std::move(exact_[column]); }

 private:
  void set_origins(const Chunk& chunk, const std::vector<CsvColumn>& columns);
  void pack(const Chunk& chunk, std::int64_t row, const double* cells, float* at) const;

  std::vector<std::string> wanted_;
  bool last_;
  std::string file_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> places_;        // of columns among the packed ones
  std::vector<bool> has_origin_;            // of columns
  std::vector<std::vector<double>> exact_;  // of columns
  std::vector<bool> is_exact_;
  std::vector<std::int64_t> lines_;
  PackedRows packed_;
};

}  // namespace retrograd::data
