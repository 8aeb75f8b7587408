// Plateau: a learning rate that falls when a loss, observed on the host, stops falling. Schedules that know
// the steps in advance are in <retrograd/schedule.h>.
#pragma once

#include <retrograd/optimizer.h>

#include <cstdint>
#include <vector>

namespace retrograd::optim {

struct PlateauOptions {
  double factor = 0.1;         // what the learning rate is multiplied by
  std::int64_t patience = 10;  // observations without a better loss that are waited for
  double threshold = 1e-4;     // better: below the best by this share of it
  double smallest = 0.0;       // the learning rate goes no lower
};

class Plateau {
 public:
  // The optimizer must outlive it. Throws Error(argument) unless 0 < factor < 1 and the others are at least
  // 0.
  Plateau(Optimizer& optimizer, const PlateauOptions& options = {});
  // Outside a trace, once an epoch. True where it has lowered the learning rate. A NaN is not better.
  bool observe(double loss);
  // f64 [2]: the best loss, and the observations since then.
  std::vector<Variable> variables() const { return {state_}; }

 private:
  Optimizer* optimizer_;
  PlateauOptions options_;
  Variable state_;
};

}  // namespace retrograd::optim
