// A chart of one line for the terminal, of several rows of letters. Sparklines are in terminal.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cli {

struct Chart {
  std::vector<double> x, y;           // y: NaN where it is not known
  bool logarithmic_x = false;         // x > 0
  std::optional<double> marked = {};  // an x with a line of its own
  std::string x_name, y_name;
};

// At most `width` letters wide and `height` rows high, with the numbers of both axes. "" for less than two
// points.
std::string drawn(const Chart& chart, std::size_t width, std::size_t height, bool utf8);

}  // namespace cli
