// The meaning of one field: a number, missing, or text. Which type a whole column has is not found here:
// table.cpp.
#pragma once

#include <string>
#include <string_view>

namespace retrograd::data {

enum class Value { number, missing, infinite, text };

// What the text is; `number` is set to its value, to NaN where it is missing. A number is decimal, with sign,
// point and exponent as one likes; the value is the nearest double. One too large for a double is infinite.
Value read_value(std::string_view text, double& number);

// Empty but for blanks, NA, N/A, NaN, nan, NAN, null, NULL.
bool is_missing(std::string_view text);

// The shortest text that reads back as the same number: "3", "0.1", "1e+20".
std::string number_text(double number);

// Whether the bytes are well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

}  // namespace retrograd::data
