// Rows and fields of a CSV text. What the fields mean is not found here: see value.h, csv_chunk.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

// The most frequent of , ; and tab outside quotes in the first line, the comma where none is there.
char detect_separator(std::string_view bytes);

// The bytes up to and with the last newline that ends a row (outside quotes); 0 where no row ends. The text
// begins with a row.
std::size_t last_row_end(std::string_view text, char separator);

// The bytes must outlive the reader.
class CsvReader {
 public:
  // `first_line`: the number of the line with which the text begins.
  CsvReader(std::string_view bytes, std::string name, char separator, std::int64_t first_line = 1);

  // Goes on to the next row that is not an empty line; false at the end. The row before must be read whole.
  bool next_row();
  // Whether the row has another field.
  bool has_field() const { return has_field_; }
  // The next field of the row, valid until the next call. Throws Error(data) for a quote that is never closed
  // and for text after a closing quote.
  std::string_view next_field();
  // The next fields of the row, `most` at most, as long as each is a plain decimal of at most 19 digits that
  // a double division gives exactly (Clinger 1990), and ends where its digits end. How many that were; the
  // numbers are the nearest doubles.
  inline std::size_t next_numbers(double* numbers, std::size_t most);
  // All that is left of the row.
  std::vector<std::string> rest();

  // The line where the row starts, counted from 1.
  std::int64_t line() const { return row_line_; }
  // The bytes before the row, and those not yet read.
  std::size_t row_offset() const { return static_cast<std::size_t>(row_ - begin_); }
  std::string_view unread() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  // The line of the bytes not yet read.
  std::int64_t unread_line() const { return line_; }

 private:
  std::string_view read_plain();
  std::string_view read_quoted();
  void end_field();

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* row_;
  std::string name_;
  char separator_;
  bool has_field_ = false;
  std::int64_t line_;
  std::int64_t row_line_;
  std::string unescaped_;  // the field, where it has doubled quotes
};

inline constexpr double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                           1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                           1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// The first byte behind a plain decimal at p; null where there is none.
inline const char* read_decimal(const char* p, const char* end, double& number) {
  std::uint64_t digits = 0;
  const auto read_digits = [&] {
    for (unsigned digit; p != end && (digit = static_cast<unsigned char>(*p) - unsigned{'0'}) <= 9; ++p) {
      digits = digits * 10 + digit;
    }
  };
  const bool negative = p != end && *p == '-';
  p += negative ? 1 : 0;
  const char* first = p;
  read_digits();
  auto count = p - first;
  std::ptrdiff_t decimals = 0;
  if (p != end && *p == '.') {
    first = ++p;
    read_digits();
    decimals = p - first;
    count += decimals;
  }
  if (count == 0 || count > 19 || digits >> 53 != 0) return nullptr;
  const double value =
      decimals == 0 ? static_cast<double>(digits) : static_cast<double>(digits) / powers_of_ten[decimals];
  number = negative ? -value : value;
  return p;
}

inline std::size_t CsvReader::next_numbers(double* numbers, std::size_t most) {
  const char* p = at_;
  const char* const end = end_;
  const char separator = separator_;
  std::size_t count = 0;
  while (count < most) {
    // The shortest field, a digit and a separator, is frequent enough for a way of its own.
    if (end - p > 1 && p[1] == separator) {
      const unsigned digit = static_cast<unsigned char>(*p) - unsigned{'0'};
      if (digit > 9) break;
      numbers[count++] = digit;
      p += 2;
      continue;
    }
    const char* next = read_decimal(p, end, numbers[count]);
    if (next == nullptr) break;
    if (next != end && *next == separator) {
      p = next + 1;
      ++count;
      continue;
    }
    if (next != end && *next == '\r') ++next;
    if (next != end && *next != '\n') break;
    ++count;
    has_field_ = false;
    if (next != end) ++line_;
    p = next != end ? next + 1 : end;
    break;
  }
  at_ = p;
  return count;
}

}  // namespace retrograd::data
