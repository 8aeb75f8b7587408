// Tables from CSV texts: columns of numbers and of text, or packed rows.
#include <retrograd/table.h>

#include <cmath>
#include <cstdint>
#include <utility>

#include "core/fail.h"
#include "core/physical_memory.h"
#include "data/csv_rows.h"
#include "data/file.h"
#include "data/packed_rows.h"
#include "data/read_table.h"

namespace retrograd::data {
namespace {

// Keeps each column by itself.
class ColumnSink final : public RowSink {
 public:
  void begin(const CsvLayout& layout) override {
    cells_.assign(layout.names.size(), {});
    ignored_.clear();
    for (const CellKind kind : layout.kinds) ignored_.push_back(kind == CellKind::ignored);
    lines_.clear();
  }
  void add(std::span<const Chunk> chunks, const std::vector<CsvColumn>& columns) override {
    const std::size_t width = columns.size();
    for (const Chunk& chunk : chunks) {
      for (std::size_t i = 0; i < width; ++i) {
        if (ignored_[i]) continue;
        for (std::size_t at = i; at < chunk.cells.size(); at += width) cells_[i].push_back(chunk.cells[at]);
      }
      lines_.insert(lines_.end(), chunk.lines.begin(), chunk.lines.end());
    }
  }
  std::vector<double> take_cells(std::size_t column) { return std::move(cells_[column]); }
  std::vector<std::int64_t> take_lines() { return std::move(lines_); }

 private:
  std::vector<std::vector<double>> cells_;
  std::vector<bool> ignored_;
  std::vector<std::int64_t> lines_;
};

ColumnType type_of(const std::string& name, const CsvColumn& column, CellKind kind,
                   const CsvOptions& options) {
  for (const auto& [given, type] : options.types) {
    if (given == name) return type;
  }
  if (kind == CellKind::date) return ColumnType::date;
  return column.is_text ? ColumnType::category : ColumnType::number;
}

void set_cells(std::vector<double> cells, Column& column) {
  if (!column.is_text) {
    column.numbers = std::move(cells);
    return;
  }
  column.codes.reserve(cells.size());
  for (const double cell : cells) {
    column.codes.push_back(std::isnan(cell) ? Column::missing : static_cast<std::int32_t>(cell));
  }
}

// The columns, whose cells take(i) gives.
template <typename Take>
Table make_table(CsvRead read, const CsvOptions& options, Take take) {
  Table table;
  table.name = std::move(read.layout.name);
  table.sha256 = std::move(read.sha256);
  table.notices = std::move(read.notices);
  for (std::size_t i = 0; i < read.columns.size(); ++i) {
    if (read.layout.kinds[i] == CellKind::ignored) continue;
    Column column;
    column.name = read.layout.names[i];
    column.type = type_of(column.name, read.columns[i], read.layout.kinds[i], options);
    column.is_text = read.columns[i].is_text;
    column.words = std::move(read.columns[i].words);
    take(i, column);
    table.columns.push_back(std::move(column));
  }
  return table;
}

Table read_columns(TextPieces text, const std::string& name, const CsvOptions& options) {
  ColumnSink sink;
  CsvRead read = read_rows(text, name, options, sink);
  Table table = make_table(std::move(read), options,
                           [&](std::size_t i, Column& column) { set_cells(sink.take_cells(i), column); });
  table.lines = sink.take_lines();
  return table;
}

// What keeps a machine usable for others.
std::int64_t half_of_memory() {
  const auto half = static_cast<std::int64_t>(core::physical_memory() / 2);
  return half > 0 ? half : INT64_MAX;
}

Table read_packed(const std::string& path, const CsvOptions& options, const PackOptions& pack) {
  const std::int64_t memory = pack.memory ? *pack.memory : half_of_memory();
  if (memory < 0) fail(ErrorKind::argument, "memory: {} bytes; expected at least 0", memory);
  const auto file = std::make_shared<const OpenFile>(path);
  TextPieces text(file);
  PackedSink sink(pack.exact, pack.last, memory);
  CsvRead read = read_rows(text, path, options, sink);
  auto packed = std::make_shared<const PackedRows>(sink.take_rows(read, file));
  Table table = make_table(std::move(read), options, [&](std::size_t i, Column& column) {
    column.packed = sink.place(i);
    if (column.packed < 0) set_cells(sink.take_exact(i), column);
  });
  table.lines = sink.take_lines();
  table.packed = std::move(packed);
  return table;
}

}  // namespace

Table parse_csv(std::string_view bytes, const std::string& name, const CsvOptions& options) {
  return read_columns(TextPieces(bytes), name, options);
}

Table read_csv(const std::string& path, const CsvOptions& options) {
  return read_table(path, options, {.above = INT64_MAX});
}

Table read_table(const std::string& path, const CsvOptions& options, const PackOptions& pack) {
  if (is_larger(path, pack.above)) {
    return read_packed(path, options, pack);
  }
  return parse_csv(read_file(path), path, options);
}

}  // namespace retrograd::data
