// The optimised plan of a graph computes what its plain plan does, over random graphs with gradients and
// updates.
#include <gtest/gtest.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "runtime/plans.h"

namespace retrograd {
namespace {

// Builds a graph of [4, 3] and [3, 4] values by drawing ops. Values stay near 1 in size, and relu is taken of
// values away from its kink, so that the plans' different rounding stays small.
class RandomGraph {
 public:
  RandomGraph(unsigned seed, DType dtype) : random_(seed), dtype_(dtype) {
    for (int i = 0; i < 3; ++i) {
      variables_.emplace_back(leaf(Shape{4, 3}), "v" + std::to_string(i));
      pool_.push_back(variables_.back().read());
    }
    row_ = Variable(leaf(Shape{3}), "row");
    const int steps = 5 + below(20);
    for (int i = 0; i < steps; ++i) pool_.push_back(step());
  }

  // A scalar that depends on the last values.
  Array error() {
    Array total = sum(square(pool_.back()));
    for (int i = 0; i < 3; ++i) total = total + mean(multiply(any(), any()));
    return total;
  }

  const std::vector<Variable>& variables() const { return variables_; }
  Array any() { return pool_[static_cast<std::size_t>(below(static_cast<int>(pool_.size())))]; }

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  Array leaf(const Shape& shape) {
    std::uniform_real_distribution<double> uniform(-1.0, 1.0);
    std::vector<double> values(static_cast<std::size_t>(shape.size()));
    for (double& value : values) value = uniform(random_);
    if (dtype_ == DType::f64) return Array::from(values, shape);
    return Array::from(std::vector<float>(values.begin(), values.end()), shape);
  }

  Array step() {
    const Array a = any();
    const Array b = any();
    switch (below(17)) {
      case 0:
        return tanh(a + b);
      case 1:
        return a * 0.5 - b * 0.25;
      case 2:
        return tanh(a * b);
      case 3:
        return sigmoid(a);
      case 4:
        return relu(a + 0.017);
      case 5:
        return softmax(a, below(2));
      case 6:
        return tanh(matmul(matmul(a, transpose(b)), any()) + row_.read());
      case 7:
        return a + broadcast_to(mean(b, 0, true), Shape{4, 3});
      case 8:
        return reshape(tanh(transpose(reshape(a, {3, 4}))), {4, 3});
      case 9:
        return where(greater(a, b), a, b * 0.5);
      case 10:
        return log_softmax(a, 1) * 0.3;
      case 11:
        return sqrt(square(a) + 1.0);
      case 12:
        return exp(negative(square(a)));
      case 13:
        return tanh(matmul(matmul(a, transpose(b)), any()) + a) - b;
      case 14:
        return tanh(b - matmul(reshape(a, {4, 3}), matmul(transpose(b), any())) * 0.5);
      case 15:
        return a * broadcast_to(tanh(sum(square(b), 1, true)), Shape{4, 3});
      case 16:
        return a - broadcast_to(reshape(sum(tanh(reshape(b, {3, 4})), 0) * 0.3, {4, 1}), Shape{4, 3});
      default:
        return b / (1.5 + square(a));
    }
  }

  std::mt19937 random_;
  DType dtype_;
  std::vector<Variable> variables_;
  Variable row_;
  std::vector<Array> pool_;
};

// Largest difference relative to the largest value.
double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 1.0;
  double difference = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i]));
    difference = std::max(difference, std::abs(a[i] - b[i]));
    if (std::isnan(a[i]) || std::isnan(b[i])) return INFINITY;
  }
  return difference / largest;
}

struct Outcome {
  std::vector<std::vector<double>> values;  // results, then the variables after the step
};

// Runs E, a value, gradients and the updates v <- v - dE/dv and w <- v (a swap of the others) from equal
// state.
Outcome run(unsigned seed, DType dtype, bool plain) {
  RandomGraph graph(seed, dtype);
  const Array E = graph.error();
  const std::vector<Array> dE =
      gradients(E, std::span<const Variable>(graph.variables()), {.allow_unused = true});
  std::vector<Array> outputs{E, transpose(graph.any()), graph.variables()[1].read()};
  outputs.insert(outputs.end(), dE.begin(), dE.end());
  const std::vector<Variable>& v = graph.variables();
  std::vector<Update> updates;
  updates.push_back({v[0].state(), v[0].read() - dE[0]});
  if (seed % 2 == 0) {
    updates.push_back({v[1].state(), v[2].read()});
    updates.push_back({v[2].state(), v[1].read()});
  } else {
    updates.push_back({v[1].state(), v[2].read() * 0.5 + v[1].read()});
    updates.push_back({v[2].state(), v[1].read() - v[2].read()});
  }
  const auto plan = plan::make_plan({}, outputs, updates, {.plain = plain});
  Outcome outcome;
  const std::vector<BufferPtr> results = testing::run(plan);
  for (std::size_t i = 0; i < results.size(); ++i) {
    outcome.values.push_back(testing::as_doubles(plan->results[i], results[i]));
  }
  for (const Variable& variable : v)
    outcome.values.push_back(testing::as_doubles(variable.type(), variable.state()->buffer));
  return outcome;
}

TEST(Plan, OptimisedAndPlainAgreeOnFiveHundredRandomGraphs) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    const DType dtype = seed % 4 == 3 ? DType::f32 : DType::f64;
    // Chains of at most 25 ops whose derivatives are near 1 in size, each rounding by a few units in the last
    // place, and gradients that multiply some hundred of them: 1e4 units of room.
    const double tolerance = dtype == DType::f32 ? 1e4 * 6e-8 : 1e4 * 1.1e-16;
    const Outcome optimised = run(seed, dtype, false);
    const Outcome plain = run(seed, dtype, true);
    ASSERT_EQ(optimised.values.size(), plain.values.size());
    for (std::size_t i = 0; i < plain.values.size(); ++i) {
      EXPECT_LE(distance(plain.values[i], optimised.values[i]), tolerance)
          << "seed " << seed << ", value " << i;
    }
  }
}

}  // namespace
}  // namespace retrograd
