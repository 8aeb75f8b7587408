// The JSON of safetensors headers: strings and whole numbers in objects and arrays. No general JSON library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retrograd::io {

bool is_utf8(std::string_view text);

// Appends `text` as a JSON string. It must be UTF-8.
void append_json_string(std::string& json, std::string_view text);

// `text` in quotes for a message: shortened, control characters and bytes that are no ASCII as "?".
std::string shown(std::string_view text);

// Reads JSON piece by piece, in the order of the text. Every member function throws Error(data), naming the
// file and the byte of the header, where the text has something else.
class JsonReader {
 public:
  JsonReader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  std::string string();
  std::int64_t integer();  // 0 to 2^63 - 1
  // Calls member(key) at each value, which it reads. Keys may come twice: the caller's business.
  template <typename F>
  void object(F&& member) {
    expect('{');
    if (take('}')) return;
    do {
      std::string key = string();
      expect(':');
      member(key);
    } while (take(','));
    expect('}');
  }
  // Calls element() at each value, which it reads.
  template <typename F>
  void array(F&& element) {
    expect('[');
    if (take(']')) return;
    do {
      element();
    } while (take(','));
    expect(']');
  }
  // Nothing but blanks may follow.
  void end();
  [[noreturn]] void stop(std::string_view message) const;

 private:
  void skip_blanks();
  bool take(char c);
  void expect(char c);
  void escape(std::string& into);
  std::uint32_t hexadecimal();

  std::string_view text_;
  std::string_view file_;
  std::size_t position_ = 0;
};

}  // namespace retrograd::io
