// Accumulation: updates by the mean gradient of several batches, for batches larger than memory.
#pragma once

#include <retrograd/optimizer.h>

#include <cstdint>
#include <span>
#include <vector>

namespace retrograd::optim {

// Adds up the gradients of `batches` calls and lets the optimizer make its step with their mean at the last
// of them; in between parameters, moments and the step count keep their values. One plan serves all calls, so
// the optimizer's arithmetic is done in each and kept in the last.
class Accumulation {
 public:
  // The optimizer must outlive it. Throws Error(argument) for batches below 1.
  Accumulation(Optimizer& optimizer, std::int64_t batches);

  // As Optimizer::update(). Several calls in one trace, with different parameters, are one batch.
  void update(std::span<const Variable> parameters, std::span<const Array> gradients);
  // Makes the sums of parameters that have none yet, and the optimizer's state.
  void prepare(std::span<const Variable> parameters);
  // The number of batches in the sums, then the sums: "linear_1.weight.gradient_sum". The optimizer's are its
  // own.
  std::vector<Variable> variables() const;

 private:
  struct Sum {
    Variable parameter;
    Variable sum;
  };
  const Variable& sum_of(const Variable& parameter);

  Optimizer* optimizer_;
  std::int64_t batches_;
  Variable count_;  // i64 []
  std::vector<Sum> sums_;
};

}  // namespace retrograd::optim
