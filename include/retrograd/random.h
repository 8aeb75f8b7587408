// Generator: the source of the random numbers of dropout and the like, as training state. The numbers
// themselves are drawn by the op `uniform` of <retrograd/ops.h>; initial values by
// <retrograd/initialisers.h>.
#pragma once

#include <retrograd/scope.h>
#include <retrograd/variable.h>

#include <cstdint>

namespace retrograd {

// Holds {seed, step} in a variable. A step that uses it moves on to step + 1, so two steps draw different
// numbers and a step that is run again from the same state draws the same ones.
class Generator {
 public:
  explicit Generator(std::uint64_t seed = 0);
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  // i64 [2] = {seed, step}, the argument of `uniform`. Inside a trace the first call records the update of
  // the step; outside one every call advances at once.
  Array counter() const;

  // The state, to be saved and restored with the parameters.
  const Variable& variable() const { return state_; }
  // Starts again at step 0. Throws Error(argument) inside a trace.
  void seed(std::uint64_t seed);

  // The generator in force on this thread: that of the innermost GeneratorScope, else one of the process with
  // seed 0.
  static const Generator& current();

 private:
  Variable state_;
};

// Puts a generator in force on this thread for its lifetime.
using GeneratorScope = Scope<const Generator>;

}  // namespace retrograd
