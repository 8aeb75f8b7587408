// One drawing as inline SVG with a title for screen readers, in the colours of the page (style.h). What is
// drawn is in charts.h.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/report/scale.h"

namespace cli::report {

class Canvas {
 public:
  // `id` is one of the page's; `description` says in words what is to be seen.
  Canvas(std::string_view id, std::string_view title, std::string_view description, double width,
         double height);

  // `classes` are those of the style sheet.
  void text(double x, double y, std::string_view text, std::string_view classes, std::string_view more = "");
  void line(double x1, double y1, double x2, double y2, std::string_view classes);
  // A title appears where the pointer rests.
  void rectangle(double x, double y, double width, double height, std::string_view classes,
                 std::string_view title = "", double opacity = 1);
  void dot(double x, double y, double radius, std::string_view classes, std::string_view title = "");
  // Lines through the points; a NaN leaves a gap.
  void path(const std::vector<std::pair<double, double>>& points, std::string_view classes);
  // A round mark at each point, as one path.
  void marks(const std::vector<std::pair<double, double>>& points, std::string_view classes);
  // Grid lines and texts of the ticks at the left and the bottom of a frame, and the names of the axes.
  void axes(const Scale& x, const Scale& y, std::string_view x_name, std::string_view y_name);

  std::string finish() &&;

 private:
  std::string svg_;
};

}  // namespace cli::report
