// Numbers from text: the common short ones in a few operations, the others by std::from_chars.
#include "data/value.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/fail.h"

namespace retrograd::data {
namespace {

constexpr double powers_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// Digits with at most one point, no more than 15 digits: the digits as an integer and the power of ten are
// both exact doubles, so that one division rounds once and correctly (Clinger 1990). False for all other
// texts.
bool read_short(std::string_view text, double& number) {
  const char* p = text.data();
  const char* end = p + text.size();
  const bool negative = p != end && *p == '-';
  if (negative) ++p;
  if (end - p > 16 || p == end) return false;
  std::uint64_t digits = 0;
  const char* point = nullptr;
  const char* first = p;
  for (; p != end; ++p) {
    const unsigned digit = static_cast<unsigned char>(*p) - unsigned{'0'};
    if (digit <= 9) {
      digits = digits * 10 + digit;
    } else if (*p == '.' && point == nullptr) {
      point = p;
    } else {
      return false;
    }
  }
  const auto count = (end - first) - (point != nullptr ? 1 : 0);
  if (count == 0 || count > 15) return false;
  const auto decimals = point != nullptr ? end - point - 1 : 0;
  const double value = static_cast<double>(digits) / powers_of_ten[decimals];
  number = negative ? -value : value;
  return true;
}

// from_chars does not tell too large from too small: it is the latter with a negative exponent, or without
// one where the text begins with 0 or the point.
bool is_too_small(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) return e + 1 < text.size() && text[e + 1] == '-';
  const std::size_t first = text.find_first_not_of("-");
  return text[first] == '0' || text[first] == '.';
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_missing(std::string_view text) {
  text = trim(text);
  if (text.size() > 4) return false;
  return text.empty() || text == "NA" || text == "N/A" || text == "NaN" || text == "nan" || text == "NAN" ||
         text == "null" || text == "NULL";
}

Value read_value(std::string_view text, double& number) {
  if (read_short(text, number)) return Value::number;
  number = std::numeric_limits<double>::quiet_NaN();
  text = trim(text);
  if (is_missing(text)) return Value::missing;

  if (text.front() == '+' && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return Value::text;
  if (error == std::errc::result_out_of_range) {
    if (!is_too_small(text)) return Value::infinite;
    value = 0;
  }
  if (std::isnan(value)) return Value::missing;
  if (std::isinf(value)) return Value::infinite;
  number = value;
  return Value::number;
}

std::string number_text(double number) {
  return fmt::format("{}", number + 0.0);  // adding zero makes one of the two zeros
}

bool is_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = p + text.size();
  while (p != end) {
    if (*p < 0x80) {
      ++p;
      continue;
    }
    const int more = *p >= 0xC2 && *p <= 0xDF   ? 1
                     : *p >= 0xE0 && *p <= 0xEF ? 2
                     : *p >= 0xF0 && *p <= 0xF4 ? 3
                                                : 0;
    if (more == 0 || end - p <= more) return false;
    // The second byte also excludes overlong forms, surrogates and values beyond U+10FFFF.
    const unsigned low = *p == 0xE0 ? 0xA0 : *p == 0xF0 ? 0x90 : 0x80;
    const unsigned high = *p == 0xED ? 0x9F : *p == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high) return false;
    for (int i = 2; i <= more; ++i) {
      if (p[i] < 0x80 || p[i] > 0xBF) return false;
    }
    p += more + 1;
  }
  return true;
}

}  // namespace retrograd::data
