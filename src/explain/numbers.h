// The numbers of one step, read from the network's graph. Not here: which of them are written out
// (record.cpp).
#pragma once

#include <retrograd/nn.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explain/network.h"

namespace retrograd::explain {

struct Matrix {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<double> values;  // row-major

  double operator()(std::int64_t row, std::int64_t column) const {
    return values[static_cast<std::size_t>(row * columns + column)];
  }
};

// N samples, I inputs, J outputs of the stage. Gradients by x, y and z are of the sample's own error, those
// by parameters of the mean error.
struct StageNumbers {
  Matrix x;                     // [N, I]
  Matrix z, y, dE_dz;           // [N, J]
  std::optional<Matrix> dE_dy;  // [N, J]
  std::optional<Matrix> dy_dz;  // [N, J]
  std::vector<Matrix> dyk_dz;   // for each of the first outputs k [N, J], where the activation is coupled
  Matrix w, dE_dw, w_after;     // [I, J]
  Matrix b, dE_db, b_after;     // [1, J], without elements where the layer has none
};

struct Numbers {
  std::vector<StageNumbers> stages;
  Matrix x, dE_dx;              // [N, D]
  Matrix y, t;                  // [N, K], what the loss compares
  std::optional<Matrix> terms;  // [N, K], parts of each sample's error
  std::vector<double> errors;   // [N]
  double error = 0;             // their mean
  double error_after = 0;
};

// Outputs of a coupled activation whose derivatives are read one by one.
inline constexpr std::int64_t max_paths = 64;

// Runs the step on `model`, a float64 network whose stages are `network`, and updates it. x [N, ...] and
// targets t as the loss takes them; `t` of the result is left to the caller.
Numbers run_step(const nn::Sequential& model, const Network& network, const nn::Loss& loss, const Variable& x,
                 const Array& t, double learning_rate);

// Throws Error(internal) where the factors do not multiply to the gradients of the graph.
void verify(const Numbers& numbers, const Network& network);

}  // namespace retrograd::explain
