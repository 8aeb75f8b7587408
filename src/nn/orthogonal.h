// Orthonormal rows or columns, for the orthogonal initialiser.
#pragma once

#include <cstdint>
#include <vector>

namespace retrograd::nn {

// Makes the rows of `matrix` [rows, columns], or the columns where there are fewer of them, orthonormal. Of
// independent normal numbers it makes a matrix drawn evenly from all such ones.
void make_orthogonal(std::vector<double>& matrix, std::int64_t rows, std::int64_t columns);

}  // namespace retrograd::nn
