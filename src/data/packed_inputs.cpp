// Inputs of packed rows, encoded when they are gathered; means, deviations and counts of words of all their
// columns in one pass over the rows.
#include "data/packed_inputs.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/fail.h"
#include "data/cell_encoder.h"
#include "data/parallel.h"

namespace retrograd::data {
namespace {

class PackedInputs final : public InputRows {
 public:
  PackedInputs(const Encoder& encoder, const Table& table)
      : rows_(table.packed), features_(encoder.features()), width_(encoder.row_width()) {
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

  void copy(std::span<const std::int64_t> rows, float* at) const override {
    const bool in_memory = rows_->in_memory();
    const std::size_t part = in_memory ? 256 : 64;
    parallel_or_throw((rows.size() + part - 1) / part, [&](std::size_t shard) {
      const std::size_t first = shard * part;
      const auto some = rows.subspan(first, std::min(part, rows.size() - first));
      float* to = at + static_cast<std::int64_t>(first) * width_;
      if (in_memory) {
        for (std::size_t i = 0; i < some.size(); ++i, to += width_) encode(rows_->row(some[i]), some[i], to);
        return;
      }
      const auto columns = static_cast<std::size_t>(rows_->columns());
      std::vector<float> cells(some.size() * columns);
      rows_->copy(some, cells.data());
      for (std::size_t i = 0; i < some.size(); ++i, to += width_) {
        encode(cells.data() + i * columns, some[i], to);
      }
    });
  }

 private:
  struct Item {
    CellEncoder encode;
    std::int64_t width;
    std::int64_t packed;
    double origin;
    std::vector<double> exact;  // [rows] of a column that is not packed
  };

  // cells [packed columns] -> at [width]
  void encode(const float* cells, std::int64_t row, float* at) const {
    for (const Item& item : items_) {
      item.encode(
          item.packed >= 0 ? cells[item.packed] + item.origin : item.exact[static_cast<std::size_t>(row)],
          at);
      at += item.width;
    }
  }

  std::shared_ptr<const PackedRows> rows_;
  std::vector<Encoder::Feature> features_;  // that items refer to
  std::vector<Item> items_;
  std::int64_t width_;
};

// How many numbers there are, their mean and the sum of the squares of their differences from it.
struct Sums {
  double count = 0;
  double mean = 0;
  double squares = 0;

  // Of these numbers and those together: Chan, Golub and LeVeque 1979.
  void join(const Sums& more) {
    if (more.count == 0) return;
    const double all = count + more.count;
    const double step = more.mean - mean;
    mean += step * (more.count / all);
    squares += more.squares + step * step * (count / all) * more.count;
    count = all;
  }
};

// Of each column of cells [rows, sums.size()], joined to `sums`. Cells are f32 near an origin: in double
// neither their sums nor their squares overflow or cancel.
void add_numbers(std::span<const float> cells, std::vector<Sums>& sums) {
  const std::size_t width = sums.size();
  std::vector<Sums> part(width);
  for (std::size_t at = 0; at < cells.size(); at += width) {
    for (std::size_t j = 0; j < width; ++j) {
      const double x = cells[at + j];
      part[j].count += x == x ? 1 : 0;
      part[j].mean += x == x ? x : 0;
    }
  }
  for (Sums& of : part) of.mean = of.count > 0 ? of.mean / of.count : 0;
  for (std::size_t at = 0; at < cells.size(); at += width) {
    for (std::size_t j = 0; j < width; ++j) {
      const double step = cells[at + j] - part[j].mean;
      part[j].squares += step == step ? step * step : 0;
    }
  }
  for (std::size_t j = 0; j < width; ++j) sums[j].join(part[j]);
}

// Whole numbers: the order in which threads count does not matter.
void add_words(std::span<const float> cells, std::vector<PackedSummary>& of) {
  const std::size_t width = of.size();
  for (std::size_t j = 0; j < width; ++j) {
    std::vector<std::int64_t>& counts = of[j].counts;
    if (counts.empty()) continue;
    for (std::size_t at = j; at < cells.size(); at += width) {
      const float x = cells[at];
      std::atomic_ref count(counts[std::isnan(x) ? counts.size() - 1 : static_cast<std::size_t>(x)]);
      count.fetch_add(1, std::memory_order_relaxed);
    }
  }
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

// Parts of the rows side by side, joined in their order.
std::vector<PackedSummary> summarise_packed(const Table& table, std::span<const std::int64_t> rows) {
  constexpr std::size_t at_once = 1024, part = 16 * at_once;
  const PackedRows& packed = *table.packed;
  const auto width = static_cast<std::size_t>(packed.columns());
  std::vector<PackedSummary> result(width);
  for (const Column& column : table.columns) {
    if (column.packed < 0 || !column.is_text) continue;
    result[static_cast<std::size_t>(column.packed)].counts.resize(column.words.size() + 1);
  }
  const std::size_t parts = (rows.size() + part - 1) / part;
  std::vector<std::vector<Sums>> of_parts(parts, std::vector<Sums>(width));
  parallel_or_throw(parts, [&](std::size_t shard) {
    std::vector<float> cells(at_once * width);
    const std::size_t end = std::min((shard + 1) * part, rows.size());
    for (std::size_t first = shard * part; first < end; first += at_once) {
      const auto some = rows.subspan(first, std::min(at_once, end - first));
      packed.copy(some, cells.data());
      const auto read = std::span<const float>(cells).first(some.size() * width);
      add_numbers(read, of_parts[shard]);
      add_words(read, result);
    }
  });
  for (std::size_t j = 0; j < width; ++j) {
    Sums all;
    for (const std::vector<Sums>& of_part : of_parts) all.join(of_part[j]);
    Moments& moments = result[j].moments;
    moments.has_missing = all.count < static_cast<double>(rows.size());
    if (all.count == 0) continue;
    moments.mean = packed.origin(static_cast<std::int64_t>(j)) + all.mean;
    const double deviation = std::sqrt(all.squares / all.count);
    if (deviation > 1e-14 * std::abs(all.mean)) moments.deviation = deviation;
  }
  return result;
}

}  // namespace retrograd::data
