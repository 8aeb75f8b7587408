// Calibration: what came true against the probability that was told.
#include <fmt/format.h>

#include <algorithm>

#include "cli/report/canvas.h"
#include "cli/report/charts.h"

namespace cli::report {

std::string calibration_chart(const Classes& classes) {
  constexpr double width = 420, height = 330, left = 52, right = 408, top = 30, bottom = 220;
  constexpr double bars_bottom = 290, bars_height = 36;
  const Scale x(0, 1, left, right), y(0, 1, bottom, top);
  std::size_t most = 1;
  for (const CalibrationBin& bin : classes.bins) most = std::max(most, bin.rows);
  Canvas canvas("calibration", "Calibration",
                fmt::format("The expected calibration error is {:.4f}.", classes.calibration_error), width,
                height);
  canvas.axes(x, y, "", "share that came true");
  canvas.line(x(0), y(0), x(1), y(1), "ideal");
  std::vector<std::pair<double, double>> points;
  for (const CalibrationBin& bin : classes.bins) {
    const std::string title = fmt::format("told {:.1f} to {:.1f}: {} rows, mean {:.3f}, came true {:.3f}",
                                          bin.low, bin.high, bin.rows, bin.probability, bin.share);
    const double tall = bars_height * static_cast<double>(bin.rows) / static_cast<double>(most);
    canvas.rectangle(x(bin.low) + 1, bars_bottom - tall, x(bin.high) - x(bin.low) - 2, tall, "f1", title,
                     0.45);
    if (bin.rows == 0) continue;
    canvas.text((x(bin.low) + x(bin.high)) / 2, bars_bottom - tall - 3, fmt::format("{}", bin.rows),
                "small middle");
    points.emplace_back(x(bin.probability), y(bin.share));
  }
  canvas.path(points, "curve s1");
  for (const CalibrationBin& bin : classes.bins) {
    if (bin.rows == 0) continue;
    canvas.dot(x(bin.probability), y(bin.share), 4, "f1",
               fmt::format("{} rows told {:.3f}: {:.3f} came true", bin.rows, bin.probability, bin.share));
  }
  canvas.line(left, bars_bottom, right, bars_bottom, "axis");
  canvas.text((left + right) / 2, bars_bottom + 17, "probability told, with the number of rows",
              "tick middle");
  return std::move(canvas).finish();
}

}  // namespace cli::report
