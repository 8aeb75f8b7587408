// Execution: a plan bound to memory. One thread runs it at a time; a plan may have several.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/buffer.h"
#include "plan/plan.h"
#include "runtime/profiler.h"

namespace retrograd::runtime {

// A non-finite number or an index out of range that a step found; nothing has been updated.
struct FoundFault {
  const plan::PlannedStep* step = nullptr;  // null: none
  kernels::Fault::Kind kind = kernels::Fault::Kind::none;
  std::int64_t value = 0;
};

class LoopRun;

class Execution {
 public:
  // `arena` is used where it is large enough, else a new one is made.
  explicit Execution(std::shared_ptr<const plan::Plan> plan, BufferPtr arena = nullptr);
  ~Execution();

  // Between runs nothing of the plan's lies in the arena, so executions that do not run at once can take
  // turns with one. Gives it away; take_arena() must come before the next run.
  BufferPtr give_arena() { return std::move(arena_); }
  void take_arena(BufferPtr arena);
  bool has_arena() const { return arena_ != nullptr; }

  // Runs all steps: `inputs` are row-major buffers of the plan's input types, `results` are filled. Allocates
  // nothing where every updated variable is its buffer's sole holder (else it gets a fresh buffer first).
  FoundFault run(std::span<const BufferPtr> inputs, std::span<const BufferPtr> results);
  // The same with pointers; no step of it is in a profile. For plans without variables.
  FoundFault run_at(std::span<std::byte* const> inputs, std::span<std::byte* const> results);

  const plan::Plan& plan() const { return *plan_; }

 private:
  struct BoundStep {
    const plan::PlannedStep* planned;
    std::unique_ptr<kernels::BoundKernel> kernel;  // null: a loop
    std::unique_ptr<LoopRun> loop;
    std::size_t first_input;   // position in inputs_
    std::size_t first_output;  // position in outputs_
  };
  // A pointer that may differ from run to run, or with the arena.
  struct Patch {
    std::size_t position;
    plan::Location location;
  };

  void bind(const std::vector<plan::PlannedStep>& steps, std::vector<BoundStep>& bound);
  void add_pointers(const plan::PlannedStep& step);
  std::byte* address(const plan::Location& location) const;
  void find_bases(std::span<const BufferPtr> inputs, std::span<const BufferPtr> results);
  void patch_pointers();
  void prepare_scratch();
  // `position` among the plan's steps, for the profile.
  FoundFault run_step(const BoundStep& step, const ProfiledRun& profiled, std::size_t position);
  FoundFault run_steps(const ProfiledRun& profiled);
  FoundFault run_all(const ProfiledRun& profiled);
  FoundFault check_values(const BoundStep& step) const;

  std::shared_ptr<const plan::Plan> plan_;
  Buffer constants_;
  BufferPtr arena_;
  std::vector<BoundStep> once_;
  std::vector<BoundStep> steps_;
  std::vector<const std::byte*> inputs_;
  std::vector<std::byte*> outputs_;
  std::vector<Patch> input_patches_;
  std::vector<Patch> output_patches_;
  std::vector<Patch> arena_inputs_;
  std::vector<Patch> arena_outputs_;
  const std::byte* patched_for_ = nullptr;  // the arena that the pointers are of
  std::vector<std::byte*> input_bases_;
  std::vector<std::byte*> variable_bases_;
  std::vector<std::byte*> data_bases_;
  std::vector<std::byte*> result_bases_;
  std::unique_ptr<Buffer> scratch_;
  int scratch_threads_ = 0;
  kernels::Fault fault_;
  ProfileSlot profile_;
};

}  // namespace retrograd::runtime
