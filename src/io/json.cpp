// Strings, numbers and blanks of JSON (RFC 8259).
#include "io/json.h"

#include <limits>

#include "core/fail.h"

namespace retrograd::io {
namespace {

void append_utf8(std::string& into, std::uint32_t code) {
  const auto push = [&](std::uint32_t byte) { into.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xC0 | (code >> 6));
    push(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    push(0xE0 | (code >> 12));
    push(0x80 | ((code >> 6) & 0x3F));
    push(0x80 | (code & 0x3F));
  } else {
    push(0xF0 | (code >> 18));
    push(0x80 | ((code >> 12) & 0x3F));
    push(0x80 | ((code >> 6) & 0x3F));
    push(0x80 | (code & 0x3F));
  }
}

}  // namespace

// Unicode 15, table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byte(i);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || text.size() - i < length) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    }
    if (length >= 3) {
      const unsigned second = byte(i + 1);
      if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
          (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
        return false;
      }
    }
    i += length;
  }
  return true;
}

void append_json_string(std::string& json, std::string_view text) {
  json.push_back('"');
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json.push_back('\\');
      json.push_back(c);
    } else if (c == '\n') {
      json += "\\n";
    } else if (code < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
    } else {
      json.push_back(c);
    }
  }
  json.push_back('"');
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "\"";
  for (const char c : text.substr(0, longest)) out.push_back(c >= 0x20 && c < 0x7F ? c : '?');
  out += text.size() > longest ? "...\"" : "\"";
  return out;
}

void JsonReader::stop(std::string_view message) const {
  fail(ErrorKind::data, "{}: the header is malformed at its byte {}: {}", file_, position_, message);
}

void JsonReader::skip_blanks() {
  while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n' ||
                                      text_[position_] == '\t' || text_[position_] == '\r')) {
    ++position_;
  }
}

bool JsonReader::take(char c) {
  skip_blanks();
  if (position_ == text_.size() || text_[position_] != c) return false;
  ++position_;
  return true;
}

void JsonReader::expect(char c) {
  if (!take(c)) stop(fmt::format("expected {}", shown(std::string_view(&c, 1))));
}

void JsonReader::end() {
  skip_blanks();
  if (position_ != text_.size()) stop("expected the end");
}

std::int64_t JsonReader::integer() {
  skip_blanks();
  const std::size_t begin = position_;
  std::int64_t value = 0;
  while (position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9') {
    const int digit = text_[position_] - '0';
    if (value > (std::numeric_limits<std::int64_t>::max() - digit) / 10) stop("the number is too large");
    value = value * 10 + digit;
    ++position_;
  }
  const std::size_t digits = position_ - begin;
  if (digits == 0 || (digits > 1 && text_[begin] == '0')) stop("expected a whole number");
  return value;
}

std::uint32_t JsonReader::hexadecimal() {
  std::uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = position_ < text_.size() ? text_[position_++] : ' ';
    const char letter = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      code = code * 16 + static_cast<std::uint32_t>(c - '0');
    } else if (letter >= 'a' && letter <= 'f') {
      code = code * 16 + static_cast<std::uint32_t>(letter - 'a' + 10);
    } else {
      stop("expected four hexadecimal digits");
    }
  }
  return code;
}

void JsonReader::escape(std::string& into) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const char c = position_ < text_.size() ? text_[position_++] : '\0';
  if (const std::size_t index = letters.find(c); index != std::string_view::npos) {
    into.push_back(meanings[index]);
    return;
  }
  if (c != 'u') stop("unknown escape");
  std::uint32_t code = hexadecimal();
  if (code >= 0xD800 && code < 0xDC00) {
    if (text_.substr(position_, 2) != "\\u") stop("half of a surrogate pair");
    position_ += 2;
    const std::uint32_t low = hexadecimal();
    if (low < 0xDC00 || low > 0xDFFF) stop("half of a surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  } else if (code >= 0xDC00 && code < 0xE000) {
    stop("half of a surrogate pair");
  }
  append_utf8(into, code);
}

std::string JsonReader::string() {
  expect('"');
  std::string value;
  while (true) {
    if (position_ == text_.size()) stop("the string does not end");
    const char c = text_[position_++];
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) stop("a control character in a string");
    if (c == '\\') {
      escape(value);
    } else {
      value.push_back(c);
    }
  }
  if (!is_utf8(value)) stop("a string is not UTF-8");
  return value;
}

}  // namespace retrograd::io
