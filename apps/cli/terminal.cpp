// The terminal.
#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

namespace cli {
namespace {

constexpr const char* blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr const char* letters[] = {"_", ".", "-", "=", "+", "*", "%", "#"};
constexpr std::size_t levels = 8;

// The mean of the known values that fall into each place.
std::vector<double> resampled(const double* values, std::size_t count, std::size_t width) {
  std::vector<double> means(width);
  for (std::size_t place = 0; place < width; ++place) {
    const std::size_t first = place * count / width;
    const std::size_t last = std::max(first + 1, (place + 1) * count / width);
    double sum = 0, known = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (!std::isfinite(values[i])) continue;
      sum += values[i];
      known += 1;
    }
    means[place] = known > 0 ? sum / known : std::numeric_limits<double>::quiet_NaN();
  }
  return means;
}

}  // namespace

int terminal_width() {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (::ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  const char* columns = std::getenv("COLUMNS");
  const int given = columns == nullptr ? 0 : std::atoi(columns);
  return given > 0 ? given : 80;
}

bool stdout_is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

bool is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view text(value);
    return text.find("UTF-8") != text.npos || text.find("utf8") != text.npos ||
           text.find("utf-8") != text.npos;
  }
  return false;
}

Colors colors_of_stdout(const Common& common) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool wanted = stdout_is_terminal() && !common.no_color && (no_color == nullptr || *no_color == '\0');
  if (!wanted) return {};
  return {.bold = "\x1b[1m",
          .faint = "\x1b[2m",
          .good = "\x1b[32m",
          .bad = "\x1b[31m",
          .first = "\x1b[34m",
          .second = "\x1b[33m",
          .off = "\x1b[0m"};
}

std::string sparkline(const double* values, std::size_t count, std::size_t width, bool utf8) {
  if (count == 0) return "";
  const std::vector<double> means = resampled(values, count, std::min(count, width));
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : means) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  std::string text;
  for (const double value : means) {
    if (std::isnan(value)) {
      text += ' ';
      continue;
    }
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    const auto level = std::min(levels - 1, static_cast<std::size_t>(share * levels));
    text += (utf8 ? blocks : letters)[level];
  }
  return text;
}

}  // namespace cli
