// Vocabulary: what the tokens of a text stand for, characters or bytes. Texts as data are in
// <retrograd/text.h>.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

// Tokens 0 to size() - 1 and what they stand for. Copies are cheap enough: one string for each token.
class Vocabulary {
 public:
  Vocabulary() = default;  // no tokens
  // The distinct characters (code points of UTF-8) of a text, in the order of their code points. Throws
  // Error(data), naming `name` and the place, where the text is no UTF-8, and for less than two.
  static Vocabulary characters(std::string_view text, std::string_view name = "text");
  // All 256 values of a byte.
  static Vocabulary bytes();

  bool empty() const { return tokens_.empty(); }
  bool is_bytes() const { return is_bytes_; }
  std::int64_t size() const { return static_cast<std::int64_t>(tokens_.size()); }
  // In the order of the tokens.
  const std::vector<std::string>& tokens() const { return tokens_; }
  // Throws Error(data), naming `name`, the place and the character, for one that it has not.
  std::vector<std::int32_t> encode(std::string_view text, std::string_view name = "text") const;
  // Throws Error(argument) for a token out of range.
  std::string decode(std::span<const std::int32_t> tokens) const;

  // For a model file: "bytes", or "characters: " and all of them. from_text throws Error(data) for others.
  std::string to_text() const;
  static Vocabulary from_text(std::string_view text);
  bool operator==(const Vocabulary&) const = default;

 private:
  bool is_bytes_ = false;
  std::vector<std::string> tokens_;
};

}  // namespace retrograd::data
