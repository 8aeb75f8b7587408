// Inputs of packed rows, encoded when they are gathered; means and deviations of all their columns in passes
// over the rows.
#include "data/packed_inputs.h"

#include <algorithm>
#include <cmath>

#include "core/fail.h"
#include "core/thread_pool.h"
#include "data/cell_encoder.h"

namespace retrograd::data {
namespace {

class PackedInputs final : public InputRows {
 public:
  PackedInputs(const Encoder& encoder, const Table& table)
      : rows_(table.packed), features_(encoder.features()) {
    for (const Encoder::Feature& feature : features_) {
      const Column& column = table[feature.name];
      const bool number = feature.type == ColumnType::number || feature.type == ColumnType::date;
      if (number == column.is_text) {
        fail(ErrorKind::data, "{}: column \"{}\" holds {}; the model takes it as a {}", table.name,
             feature.name, column.is_text ? "text" : "numbers", name(feature.type));
      }
      Item item{CellEncoder(feature, column.words), feature.width(), column.packed, 0, {}};
      if (column.packed >= 0) {
        item.origin = rows_->origin(column.packed);
      } else {
        item.exact = cells_of(column);
      }
      items_.push_back(std::move(item));
    }
  }

  void copy(std::int64_t row, float* at) const override {
    const float* cells = rows_->row(row);
    for (const Item& item : items_) {
      item.encode(
          item.packed >= 0 ? cells[item.packed] + item.origin : item.exact[static_cast<std::size_t>(row)],
          at);
      at += item.width;
    }
  }

 private:
  struct Item {
    CellEncoder encode;
    std::int64_t width;
    std::int64_t packed;
    double origin;
    std::vector<double> exact;  // [rows] of a column that is not packed
  };

  std::shared_ptr<const PackedRows> rows_;
  std::vector<Encoder::Feature> features_;  // that items refer to
  std::vector<Item> items_;
};

// Sums of f(cell, column) over some rows: parts of them side by side, added in their order.
template <typename F>
std::vector<double> sums(const PackedRows& packed, std::span<const std::int64_t> rows, F f) {
  constexpr std::size_t part = 1 << 14;
  const auto width = static_cast<std::size_t>(packed.columns());
  const std::size_t parts = (rows.size() + part - 1) / part;
  std::vector<double> of_parts(parts * width);
  core::parallel_for(static_cast<int>(parts), [&](int shard) {
    const std::size_t first = static_cast<std::size_t>(shard) * part;
    double* total = of_parts.data() + static_cast<std::size_t>(shard) * width;
    for (std::size_t i = first; i < std::min(first + part, rows.size()); ++i) {
      const float* cells = packed.row(rows[i]);
      for (std::size_t j = 0; j < width; ++j) total[j] += f(static_cast<double>(cells[j]), j);
    }
  });
  std::vector<double> total(width);
  for (std::size_t at = 0; at < of_parts.size(); ++at) total[at % width] += of_parts[at];
  return total;
}

}  // namespace

std::vector<double> cells_of(const Column& column) {
  if (!column.is_text) return column.numbers;
  std::vector<double> cells;
  cells.reserve(column.codes.size());
  for (const std::int32_t code : column.codes) cells.push_back(code == Column::missing ? NAN : code);
  return cells;
}

std::shared_ptr<const InputRows> packed_inputs(const Encoder& encoder, const Table& table) {
  return std::make_shared<const PackedInputs>(encoder, table);
}

// Cells are f32 near an origin: in double neither their sums nor their squares overflow or cancel.
std::vector<Moments> packed_moments(const PackedRows& packed, std::span<const std::int64_t> rows) {
  const std::vector<double> counts =
      sums(packed, rows, [](double x, std::size_t) { return x == x ? 1.0 : 0.0; });
  const std::vector<double> totals =
      sums(packed, rows, [](double x, std::size_t) { return x == x ? x : 0.0; });
  std::vector<double> means;
  for (std::size_t j = 0; j < counts.size(); ++j) means.push_back(counts[j] > 0 ? totals[j] / counts[j] : 0);
  const std::vector<double> squares = sums(
      packed, rows, [&](double x, std::size_t j) { return x == x ? (x - means[j]) * (x - means[j]) : 0.0; });
  std::vector<Moments> moments;
  for (std::size_t j = 0; j < counts.size(); ++j) {
    Moments found;
    found.has_missing = counts[j] < static_cast<double>(rows.size());
    if (counts[j] > 0) found.mean = packed.origin(static_cast<std::int64_t>(j)) + means[j];
    const double deviation = counts[j] > 0 ? std::sqrt(squares[j] / counts[j]) : 0;
    if (deviation > 1e-14 * std::abs(means[j])) found.deviation = deviation;
    moments.push_back(found);
  }
  return moments;
}

}  // namespace retrograd::data
