// Vocabularies: characters of UTF-8, and bytes.
#include <retrograd/vocabulary.h>

#include <algorithm>
#include <map>

#include "core/fail.h"

namespace retrograd::data {
namespace {

constexpr std::string_view of_characters = "characters: ";

// The number of bytes of the character that begins at `at`; 0 where none does. Well-formed UTF-8 (Unicode
// 15, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
std::size_t length_of_character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

// Calls f(character, place) for each character.
template <typename F>
void for_each_character(std::string_view text, std::string_view name, F f) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_of_character(text, at);
    if (length == 0) {
      fail(ErrorKind::data, "{}: byte {} (0x{:02X}) begins no character of UTF-8; read it as bytes", name, at,
           static_cast<unsigned char>(text[at]));
    }
    f(text.substr(at, length), at);
    at += length;
  }
}

}  // namespace

Vocabulary Vocabulary::characters(std::string_view text, std::string_view name) {
  std::vector<std::string> tokens;
  std::map<std::string_view, bool> seen;
  for_each_character(text, name, [&](std::string_view character, std::size_t) {
    if (seen.emplace(character, true).second) tokens.emplace_back(character);
  });
  // Bytes of UTF-8 are in the order of code points.
  std::sort(tokens.begin(), tokens.end(), [](const std::string& a, const std::string& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
      return static_cast<unsigned char>(x) < static_cast<unsigned char>(y);
    });
  });
  if (tokens.size() < 2) {
    fail(ErrorKind::data, "{}: has {} different characters; there is nothing to learn from less than two",
         name, tokens.size());
  }
  Vocabulary vocabulary;
  vocabulary.tokens_ = std::move(tokens);
  return vocabulary;
}

Vocabulary Vocabulary::bytes() {
  Vocabulary vocabulary;
  vocabulary.is_bytes_ = true;
  for (int byte = 0; byte < 256; ++byte) vocabulary.tokens_.emplace_back(1, static_cast<char>(byte));
  return vocabulary;
}

std::vector<std::int32_t> Vocabulary::encode(std::string_view text, std::string_view name) const {
  std::vector<std::int32_t> result;
  result.reserve(text.size());
  if (is_bytes_) {
    for (const char c : text) result.push_back(static_cast<unsigned char>(c));
    return result;
  }
  std::map<std::string_view, std::int32_t> places;
  for (std::size_t i = 0; i < tokens_.size(); ++i) places.emplace(tokens_[i], static_cast<std::int32_t>(i));
  for_each_character(text, name, [&](std::string_view character, std::size_t at) {
    const auto found = places.find(character);
    if (found == places.end()) {
      fail(ErrorKind::data, "{}: the character \"{}\" at byte {} is none of the {} of the training text",
           name, character, at, tokens_.size());
    }
    result.push_back(found->second);
  });
  return result;
}

std::string Vocabulary::decode(std::span<const std::int32_t> tokens) const {
  std::string text;
  for (const std::int32_t token : tokens) {
    if (token < 0 || token >= size()) {
      fail(ErrorKind::argument, "vocabulary: token {} is out of range; expected 0 <= token < {}", token,
           size());
    }
    text += tokens_[static_cast<std::size_t>(token)];
  }
  return text;
}

std::string Vocabulary::to_text() const {
  if (is_bytes_) return "bytes";
  std::string text(of_characters);
  for (const std::string& token : tokens_) text += token;
  return text;
}

Vocabulary Vocabulary::from_text(std::string_view text) {
  if (text == "bytes") return bytes();
  if (!text.starts_with(of_characters)) fail(ErrorKind::data, "vocabulary: is neither bytes nor characters");
  return characters(text.substr(of_characters.size()), "vocabulary");
}

}  // namespace retrograd::data
