// What `train` chooses by the size of a table.
//
// | rows of training | dropout             | learning rate               |
// |------------------|---------------------|-----------------------------|
// | below 1,000      | 0.5 (regression: 0) | 0.1 / inputs, 0.002 to 0.02 |
// | below 10,000     | 0                   | 0.002                       |
// | more             | 0                   | 0.001                       |
//
// In reconstruction the rate is 0.01 below 10,000 rows, else 0.003, and there is no dropout.
//
// Few rows make few updates, which at 0.001 end before the network has learned, and a network that has is
// larger than its data: dropout. A network for numbers has none: its noise would stay in the answers, which
// matters where the data are exact. An update of adamw moves each weight by about the rate and so a sum of n
// inputs by n times that: the fewer inputs, the larger the rate may be.
#include "cli/table_defaults.h"

#include <algorithm>

namespace cli {

TableDefaults table_defaults(std::int64_t rows, std::int64_t inputs, retrograd::data::Task task) {
  constexpr std::int64_t few = 1000, many = 10000;
  if (task == retrograd::data::Task::reconstruction) {
    return {.dropout = 0, .learning_rate = rows < many ? 1e-2 : 3e-3};
  }
  if (rows < few) {
    const double inverse = 0.1 / static_cast<double>(std::max<std::int64_t>(inputs, 1));
    return {.dropout = task == retrograd::data::Task::regression ? 0.0 : 0.5,
            .learning_rate = std::clamp(inverse, 0.002, 0.02)};
  }
  return {.dropout = 0, .learning_rate = rows < many ? 2e-3 : 1e-3};
}

}  // namespace cli
