// RFC 4180 over bytes in memory.
#include "data/csv.h"

#include <cstring>
#include <utility>

#include "core/fail.h"

namespace retrograd::data {
namespace {

// The most frequent of , ; and tab outside quotes in the first line, the comma where none is there.
char detect_separator(std::string_view bytes) {
  std::size_t commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (char c : bytes) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    commas += c == ',';
    semicolons += c == ';';
    tabs += c == '\t';
  }
  if (tabs > commas && tabs > semicolons) return '\t';
  return semicolons > commas ? ';' : ',';
}

}  // namespace

CsvReader::CsvReader(std::string_view bytes, std::string name, char separator)
    : name_(std::move(name)), separator_(separator) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  at_ = bytes.data();
  end_ = at_ + bytes.size();
  if (separator_ == '\0') separator_ = detect_separator(bytes);
}

bool CsvReader::skip_empty_lines() {
  while (true) {
    const char* p = at_;
    while (p != end_ && (*p == ' ' || *p == '\r')) ++p;
    if (p == end_) {
      at_ = p;
      return false;
    }
    if (*p != '\n') return true;
    at_ = p + 1;
    ++line_;
  }
}

bool CsvReader::next() {
  if (!skip_empty_lines()) return false;
  row_line_ = line_;
  field_count_ = 0;
  scratch_used_ = 0;
  while (true) {
    while (at_ != end_ && (*at_ == ' ' || (*at_ == '\t' && separator_ != '\t'))) ++at_;
    if (field_count_ == fields_.size()) fields_.resize(fields_.size() * 2 + 16);
    fields_[field_count_++] = at_ != end_ && *at_ == '"' ? read_quoted() : read_plain();
    if (at_ == end_) return true;
    if (*at_++ == '\n') {
      ++line_;
      return true;
    }
  }
}

// Leaves at_ on the separator or newline that ends the field, or at the end.
inline std::string_view CsvReader::read_plain() {
  const char* start = at_;
  const char* p = at_;
  const char separator = separator_;
  while (p != end_ && *p != separator && *p != '\n') ++p;
  at_ = p;
  while (p != start && (p[-1] == ' ' || p[-1] == '\r' || p[-1] == '\t')) --p;
  return std::string_view(start, static_cast<std::size_t>(p - start));
}

std::string_view CsvReader::read_quoted() {
  const std::int64_t opened = line_;
  const char* start = ++at_;
  std::string* unescaped = nullptr;
  std::string_view field;
  while (true) {
    const char* quote = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    if (quote == nullptr) {
      fail(ErrorKind::data, "{}: line {}: the quote that opens here is never closed", name_, opened);
    }
    for (const char* p = at_; p != quote; ++p) line_ += *p == '\n';
    const bool doubled = quote + 1 != end_ && quote[1] == '"';
    if (doubled && unescaped == nullptr) unescaped = &scratch();
    if (unescaped != nullptr) unescaped->append(start, quote + (doubled ? 1 : 0));
    at_ = quote + (doubled ? 2 : 1);
    if (!doubled) {
      field = unescaped != nullptr ? std::string_view(*unescaped)
                                   : std::string_view(start, static_cast<std::size_t>(quote - start));
      break;
    }
    start = at_;
  }
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\r' || (*at_ == '\t' && separator_ != '\t'))) ++at_;
  if (at_ != end_ && *at_ != separator_ && *at_ != '\n') {
    fail(ErrorKind::data,
         "{}: line {}: text follows a closing quote; a quote inside a quoted field is written twice", name_,
         line_);
  }
  return field;
}

std::string& CsvReader::scratch() {
  if (scratch_used_ == scratch_.size()) scratch_.emplace_back();
  std::string& text = scratch_[scratch_used_++];
  text.clear();
  return text;
}

}  // namespace retrograd::data
