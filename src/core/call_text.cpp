// Texts of a name with numbers.
#include "core/call_text.h"

#include <charconv>
#include <cmath>

#include "core/fail.h"

namespace retrograd {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::vector<std::string> split_text(std::string_view text, char separator) {
  std::vector<std::string> parts;
  if (trimmed(text).empty()) return parts;
  for (std::size_t first = 0; first <= text.size();) {
    const std::size_t last = std::min(text.find(separator, first), text.size());
    parts.emplace_back(trimmed(text.substr(first, last - first)));
    first = last + 1;
  }
  return parts;
}

double parse_number(const char* what, std::string_view text) {
  double value = 0;
  const std::string_view digits = trimmed(text);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || !std::isfinite(value)) {
    fail(ErrorKind::argument, "{}: \"{}\" is no number", what, text);
  }
  return value;
}

CallText parse_call(const char* what, std::string_view text) {
  const std::string_view whole = trimmed(text);
  const std::size_t open = whole.find('(');
  if (open == whole.npos) return {std::string(whole), {}};
  if (whole.back() != ')') {
    fail(ErrorKind::argument, "{}: \"{}\" has no ) at its end; expected name(number, ...)", what, whole);
  }
  CallText call{std::string(trimmed(whole.substr(0, open))), {}};
  for (const std::string& part : split_text(whole.substr(open + 1, whole.size() - open - 2), ',')) {
    call.numbers.push_back(parse_number(what, part));
  }
  return call;
}

void check_call(const char* what, const CallText& call, std::size_t most, std::string_view form) {
  if (call.numbers.size() <= most) return;
  fail(ErrorKind::argument, "{}: {} has {} numbers; expected {}", what, call.name, call.numbers.size(), form);
}

}  // namespace retrograd
