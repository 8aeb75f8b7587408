// Text in columns: its length in letters, not bytes; cut, padded, wrapped; numbers with so many digits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

// Of UTF-8.
std::size_t letters(std::string_view text);

// At most `most` letters, at least 5; "..." stands for what is left out: at the end, at the beginning, as of
// a path, or in the middle, as of names that differ by a number at their end.
std::string shortened(std::string_view text, std::size_t most);
std::string shortened_front(std::string_view text, std::size_t most);
std::string shortened_middle(std::string_view text, std::size_t most);

// With blanks behind it, or before it, up to `width` letters.
std::string padded(std::string_view text, std::size_t width);
std::string padded_front(std::string_view text, std::size_t width);

// Words on lines of at most `width` letters, where the text has no lines of its own; a longer word stays
// whole.
std::string wrapped(const std::string& text, std::size_t width);
// What begins at column `indent` of a screen `width` wide: words that go beyond it stand on further lines,
// behind as many blanks. A longer word stays whole.
std::string hanging(const std::string& text, std::size_t indent, std::size_t width);

// Significant digits, those at the end that are 0 too: 0.1730, 1234, 1.235e+04.
std::string significant(double value, int digits);

}  // namespace cli
