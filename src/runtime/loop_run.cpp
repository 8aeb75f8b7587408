// The steps of a loop: slices of the sequences in place, carries from one of two buffers to the other.
#include "runtime/loop_run.h"

#include "core/strided_copy.h"

namespace retrograd::runtime {
namespace {

std::size_t bytes_of(const TensorType& type) {
  return static_cast<std::size_t>(type.shape.size()) * size_of(type.dtype);
}

}  // namespace

LoopRun::LoopRun(const kernels::Call& call)
    : call_(call), loop_(*call.attributes.as<plan::PlannedLoop>().plan), workspace_(call), body_(loop_.body) {
  for (const TensorType& type : loop_.body->inputs) input_bytes_.push_back(bytes_of(type));
  for (const TensorType& type : loop_.body->results) output_bytes_.push_back(bytes_of(type));
  bases_.resize(input_bytes_.size());
  inputs_.resize(input_bytes_.size());
  results_.resize(output_bytes_.size());
}

void LoopRun::find_inputs(const std::byte* const* inputs, std::byte* workspace) {
  for (std::size_t i = 0; i < bases_.size(); ++i) {
    const kernels::View& view = call_.inputs[i];
    bases_[i] = inputs[i];
    if (view.is_contiguous()) continue;
    Layout from = view.layout;
    from.offset = 0;
    std::byte* copy = workspace + workspace_.copies[i];
    strided_copy(from, inputs[i], copy, size_of(view.dtype));
    bases_[i] = copy;
  }
}

// Step 0, 1, ... of the run, which may go from the last element to the first.
void LoopRun::point_at(std::int64_t step, std::byte* const* outputs, std::byte* workspace) {
  const auto element = static_cast<std::size_t>(loop_.reverse ? loop_.length - 1 - step : step);
  const auto carried = [&](std::size_t i, std::int64_t after) {
    const plan::LoopWorkspace::Carry& carry = workspace_.carries[i];
    return workspace + (after % 2 == 0 ? carry.first : carry.second);
  };
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    auto* base = const_cast<std::byte*>(bases_[i]);  // the body's plan does not write into its inputs
    const bool is_sequence = i >= loop_.carries && i < loop_.carries + loop_.sequences;
    inputs_[i] = is_sequence ? base + element * input_bytes_[i] : base;
  }
  for (std::size_t r = 0; r < results_.size(); ++r) {
    const std::size_t k = loop_.results[r];
    if (k >= loop_.carries) {
      results_[r] = outputs[k] + element * output_bytes_[r];
      continue;
    }
    if (step > 0) inputs_[k] = carried(k, step - 1);
    const bool is_last = step + 1 == loop_.length && outputs[k] != nullptr;
    results_[r] = is_last ? outputs[k] : carried(k, step);
  }
}

FoundFault LoopRun::run(const std::byte* const* inputs, std::byte* const* outputs, std::byte* workspace) {
  find_inputs(inputs, workspace);
  for (std::int64_t step = 0; step < loop_.length; ++step) {
    point_at(step, outputs, workspace);
    const FoundFault found = body_.run_at(inputs_, results_);
    if (found.step != nullptr) return found;
  }
  return {};
}

}  // namespace retrograd::runtime
