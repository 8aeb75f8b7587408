// Which units, inputs and samples of a large network are written out.
#pragma once

#include <cstdint>
#include <vector>

#include "explain/numbers.h"

namespace retrograd::explain {

// Columns of `values`, ascending: those of the largest sum of magnitudes over the first `rows` rows, the
// earlier one of equals; `most` of them, or all for 0.
std::vector<std::int64_t> largest_columns(const Matrix& values, std::int64_t rows, std::int64_t most);

}  // namespace retrograd::explain
