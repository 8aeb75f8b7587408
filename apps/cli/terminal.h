// What the terminal shows: its width, letters and colours.
#pragma once

#include <string>
#include <string_view>

#include "cli/common.h"

namespace cli {

// Columns of the terminal behind stdout or stderr; else the variable COLUMNS, else 80.
int terminal_width();

bool stdout_is_terminal();

// Whether the locale's letters are UTF-8.
bool is_utf8();

// Colours for stdout; all "" where it is no terminal, or colours are not wanted.
struct Colors {
  std::string_view bold, faint, good, bad, first, second, off;
};
Colors colors_of_stdout(const Common& common);

// Values as a line of at most `width` small bars, the least lowest; the mean where several fall into one
// place. NaN is a blank. Without UTF-8 letters of ASCII stand for the bars.
std::string sparkline(const double* values, std::size_t count, std::size_t width, bool utf8);

}  // namespace cli
