// What `train` chooses by the size of a table where neither model nor optimizer is named, in reconstruction
// whatever the model. All other defaults
// are retrograd::train::Options'. docs/accuracy.md shows what they reach.
#pragma once

#include <retrograd/encoder.h>

#include <cstdint>

namespace cli {

struct TableDefaults {
  double dropout = 0;           // after each hidden layer
  double learning_rate = 1e-3;  // of adamw
};

// Of a training part with so many rows and numbers a row.
TableDefaults table_defaults(std::int64_t rows, std::int64_t inputs, retrograd::data::Task task);

}  // namespace cli
