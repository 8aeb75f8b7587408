// The charts of a report, each one inline SVG. Their numbers are those of findings.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/report/findings.h"

namespace cli::report {

struct Series {
  std::string name;
  std::vector<double> values;  // of the epochs first_epoch, first_epoch + 1, ...; NaN where it is not known
};

struct Curves {
  std::string_view id;
  std::string title;
  std::string unit;  // of the vertical axis
  std::int64_t first_epoch = 1;
  std::int64_t marked_epoch = 0;    // a vertical line with the word "kept"; 0: none
  std::vector<Series> series;       // four at most
  bool may_be_logarithmic = false;  // where the values spread far
  bool from_zero = false;
};

// Lines over epochs. "" where no value is known.
std::string curves_chart(const Curves& curves);

// Counts by truth (down) and prediction (across).
constexpr std::size_t most_classes_drawn = 30;
std::string confusion_chart(const Classes& classes);

// What came true against the probability told, over how many rows each bin has.
std::string calibration_chart(const Classes& classes);

// Prediction against truth, at most some thousand rows of them; `number` tells the page's charts apart.
std::string prediction_chart(const Numbers& numbers, std::size_t number);
// How many rows are off by how much.
std::string residual_chart(const Numbers& numbers, std::size_t number);

// How many rows have errors of which size.
std::string error_chart(const Reconstruction& reconstruction);

struct Bar {
  std::string name;
  double value = 0;
  double deviation = 0;  // drawn as a line around the bar's end
};
// Horizontal bars in the order given.
std::string bar_chart(std::string_view id, std::string_view title, std::string_view unit,
                      const std::vector<Bar>& bars);

}  // namespace cli::report
