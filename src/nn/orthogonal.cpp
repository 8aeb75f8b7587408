// Gram and Schmidt's method, each vector projected twice: once more is enough for orthogonality to a unit
// roundoff (Giraud et al. 2005). Its factor R has a positive diagonal, which makes the result even.
#include "nn/orthogonal.h"

#include <cmath>
#include <cstddef>

namespace retrograd::nn {
namespace {

double dot(const double* a, const double* b, std::size_t length) {
  double total = 0.0;
  for (std::size_t i = 0; i < length; ++i) total += a[i] * b[i];
  return total;
}

// vectors [count, length], count <= length
void orthonormalise(std::vector<double>& vectors, std::size_t count, std::size_t length) {
  for (std::size_t k = 0; k < count; ++k) {
    double* v = vectors.data() + k * length;
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t j = 0; j < k; ++j) {
        const double* u = vectors.data() + j * length;
        const double share = dot(u, v, length);
        for (std::size_t i = 0; i < length; ++i) v[i] -= share * u[i];
      }
    }
    const double norm = std::sqrt(dot(v, v, length));
    for (std::size_t i = 0; i < length; ++i) v[i] /= norm;
  }
}

}  // namespace

void make_orthogonal(std::vector<double>& matrix, std::int64_t rows, std::int64_t columns) {
  const auto r = static_cast<std::size_t>(rows);
  const auto c = static_cast<std::size_t>(columns);
  if (r <= c) {
    orthonormalise(matrix, r, c);
    return;
  }
  std::vector<double> transposed(matrix.size());
  for (std::size_t i = 0; i < r; ++i) {
    for (std::size_t j = 0; j < c; ++j) transposed[j * r + i] = matrix[i * c + j];
  }
  orthonormalise(transposed, c, r);
  for (std::size_t i = 0; i < r; ++i) {
    for (std::size_t j = 0; j < c; ++j) matrix[i * c + j] = transposed[j * r + i];
  }
}

}  // namespace retrograd::nn
