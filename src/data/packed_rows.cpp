// Packing.
#include "data/packed_rows.h"

#include <algorithm>
#include <cmath>

#include "core/fail.h"
#include "data/value.h"

namespace retrograd::data {
namespace {

constexpr double most_whole = 1 << 24;  // f32 holds all whole numbers up to it

}  // namespace

void PackedSink::begin(const CsvLayout& layout) {
  const std::size_t width = layout.names.size();
  file_ = layout.name;
  names_ = layout.names;
  packed_ = {};
  lines_.clear();
  places_.assign(width, -1);
  has_origin_.assign(width, false);
  is_exact_.assign(width, false);
  exact_.assign(width, {});
  std::size_t last = width;
  for (std::size_t i = 0; i < width; ++i) {
    if (layout.kinds[i] == CellKind::ignored) continue;
    last = i;
    // The fraction of a day that a date has needs more than f32.
    is_exact_[i] = layout.kinds[i] == CellKind::date ||
                   std::find(wanted_.begin(), wanted_.end(), layout.names[i]) != wanted_.end();
  }
  if (last_ && last < width) is_exact_[last] = true;
  for (std::size_t i = 0; i < width; ++i) {
    if (layout.kinds[i] == CellKind::ignored || is_exact_[i]) continue;
    places_[i] = packed_.columns();
    packed_.origins_.push_back(0);
  }
}

void PackedSink::set_origins(const Chunk& chunk, const std::vector<CsvColumn>& columns) {
  const std::size_t width = columns.size();
  std::vector<double> values;
  for (std::size_t i = 0; i < width; ++i) {
    if (places_[i] < 0 || has_origin_[i] || columns[i].is_text || !columns[i].has_numbers) continue;
    values.clear();
    bool whole = true;
    for (std::size_t at = i; at < chunk.cells.size(); at += width) {
      const double x = chunk.cells[at];
      if (std::isnan(x)) continue;
      values.push_back(x);
      whole = whole && x == std::floor(x) && std::abs(x) <= most_whole;
    }
    if (values.empty()) continue;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    packed_.origins_[static_cast<std::size_t>(places_[i])] = whole ? 0 : *middle;
    has_origin_[i] = true;
  }
}

// One row. at [columns of the packed rows]
void PackedSink::pack(const Chunk& chunk, std::int64_t row, const double* cells, float* at) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i] < 0) continue;
    const auto place = static_cast<std::size_t>(places_[i]);
    at[place] = static_cast<float>(cells[i] - packed_.origins_[place]);
    if (std::isinf(at[place])) {
      fail(ErrorKind::data, "{}: line {}: column \"{}\" has {}, which is too large; expected at most 3.4e38",
           file_, chunk.lines[static_cast<std::size_t>(row)], names_[i], number_text(cells[i]));
    }
  }
}

void PackedSink::add(const Chunk& chunk, const std::vector<CsvColumn>& columns, std::int64_t) {
  const std::size_t width = columns.size();
  set_origins(chunk, columns);
  for (std::int64_t row = 0; row < chunk.rows(); ++row) {
    if (packed_.rows_ % PackedRows::block == 0) {
      const auto numbers = static_cast<std::size_t>(PackedRows::block * packed_.columns());
      packed_.blocks_.push_back(std::make_shared<Buffer>(numbers * sizeof(float)));
    }
    float* at = packed_.blocks_.back()->as<float>() + packed_.rows_ % PackedRows::block * packed_.columns();
    pack(chunk, row, chunk.cells.data() + static_cast<std::size_t>(row) * width, at);
    ++packed_.rows_;
  }
  for (std::size_t i = 0; i < width; ++i) {
    if (!is_exact_[i]) continue;
    for (std::size_t at = i; at < chunk.cells.size(); at += width) exact_[i].push_back(chunk.cells[at]);
  }
  lines_.insert(lines_.end(), chunk.lines.begin(), chunk.lines.end());
}

}  // namespace retrograd::data
