// Fetching the text of rows, parsing it as the first reading did.
#include "data/file_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "data/packed_rows.h"

namespace retrograd::data {
namespace {

constexpr std::int64_t widest_gap = 4096;                     // bytes that are read rather than left out
constexpr std::int64_t largest_read = std::int64_t{1} << 20;  // of several rows

}  // namespace

struct FileRows::Reader {
  std::vector<char> text;
  Chunk chunk;
  std::vector<std::int64_t> ascending;  // the rows that are wanted, each once
  std::vector<double> places;           // of a column's words
};

FileRows::FileRows(std::shared_ptr<const OpenFile> file, Form form)
    : file_(std::move(file)), form_(std::move(form)) {}

FileRows::~FileRows() = default;

std::unique_ptr<FileRows::Reader> FileRows::take_reader() const {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Reader>();
  std::unique_ptr<Reader> reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void FileRows::read(std::span<const std::int64_t> rows, float* cells) const {
  std::unique_ptr<Reader> reader = take_reader();
  std::vector<std::int64_t>& ascending = reader->ascending;
  ascending.assign(rows.begin(), rows.end());
  std::sort(ascending.begin(), ascending.end());
  ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());
  read_ascending(ascending, *reader);
  const std::size_t width = form_.places.size();
  for (const std::int64_t row : rows) {
    const auto found = std::lower_bound(ascending.begin(), ascending.end(), row) - ascending.begin();
    const double* from = reader->chunk.cells.data() + static_cast<std::size_t>(found) * width;
    for (std::size_t i = 0; i < width; ++i) {
      const std::int64_t place = form_.places[i];
      if (place >= 0) cells[place] = packed_cell(from[i], form_.origins[static_cast<std::size_t>(place)]);
    }
    cells += form_.origins.size();
  }
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
}

// Fills the reader's chunk.
void FileRows::read_ascending(std::span<const std::int64_t> rows, Reader& reader) const {
  file_->check_unchanged();
  read_text(rows, reader);
  parse_chunk(form_.layout, reader.chunk);
  if (reader.chunk.error || reader.chunk.rows() != static_cast<std::int64_t>(rows.size())) {
    file_->fail_changed();
  }
  name_words(reader);
}

std::int64_t FileRows::end_of(std::int64_t row) const {
  const auto next = static_cast<std::size_t>(row) + 1;
  return next < form_.offsets.size() ? form_.offsets[next] : file_->size();
}

// The rows' text, one behind the other. Rows that lie close together are read at once.
void FileRows::read_text(std::span<const std::int64_t> rows, Reader& reader) const {
  const auto begin_of = [&](std::size_t i) { return form_.offsets[static_cast<std::size_t>(rows[i])]; };
  std::vector<char>& text = reader.text;
  std::size_t used = 0;
  for (std::size_t i = 0, behind = 0; i < rows.size(); i = behind) {
    const std::int64_t begin = begin_of(i);
    behind = i + 1;
    while (behind < rows.size() && begin_of(behind) - end_of(rows[behind - 1]) <= widest_gap &&
           end_of(rows[behind]) - begin <= largest_read) {
      ++behind;
    }
    const auto size = static_cast<std::size_t>(end_of(rows[behind - 1]) - begin);
    if (text.size() < used + size + 1) text.resize(used + size + 1);
    char* const from = text.data() + used;
    file_->read(begin, {from, size});
    for (std::size_t k = i; k < behind; ++k) {
      const auto length = static_cast<std::size_t>(end_of(rows[k]) - begin_of(k));
      std::memmove(text.data() + used, from + (begin_of(k) - begin), length);
      used += length;
    }
  }
  // The last row of the file may end without a newline.
  if (used > 0 && text[used - 1] != '\n') text[used++] = '\n';
  reader.chunk.text = {text.data(), used};
}

// From places in the words of the chunk to those in the words of the table.
void FileRows::name_words(Reader& reader) const {
  Chunk& chunk = reader.chunk;
  const std::size_t width = form_.places.size();
  for (std::size_t i = 0; i < width; ++i) {
    if (form_.places[i] < 0 || !chunk.columns[i].is_text) continue;
    reader.places.clear();
    for (const std::string& word : chunk.columns[i].words) {
      const auto found = form_.codes[i].find(word);
      if (found == form_.codes[i].end()) file_->fail_changed();
      reader.places.push_back(found->second);
    }
    for (std::size_t at = i; at < chunk.cells.size(); at += width) {
      double& cell = chunk.cells[at];
      if (!std::isnan(cell)) cell = reader.places[static_cast<std::size_t>(cell)];
    }
  }
}

}  // namespace retrograd::data
