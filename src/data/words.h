// The words of a text, for bags of words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

// The distinct words, sorted: runs of letters and digits, ASCII letters in lower case; bytes beyond ASCII are
// letters.
std::vector<std::string> words_of(std::string_view text);

}  // namespace retrograd::data
