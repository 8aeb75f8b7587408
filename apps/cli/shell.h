// Words for a shell.
#pragma once

#include <string>
#include <vector>

namespace cli {

// A word as a shell reads it back: as it is where it has nothing special, else in single quotes.
std::string shell_word(const std::string& word);
// "retrograd" and the words.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace cli
