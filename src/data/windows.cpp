// Windows over the rows of a time series.
#include "data/windows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "core/fail.h"

namespace retrograd::data {
namespace {

// Windows of rows that are encoded when they are gathered.
class WindowsOfRows final : public InputRows {
 public:
  WindowsOfRows(std::shared_ptr<const InputRows> rows, std::int64_t size, std::int64_t width)
      : rows_(std::move(rows)), size_(size), width_(width) {}

  // inputs [count, size, width]
  void copy(std::span<const std::int64_t> windows, float* inputs) const override {
    std::array<std::int64_t, 1024> rows;
    std::size_t count = 0;
    const auto copy_rows = [&] {
      rows_->copy(std::span(rows).first(count), inputs);
      inputs += static_cast<std::int64_t>(count) * width_;
      count = 0;
    };
    for (const std::int64_t first : windows) {
      for (std::int64_t i = 0; i < size_; ++i) {
        rows[count++] = first + i;
        if (count == rows.size()) copy_rows();
      }
    }
    if (count > 0) copy_rows();
  }

 private:
  std::shared_ptr<const InputRows> rows_;
  std::int64_t size_, width_;
};

// Without the first `count` elements of `bytes` bytes.
void drop_first(BufferPtr& buffer, std::int64_t count, std::size_t bytes) {
  if (buffer == nullptr) return;
  const std::size_t dropped = static_cast<std::size_t>(count) * bytes;
  auto rest = std::make_shared<Buffer>(buffer->bytes() - dropped);
  std::memcpy(rest->data(), buffer->as<std::byte>() + dropped, rest->bytes());
  buffer = std::move(rest);
}

void fail_short(const std::string& name, const char* part, std::int64_t rows, const Windows& windows,
                const char* remedy) {
  fail(ErrorKind::data,
       "{}: {}has {} rows, and a window of {} with its target {} {} later needs {}; take a shorter window{}",
       name, part, rows, windows.size, windows.horizon, windows.horizon == 1 ? "row" : "rows", windows.span(),
       remedy);
}

}  // namespace

void check(const Windows& windows) {
  if (windows.size < 0 || windows.size > longest_window) {
    fail(ErrorKind::argument, "window is {}; expected 1 to {} rows", windows.size, longest_window);
  }
  if (windows.horizon < 1 || windows.horizon > longest_window) {
    fail(ErrorKind::argument, "horizon is {}; expected 1 to {} rows", windows.horizon, longest_window);
  }
}

void check_single_rows(const Windows& windows) {
  if (windows.size == 0) return;
  fail(ErrorKind::argument,
       "window: reconstruction gives back single rows, not windows of a time series; leave one of the two "
       "away");
}

void make_windows(Dataset::Storage& storage, const Windows& windows) {
  const bool has_targets = storage.labels != nullptr || storage.targets != nullptr;
  const std::int64_t rows = storage.rows, width = storage.sample_size;
  const std::int64_t first_target = windows.span() - 1;
  if (has_targets && rows < windows.span()) {
    fail_short(storage.source.name, "", rows, windows, ", or more rows");
  }
  if (rows < windows.size) {
    fail(ErrorKind::data, "{}: has {} rows, and the model takes windows of {}; give at least {} rows",
         storage.source.name, rows, windows.size, windows.size);
  }
  if (has_targets) {
    drop_first(storage.labels, first_target, sizeof(std::int32_t));
    drop_first(storage.targets, first_target * storage.width, sizeof(float));
  } else {
    storage.source.notices.push_back(
        fmt::format("predicted are rows {} to {}, counted from 1; the last lies {} behind the end",
                    first_target + 1, rows + windows.horizon, windows.horizon));
  }
  if (storage.input_rows != nullptr) {
    storage.input_rows = std::make_shared<const WindowsOfRows>(storage.input_rows, windows.size, width);
  }
  storage.rows = has_targets ? rows - first_target : rows - windows.size + 1;
  storage.stride = width;
  storage.sample = Shape{windows.size, width};
  storage.sample_size = windows.size * width;
}

void keep_whole_windows(Split& rows, const Windows& windows, const std::string& name) {
  const std::pair<const char*, std::vector<std::int64_t>*> parts[] = {
      {"the training part ", &rows.train},
      {"the validation part ", &rows.validation},
      {"the test part ", &rows.test}};
  for (const auto& [part, of] : parts) {
    if (of->empty()) continue;
    const auto count = static_cast<std::int64_t>(of->size());
    if (count < windows.span()) {
      fail_short(name, part, count, windows, ", another share for the part, or more rows");
    }
    of->resize(static_cast<std::size_t>(count - windows.span() + 1));
  }
}

void note_order_of_dates(Table& table) {
  for (const Column& column : table.columns) {
    if (column.type != ColumnType::date || column.is_text) continue;
    if (std::is_sorted(column.numbers.begin(), column.numbers.end())) continue;
    table.notices.push_back(fmt::format(
        "the dates of \"{}\" do not ascend; a time series is taken in the order of its rows", column.name));
  }
}

}  // namespace retrograd::data
