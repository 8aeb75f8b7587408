// A text, from memory or from a file, in pieces that are whole rows of CSV; and its digest.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/file.h"

namespace retrograd::data {

// Rows that lie together in the text. The bytes are the text's own where it is in memory.
struct Piece {
  std::string_view text;
  std::int64_t first_line = 1;
  std::int64_t offset = 0;  // of the text in the whole
  std::vector<char> storage;
};

class TextPieces {
 public:
  static constexpr std::size_t usual_size = std::size_t{1} << 19;

  // The text, which must outlive it.
  explicit TextPieces(std::string_view bytes) : bytes_(bytes), size_(bytes.size()) {}
  // A regular file.
  explicit TextPieces(std::shared_ptr<const OpenFile> file)
      : file_(std::move(file)), size_(static_cast<std::size_t>(file_->size())) {}

  // From the beginning again.
  void rewind();
  // '\0' before the first piece is read detects the separator there.
  void set_separator(char separator) { separator_ = separator; }
  char separator() const { return separator_; }
  // The next rows, cut behind the last row that ends within the usual size, a longer row as a whole. False at
  // the end. A byte order mark is left out. Throws Error(data) where the file cannot be read.
  bool next(Piece& piece);
  std::size_t size() const { return size_; }

 private:
  std::string_view read(Piece& piece, std::size_t count);

  std::string_view bytes_;
  std::shared_ptr<const OpenFile> file_;
  std::size_t size_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  char separator_ = '\0';
};

}  // namespace retrograd::data
