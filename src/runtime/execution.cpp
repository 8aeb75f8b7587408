// Binds a plan's steps to pointers and runs them over the thread pool.
#include "runtime/execution.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/bf16.h"
#include "core/strided_copy.h"
#include "core/thread_pool.h"
#include "runtime/loop_run.h"

namespace retrograd::runtime {
namespace {

using plan::Location;
using plan::Place;
using plan::PlannedStep;

// The position of the first NaN or infinity, -1 where all are finite.
template <typename T>
std::int64_t first_not_finite(const std::byte* data, std::int64_t size) {
  const T* values = reinterpret_cast<const T*>(data);
  for (std::int64_t i = 0; i < size; ++i) {
    if (!std::isfinite(values[i])) return i;
  }
  return -1;
}

std::int64_t first_not_finite(DType dtype, const std::byte* data, std::int64_t size) {
  if (dtype == DType::f32) return first_not_finite<float>(data, size);
  if (dtype == DType::f64) return first_not_finite<double>(data, size);
  if (dtype == DType::bf16) {
    const auto* values = reinterpret_cast<const std::uint16_t*>(data);
    for (std::int64_t i = 0; i < size; ++i) {
      if (!std::isfinite(from_bf16(values[i]))) return i;
    }
  }
  return -1;
}

}  // namespace

Execution::Execution(std::shared_ptr<const plan::Plan> plan, BufferPtr arena)
    : plan_(std::move(plan)), constants_(plan_->constant_bytes) {
  input_bases_.resize(plan_->inputs.size());
  variable_bases_.resize(plan_->variables.size());
  result_bases_.resize(plan_->results.size());
  for (const BufferPtr& buffer : plan_->data) data_bases_.push_back(buffer->data());
  bind(plan_->once, once_);
  bind(plan_->steps, steps_);
  prepare_scratch();
  take_arena(std::move(arena));
  for (std::size_t i = 0; i < once_.size(); ++i) run_step(once_[i], ProfiledRun(), i);
}

Execution::~Execution() = default;

void Execution::bind(const std::vector<PlannedStep>& steps, std::vector<BoundStep>& bound) {
  for (const PlannedStep& step : steps) {
    const bool is_loop = step.kernel == &plan::loop_kernel;
    bound.push_back({&step, is_loop ? nullptr : step.kernel->bind(step.call, step.choice),
                     is_loop ? std::make_unique<LoopRun>(step.call) : nullptr, inputs_.size(),
                     outputs_.size()});
    add_pointers(step);
  }
}

void Execution::add_pointers(const PlannedStep& step) {
  const auto is_fixed = [](Place place) {
    return place == Place::none || place == Place::constant || place == Place::data;
  };
  for (const Location& location : step.inputs) {
    std::vector<Patch>& patches = location.place == Place::arena ? arena_inputs_ : input_patches_;
    if (!is_fixed(location.place)) patches.push_back({inputs_.size(), location});
    inputs_.push_back(is_fixed(location.place) ? address(location) : nullptr);
  }
  for (const Location& location : step.outputs) {
    std::vector<Patch>& patches = location.place == Place::arena ? arena_outputs_ : output_patches_;
    if (!is_fixed(location.place)) patches.push_back({outputs_.size(), location});
    outputs_.push_back(is_fixed(location.place) ? address(location) : nullptr);
  }
}

void Execution::take_arena(BufferPtr arena) {
  if (arena == nullptr || arena->bytes() < plan_->arena_bytes) {
    arena = std::make_shared<Buffer>(plan_->arena_bytes);
  }
  arena_ = std::move(arena);
  if (patched_for_ == arena_->data()) return;
  for (const Patch& patch : arena_inputs_) inputs_[patch.position] = address(patch.location);
  for (const Patch& patch : arena_outputs_) outputs_[patch.position] = address(patch.location);
  patched_for_ = arena_->data();
}

std::byte* Execution::address(const Location& location) const {
  const auto index = static_cast<std::size_t>(location.index);
  switch (location.place) {
    case Place::none:
      return nullptr;
    case Place::arena:
      return arena_->data() + location.offset;
    case Place::constant:
      return const_cast<std::byte*>(constants_.data()) + location.offset;
    case Place::input:
      return input_bases_[index] + location.offset;
    case Place::variable:
      return variable_bases_[index] + location.offset;
    case Place::data:
      return data_bases_[index] + location.offset;
    case Place::result:
      return result_bases_[index] + location.offset;
  }
  return nullptr;
}

void Execution::find_bases(std::span<const BufferPtr> inputs, std::span<const BufferPtr> results) {
  for (std::size_t i = 0; i < inputs.size(); ++i) input_bases_[i] = inputs[i]->data();
  for (std::size_t i = 0; i < results.size(); ++i) result_bases_[i] = results[i]->data();
  for (std::size_t i = 0; i < plan_->variables.size(); ++i) {
    if (plan_->is_updated[i]) plan_->variables[i]->make_sole_holder();
    variable_bases_[i] = plan_->variables[i]->buffer->data();
  }
  patch_pointers();
}

void Execution::patch_pointers() {
  for (const Patch& patch : input_patches_) inputs_[patch.position] = address(patch.location);
  for (const Patch& patch : output_patches_) outputs_[patch.position] = address(patch.location);
}

void Execution::prepare_scratch() {
  const int threads = core::thread_count();
  if (scratch_ && threads <= scratch_threads_) return;
  const std::size_t each = (plan_->scratch_bytes + 63) / 64 * 64;
  scratch_ = std::make_unique<Buffer>(each * static_cast<std::size_t>(threads));
  scratch_threads_ = threads;
}

FoundFault Execution::run_step(const BoundStep& step, const ProfiledRun& profiled, std::size_t position) {
  if (step.loop != nullptr) {
    return step.loop->run(inputs_.data() + step.first_input, outputs_.data() + step.first_output,
                          arena_->data() + step.planned->workspace);
  }
  const std::size_t scratch_each = (plan_->scratch_bytes + 63) / 64 * 64;
  const auto run_phase = [&](int phase, int shards) {
    core::parallel_for(shards, [&](int shard) noexcept {
      const std::int64_t begin = profiled ? clock_now() : 0;
      const auto thread = static_cast<std::size_t>(core::thread_index());
      kernels::Operands operands{.inputs = inputs_.data() + step.first_input,
                                 .outputs = outputs_.data() + step.first_output,
                                 .scratch = scratch_->data() + thread * scratch_each,
                                 .workspace = arena_->data() + step.planned->workspace,
                                 .fault = &fault_,
                                 .phase = phase};
      step.kernel->run(operands, shard);
      if (profiled) profiled.add_span(position, begin);
    });
  };
  run_phase(0, step.planned->choice.shards);
  if (step.planned->choice.shards_after > 0) run_phase(1, step.planned->choice.shards_after);
  return {};
}

FoundFault Execution::check_values(const BoundStep& step) const {
  for (std::size_t i = 0; i < step.planned->outputs.size(); ++i) {
    const std::byte* data = outputs_[step.first_output + i];
    const kernels::View& view = step.planned->call.outputs[i];
    const std::int64_t found = data == nullptr ? -1 : first_not_finite(view.dtype, data, view.size());
    if (found >= 0) return {step.planned, kernels::Fault::Kind::not_finite, found};
  }
  return {};
}

FoundFault Execution::run_steps(const ProfiledRun& profiled) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const BoundStep& step = steps_[i];
    {
      const StepClock clock(profiled, i);
      if (const FoundFault found = run_step(step, profiled, i); found.step != nullptr) return found;
    }
    if (step.planned->op->traits.check && fault_.kind() != kernels::Fault::Kind::none) {
      return {step.planned, fault_.kind(), fault_.value()};
    }
    if (!plan_->options.plain) continue;
    if (const FoundFault found = check_values(step); found.step != nullptr) return found;
  }
  return {};
}

