// LoopRun: a loop bound to memory: an execution of its body, run once for each step.
#pragma once

#include <memory>
#include <vector>

#include "plan/loop_plan.h"
#include "runtime/execution.h"

namespace retrograd::runtime {

class LoopRun {
 public:
  explicit LoopRun(const kernels::Call& call);

  // Runs all steps; stops at the first fault. The pointers are those of the call's operands; an output that
  // nobody uses is null. Allocates nothing.
  FoundFault run(const std::byte* const* inputs, std::byte* const* outputs, std::byte* workspace);

 private:
  void find_inputs(const std::byte* const* inputs, std::byte* workspace);
  void point_at(std::int64_t step, std::byte* const* outputs, std::byte* workspace);

  const kernels::Call& call_;
  const plan::LoopPlan& loop_;
  plan::LoopWorkspace workspace_;
  Execution body_;
  std::vector<std::size_t> input_bytes_;   // of each input of the body
  std::vector<std::size_t> output_bytes_;  // of each result of the body
  std::vector<const std::byte*> bases_;    // of the loop's inputs, in row-major order
  std::vector<std::byte*> inputs_;         // of the body, in this step
  std::vector<std::byte*> results_;
};

}  // namespace retrograd::runtime
