// Cutting a text behind rows.
#include "data/text_pieces.h"

#include <algorithm>

#include "data/csv.h"

namespace retrograd::data {

void TextPieces::rewind() {
  at_ = 0;
  line_ = 1;
}

std::string_view TextPieces::read(Piece& piece, std::size_t count) {
  if (file_ == nullptr) return bytes_.substr(at_, count);
  piece.storage.resize(count);
  file_->read(static_cast<std::int64_t>(at_), piece.storage);
  return {piece.storage.data(), count};
}

bool TextPieces::next(Piece& piece) {
  if (at_ >= size_) return false;
  std::size_t wanted = usual_size;
  while (true) {
    std::string_view text = read(piece, std::min(wanted, size_ - at_));
    if (separator_ == '\0') separator_ = detect_separator(text);
    const std::size_t mark = at_ == 0 && text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    text.remove_prefix(mark);
    const bool last = at_ + mark + text.size() >= size_;
    const std::size_t end = last ? text.size() : last_row_end(text, separator_);
    if (end > 0 || last) {
      piece.text = text.substr(0, end);
      piece.offset = static_cast<std::int64_t>(at_ + mark);
      piece.first_line = line_;
      at_ += mark + end;
      line_ += std::count(piece.text.begin(), piece.text.end(), '\n');
      return true;
    }
    wanted *= 2;
  }
}

}  // namespace retrograd::data
