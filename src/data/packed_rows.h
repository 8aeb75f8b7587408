// Rows of a large table, four bytes a cell, row by row: what a batch gathers lies together. Read from a text
// by read_csv.cpp; standardised when they are gathered, in packed_inputs.cpp. Rows of a table that is too
// large even so stay in the file (file_rows.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/buffer.h"
#include "data/csv_rows.h"
#include "data/file_rows.h"

namespace retrograd::data {

// A number less the origin of its column.
inline float packed_cell(double cell, double origin) { return static_cast<float>(cell - origin); }

// A cell is a number less the origin of its column, rounded to f32; the place of a word; or NaN, missing. The
// origin is the median of the first rows, or 0 where those are whole numbers: so a cell is exact to 2^-24 of
// the column's spread, not of its size, also where all numbers are large and close together.
class PackedRows {
 public:
  static constexpr std::int64_t block = std::int64_t{1} << 16;

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return static_cast<std::int64_t>(origins_.size()); }
  double origin(std::int64_t column) const { return origins_[static_cast<std::size_t>(column)]; }
  bool in_memory() const { return file_ == nullptr; }
  // Of rows in memory.
  const float* row(std::int64_t row) const {
    return blocks_[static_cast<std::size_t>(row / block)]->as<float>() + row % block * columns();
  }
  // Rows in any order, in memory or not: cells [count, columns]. Throws what FileRows::read does.
  void copy(std::span<const std::int64_t> rows, float* cells) const;

 private:
  friend class PackedSink;
  std::int64_t rows_ = 0;
  std::vector<double> origins_;
  std::vector<BufferPtr> blocks_;  // f32 [block, columns]
  std::shared_ptr<const FileRows> file_;
};

// Packs the columns of a text that are neither ignored nor `exact`; those are kept as they are.
class PackedSink final : public RowSink {
 public:
  // Names of columns that are kept exactly, beside the last one if `last`. Cells of more than `memory` bytes
  // are not kept.
  PackedSink(std::vector<std::string> exact, bool last, std::int64_t memory)
      : wanted_(std::move(exact)), last_(last), memory_(memory) {}

  void begin(const CsvLayout& layout) override;
  void add(std::span<const Chunk> chunks, const std::vector<CsvColumn>& columns) override;

  // The rows of what was read; those that are not kept are in the file.
  PackedRows take_rows(CsvRead& read, std::shared_ptr<const OpenFile> file);
  std::vector<std::int64_t> take_lines() { return std::move(lines_); }
  // -1 where it is not packed.
  std::int64_t place(std::size_t column) const { return places_[column]; }
  // Cells of a column that is kept exactly, NaN where missing.
  std::vector<double> take_exact(std::size_t column) { return std::move(exact_[column]); }

 private:
  void set_origins(const Chunk& chunk, const std::vector<CsvColumn>& columns);
  void make_room(std::int64_t rows);
  void pack(const Chunk& chunk, std::int64_t first);
  void pack_row(const Chunk& chunk, std::int64_t row, float* at) const;

  std::vector<std::string> wanted_;
  bool last_;
  std::int64_t memory_;
  bool kept_ = true;
  std::string file_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> places_;        // of columns among the packed ones
  std::vector<bool> has_origin_;            // of columns
  std::vector<std::vector<double>> exact_;  // of columns
  std::vector<bool> is_exact_;
  std::vector<std::int64_t> lines_;
  std::vector<std::int64_t> offsets_;
  PackedRows packed_;
};

}  // namespace retrograd::data
