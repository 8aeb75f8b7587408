// RFC 4180 over bytes in memory.
#include "data/csv.h"

#include <cstring>
#include <utility>

#include "core/fail.h"

namespace retrograd::data {
namespace {

const char* find(const char* from, const char* end, char letter) {
  return static_cast<const char*>(std::memchr(from, letter, static_cast<std::size_t>(end - from)));
}

// The first byte behind a quoted field that opens at p; null where it is never closed.
const char* behind_quotes(const char* p, const char* end) {
  for (++p; (p = find(p, end, '"')) != nullptr; p += 2) {
    if (p + 1 == end || p[1] != '"') return p + 1;
  }
  return nullptr;
}

}  // namespace

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

std::size_t last_row_end(std::string_view text, char separator) {
  if (text.find('"') == std::string_view::npos) return text.rfind('\n') + 1;  // npos + 1 is 0
  const char* const end = text.data() + text.size();
  std::size_t last = 0;
  for (const char* p = text.data(); p != end;) {
    while (p != end && (*p == ' ' || (*p == '\t' && separator != '\t'))) ++p;
    if (p != end && *p == '"') p = behind_quotes(p, end);
    if (p == nullptr) return last;
    while (p != end && *p != separator && *p != '\n') ++p;
    if (p == end) return last;
    if (*p++ == '\n') last = static_cast<std::size_t>(p - text.data());
  }
  return last;
}

CsvReader::CsvReader(std::string_view bytes, std::string name, char separator, std::int64_t first_line)
    : begin_(bytes.data()),
      at_(begin_),
      end_(begin_ + bytes.size()),
      row_(begin_),
      name_(std::move(name)),
      separator_(separator),
      line_(first_line),
      row_line_(first_line) {}

bool CsvReader::next_row() {
  while (true) {
    const char* p = at_;
    while (p != end_ && (*p == ' ' || *p == '\r')) ++p;
    if (p == end_) {
      at_ = p;
      return false;
    }
    if (*p != '\n') break;
    at_ = p + 1;
    ++line_;
  }
  row_ = at_;
  row_line_ = line_;
  has_field_ = true;
  return true;
}

std::string_view CsvReader::next_field() {
  while (at_ != end_ && (*at_ == ' ' || (*at_ == '\t' && separator_ != '\t'))) ++at_;
  const std::string_view field = at_ != end_ && *at_ == '"' ? read_quoted() : read_plain();
  end_field();
  return field;
}

std::vector<std::string> CsvReader::rest() {
  std::vector<std::string> fields;
  while (has_field_) fields.emplace_back(next_field());
  return fields;
}

// From the separator or newline that ends the field to what comes next.
void CsvReader::end_field() {
  has_field_ = at_ != end_ && *at_ != '\n';
  if (at_ != end_ && *at_++ == '\n') ++line_;
}

// Leaves at_ on the separator or newline that ends the field, or at the end.
std::string_view CsvReader::read_plain() {
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
  bool escaped = false;
  std::string_view field;
  while (true) {
    const char* quote = find(at_, end_, '"');
    if (quote == nullptr) {
      fail(ErrorKind::data, "{}: line {}: the quote that opens here is never closed", name_, opened);
    }
    for (const char* p = at_; p != quote; ++p) line_ += *p == '\n';
    const bool doubled = quote + 1 != end_ && quote[1] == '"';
    if (doubled && !escaped) unescaped_.clear();
    escaped = escaped || doubled;
    if (escaped) unescaped_.append(start, quote + (doubled ? 1 : 0));
    at_ = quote + (doubled ? 2 : 1);
    if (!doubled) {
      field = escaped ? std::string_view(unescaped_)
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

}  // namespace retrograd::data
