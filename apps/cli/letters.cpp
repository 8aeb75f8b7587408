// Text in columns.
#include "cli/letters.h"

#include <algorithm>
#include <cstdio>

namespace cli {
namespace {

bool begins_letter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

// The byte at which letter `place` begins.
std::size_t byte_of(std::string_view text, std::size_t place) {
  std::size_t at = 0;
  for (; place > 0 && at < text.size(); --place) {
    do ++at;
    while (at < text.size() && !begins_letter(text[at]));
  }
  return at;
}

std::string blanks(std::string_view text, std::size_t width) {
  const std::size_t length = letters(text);
  return std::string(width > length ? width - length : 0, ' ');
}

}  // namespace

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_letter));
}

std::string shortened(std::string_view text, std::size_t most) {
  if (letters(text) <= most) return std::string(text);
  return std::string(text.substr(0, byte_of(text, most - 3))) + "...";
}

std::string shortened_front(std::string_view text, std::size_t most) {
  const std::size_t count = letters(text);
  if (count <= most) return std::string(text);
  return "..." + std::string(text.substr(byte_of(text, count - (most - 3))));
}

std::string shortened_middle(std::string_view text, std::size_t most) {
  const std::size_t count = letters(text), end = (most - 3) / 2;
  if (count <= most) return std::string(text);
  return std::string(text.substr(0, byte_of(text, most - 3 - end))) + "..." +
         std::string(text.substr(byte_of(text, count - end)));
}

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + blanks(text, width);
}

std::string padded_front(std::string_view text, std::size_t width) {
  return blanks(text, width) + std::string(text);
}

std::string wrapped(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string word = text.substr(at, end - at);
    if (line > 0 && line + 1 + letters(word) > width) {
      result += '\n';
      line = 0;
    } else if (line > 0) {
      result += ' ';
      ++line;
    }
    result += word;
    line += letters(word);
    if (end < text.size() && text[end] == '\n') {
      result += '\n';
      line = 0;
    }
    at = end + 1;
  }
  return result;
}

std::string hanging(const std::string& text, std::size_t indent, std::size_t width) {
  std::string lines = wrapped(text, std::max(width, indent + 20) - indent);
  const std::string margin = "\n" + std::string(indent, ' ');
  for (std::size_t at = 0; (at = lines.find('\n', at)) != lines.npos; at += margin.size()) {
    lines.replace(at, 1, margin);
  }
  return lines;
}

std::string significant(double value, int digits) {
  char buffer[64];  // fmt's {:#} writes 1234.0 for four digits
  std::snprintf(buffer, sizeof buffer, "%#.*g", digits, value);
  std::string text(buffer);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace cli
