// Rows of a table that is too large to be kept: of each its place in the file, where it is read again. How a
// cell becomes four bytes is in packed_rows.h.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "data/csv_chunk.h"
#include "data/file.h"

namespace retrograd::data {

class FileRows {
 public:
  // What is known of the file when it has been read once.
  struct Form {
    CsvLayout layout;                   // no kind is automatic; columns that are not wanted are ignored
    std::vector<WordCodes> codes;       // of the columns of text
    std::vector<std::int64_t> places;   // of columns in a row of cells; -1: not wanted
    std::vector<double> origins;        // of the wanted ones
    std::vector<std::int64_t> offsets;  // of the rows, ascending
  };
  FileRows(std::shared_ptr<const OpenFile> file, Form form);
  ~FileRows();

  // Reads rows, in any order, again: cells [count, wanted columns], as PackedRows has them. Throws Error(io)
  // where the file has changed. Safe to call from several threads.
  void read(std::span<const std::int64_t> rows, float* cells) const;

 private:
  struct Reader;  // memory for one call at a time
  std::unique_ptr<Reader> take_reader() const;
  void read_ascending(std::span<const std::int64_t> rows, Reader& reader) const;
  void read_text(std::span<const std::int64_t> rows, Reader& reader) const;
  void name_words(Reader& reader) const;
  std::int64_t end_of(std::int64_t row) const;

  std::shared_ptr<const OpenFile> file_;
  Form form_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace retrograd::data