FoundFault Execution::run(std::span<const BufferPtr> inputs, std::span<const BufferPtr> results) {
  prepare_scratch();
  find_bases(inputs, results);
  fault_.clear();
  if (plan_->options.plain) std::memset(arena_->data(), 0xff, arena_->bytes());  // NaNs
  const ProfiledRun profiled(plan_, profile_);
  return run_all(profiled);
}

FoundFault Execution::run_at(std::span<std::byte* const> inputs, std::span<std::byte* const> results) {
  prepare_scratch();
  std::copy(inputs.begin(), inputs.end(), input_bases_.begin());
  std::copy(results.begin(), results.end(), result_bases_.begin());
  patch_pointers();
  fault_.clear();
  if (plan_->options.plain) std::memset(arena_->data(), 0xff, arena_->bytes());  // NaNs
  return run_all(ProfiledRun());
}

FoundFault Execution::run_all(const ProfiledRun& profiled) {
  const FoundFault found = run_steps(profiled);
  if (found.step != nullptr) return found;
  const StepClock clock(profiled, &PlanRecord::copies);
  for (const plan::Copy& copy : plan_->copies) {
    strided_copy(copy.from.layout, address(copy.source), address(copy.target), size_of(copy.from.dtype));
  }
  return {};
}

}  // namespace retrograd::runtime
