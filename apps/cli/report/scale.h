// From numbers to places on a chart: the range of an axis, its ticks and their texts.
#pragma once

#include <string>
#include <vector>

namespace cli::report {

struct Tick {
  double value = 0;
  std::string text;
};

class Scale {
 public:
  // Covers low..high, rounded outward to whole ticks; equal ends are moved apart. `logarithmic` wants low >
  // 0.
  Scale(double low, double high, double first_place, double last_place, bool logarithmic = false);
  // The place of a value: first_place at the low end, last_place at the high end; clamped.
  double operator()(double value) const;
  const std::vector<Tick>& ticks() const { return ticks_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  void make_linear();
  void make_logarithmic();
  double low_, high_, first_, last_;
  bool logarithmic_;
  std::vector<Tick> ticks_;
};

// Whether values spread so far that only a logarithmic axis shows them: all above 0 and their ratio
// beyond 30.
bool wants_logarithm(double low, double high);

}  // namespace cli::report
