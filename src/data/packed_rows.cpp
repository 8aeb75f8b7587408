// Packing.
#include "data/packed_rows.h"

#include <algorithm>
#include <cmath>

#include "core/fail.h"
#include "data/parallel.h"
#include "data/value.h"

namespace retrograd::data {
namespace {

constexpr double most_whole = 1 << 24;  // f32 holds all whole numbers up to it

}  // namespace

void PackedRows::copy(std::span<const std::int64_t> rows, float* cells) const {
  if (file_ != nullptr) return file_->read(rows, cells);
  for (const std::int64_t row : rows) cells = std::copy_n(this->row(row), columns(), cells);
}

void PackedSink::begin(const CsvLayout& layout) {
  const std::size_t width = layout.names.size();
  file_ = layout.name;
  names_ = layout.names;
  packed_ = {};
  kept_ = true;
  lines_.clear();
  offsets_.clear();
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

// One row of the chunk. at [columns of the packed rows]
void PackedSink::pack_row(const Chunk& chunk, std::int64_t row, float* at) const {
  const double* cells = chunk.cells.data() + static_cast<std::size_t>(row) * places_.size();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i] < 0) continue;
    const auto place = static_cast<std::size_t>(places_[i]);
    at[place] = packed_cell(cells[i], packed_.origins_[place]);
    if (std::isinf(at[place])) {
      fail(ErrorKind::data, "{}: line {}: column \"{}\" has {}, which is too large; expected at most 3.4e38",
           file_, chunk.lines[static_cast<std::size_t>(row)], names_[i], number_text(cells[i]));
    }
  }
}

// Rows of the chunk, of which there is room for, the first as row `first` of all.
void PackedSink::pack(const Chunk& chunk, std::int64_t first) {
  const std::size_t width = places_.size();
  const auto row_of_all = static_cast<std::size_t>(first);
  std::vector<float> not_kept(kept_ ? 0 : static_cast<std::size_t>(packed_.columns()));
  for (std::int64_t row = 0; row < chunk.rows(); ++row) {
    const std::int64_t to = first + row;
    float* at = not_kept.data();
    if (kept_) {
      at = packed_.blocks_[static_cast<std::size_t>(to / PackedRows::block)]->as<float>() +
           to % PackedRows::block * packed_.columns();
    }
    pack_row(chunk, row, at);
  }
  for (std::size_t i = 0; i < width; ++i) {
    if (!is_exact_[i]) continue;
    double* at = exact_[i].data() + row_of_all;
    for (std::size_t cell = i; cell < chunk.cells.size(); cell += width) *at++ = chunk.cells[cell];
  }
  std::copy(chunk.lines.begin(), chunk.lines.end(), lines_.data() + row_of_all);
  std::transform(chunk.offsets.begin(), chunk.offsets.end(), offsets_.data() + row_of_all,
                 [&](std::size_t offset) { return chunk.offset + static_cast<std::int64_t>(offset); });
}

// For `rows` rows in all.
void PackedSink::make_room(std::int64_t rows) {
  const std::int64_t columns = packed_.columns();
  kept_ = kept_ && rows * columns <= memory_ / static_cast<std::int64_t>(sizeof(float));
  if (!kept_) packed_.blocks_.clear();
  const std::int64_t blocks = kept_ ? (rows + PackedRows::block - 1) / PackedRows::block : 0;
  while (static_cast<std::int64_t>(packed_.blocks_.size()) < blocks) {
    const auto numbers = static_cast<std::size_t>(PackedRows::block * columns);
    packed_.blocks_.push_back(std::make_shared<Buffer>(numbers * sizeof(float)));
  }
  for (std::size_t i = 0; i < exact_.size(); ++i) {
    if (is_exact_[i]) exact_[i].resize(static_cast<std::size_t>(rows));
  }
  lines_.resize(static_cast<std::size_t>(rows));
  offsets_.resize(static_cast<std::size_t>(rows));
}

void PackedSink::add(std::span<const Chunk> chunks, const std::vector<CsvColumn>& columns) {
  std::vector<std::int64_t> first;
  for (const Chunk& chunk : chunks) {
    set_origins(chunk, columns);
    first.push_back(packed_.rows_);
    packed_.rows_ += chunk.rows();
  }
  make_room(packed_.rows_);
  parallel_or_throw(chunks.size(), [&](std::size_t i) { pack(chunks[i], first[i]); });
}

PackedRows PackedSink::take_rows(CsvRead& read, std::shared_ptr<const OpenFile> file) {
  if (kept_) return std::move(packed_);
  file->check_unchanged();
  FileRows::Form form{
      .layout = read.layout, .places = places_, .origins = packed_.origins_, .offsets = std::move(offsets_)};
  for (std::size_t i = 0; i < places_.size(); ++i) {
    CellKind& kind = form.layout.kinds[i];
    if (kind == CellKind::automatic) kind = CellKind::number;
    if (places_[i] < 0) kind = CellKind::ignored;
    form.codes.push_back(places_[i] < 0 ? WordCodes() : std::move(read.columns[i].codes));
  }
  packed_.file_ = std::make_shared<const FileRows>(std::move(file), std::move(form));
  return std::move(packed_);
}

}  // namespace retrograd::data
