// Text for HTML and SVG.
#include "cli/report/html.h"

namespace cli::report {
namespace {

bool begins_letter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
  }
  return result;
}

std::size_t letters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += begins_letter(c) ? 1 : 0;
  return count;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (letters(text) <= most || most == 0) return std::string(text);
  std::size_t count = 0, at = 0;
  while (at < text.size()) {
    if (begins_letter(text[at]) && ++count == most) break;
    ++at;
  }
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace cli::report
