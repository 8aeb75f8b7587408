// Texts as "huber(0.5)" or "step(30, 0.1)": a name with numbers. Model texts have a grammar of their own in
// nn/model_parser.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd {

struct CallText {
  std::string name;
  std::vector<double> numbers;  // empty where there are no parentheses
};

// Throws Error(argument), which begins with `what`, for anything else.
CallText parse_call(const char* what, std::string_view text);

// Throws Error(argument) where there are more numbers than `most`; `form` tells what is expected.
void check_call(const char* what, const CallText& call, std::size_t most, std::string_view form);

// The text without blanks at its ends.
std::string_view trimmed(std::string_view text);
// The parts between separators, trimmed; none of an empty text.
std::vector<std::string> split_text(std::string_view text, char separator);
// A finite number that is the whole text. Throws Error(argument), which begins with `what`.
double parse_number(const char* what, std::string_view text);

}  // namespace retrograd
