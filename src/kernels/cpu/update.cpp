// adam_update: w, g, m, v [...], learning_rate, correction1, correction2 [] -> w, m, v [...], and
// sgd_momentum_update: w, g, velocity [...], learning_rate [] -> w, velocity [...], in f32. Of any layout, as
// a composite is kept whole before layouts are known. The loops are in update_loop.cpp.
#include <algorithm>
#include <array>

#include "core/attributes/adam_update.h"
#include "core/attributes/sgd_momentum_update.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"
#include "kernels/cpu/update_loop.h"
#include "kernels/kernel.h"

namespace retrograd::kernels {
namespace {

constexpr std::int64_t tile = 512;      // elements gathered at a time
constexpr std::size_t most_arrays = 4;  // inputs that are not scalars

std::size_t arrays_of(const Call& call) { return call.op == "adam_update" ? 4 : 3; }

bool all_contiguous(const Call& call) {
  const auto end = call.inputs.begin() + static_cast<std::ptrdiff_t>(arrays_of(call));
  return std::all_of(call.inputs.begin(), end, [](const View& view) { return view.is_contiguous(); });
}

bool supports(const Call& call) {
  return call.epilogue.empty() && call.outputs[0].dtype == DType::f32 && call.outputs[0].size() > 0;
}

Choice choose(const Call& call) {
  Choice choice{.shards = cpu::shards_for(call.outputs[0].size())};
  if (!all_contiguous(call)) choice.scratch_bytes = most_arrays * tile * sizeof(float);
  return choice;
}

// A scalar is read by every shard, and a gathered input in another order than it would be overwritten.
bool in_place(const Call& call, std::size_t input) {
  return call.outputs[0].size() == 1 || (input < arrays_of(call) && all_contiguous(call));
}

// Calls f(at, count, x), x the arrays from element `at` on, for the runs of a shard.
template <typename F>
void for_each_run(const Call& call, const Operands& operands, int shard, int shards, const F& f) {
  const cpu::Range range = cpu::range_of(call.outputs[0].size(), shard, shards);
  const std::int64_t longest = all_contiguous(call) ? range.size() : tile;
  for (std::int64_t at = range.begin; at < range.end; at += longest) {
    const std::int64_t count = std::min(longest, range.end - at);
    std::array<const float*, most_arrays> x{};
    for (std::size_t i = 0; i < arrays_of(call); ++i) {
      x[i] = operands.in<float>(i) + at;
      if (call.inputs[i].is_contiguous()) continue;
      float* row = reinterpret_cast<float*>(operands.scratch) + i * tile;
      cpu::gather(operands.in<float>(i), call.inputs[i].layout, at, count, row);
      x[i] = row;
    }
    f(at, count, x);
  }
}

float* out(const Operands& operands, std::size_t i, std::int64_t at) {
  return operands.outputs[i] == nullptr ? nullptr : operands.out<float>(i) + at;
}

void adam_update(const Call& call, const Operands& operands, int shard, int shards) {
  const auto& c = call.attributes.as<attributes::AdamUpdate>();
  cpu::AdamRow row{.learning_rate = *operands.in<float>(4),
                   .correction1 = *operands.in<float>(5),
                   .correction2 = *operands.in<float>(6),
                   .beta1 = static_cast<float>(c.beta1),
                   .beta2 = static_cast<float>(c.beta2),
                   .rest1 = static_cast<float>(1.0 - c.beta1),
                   .rest2 = static_cast<float>(1.0 - c.beta2),
                   .epsilon = static_cast<float>(c.epsilon),
                   .weight_decay = static_cast<float>(c.weight_decay)};
  for_each_run(call, operands, shard, shards, [&](std::int64_t at, std::int64_t count, const auto& x) {
    row.w = x[0];
    row.g = x[1];
    row.m = x[2];
    row.v = x[3];
    row.w_next = out(operands, 0, at);
    row.m_next = out(operands, 1, at);
    row.v_next = out(operands, 2, at);
    cpu::adam_function()(row, count);
  });
}

void sgd_momentum_update(const Call& call, const Operands& operands, int shard, int shards) {
  const auto& c = call.attributes.as<attributes::SgdMomentumUpdate>();
  cpu::MomentumRow row{.learning_rate = *operands.in<float>(3),
                       .momentum = static_cast<float>(c.momentum),
                       .weight_decay = static_cast<float>(c.weight_decay),
                       .nesterov = c.nesterov};
  for_each_run(call, operands, shard, shards, [&](std::int64_t at, std::int64_t count, const auto& x) {
    row.w = x[0];
    row.g = x[1];
    row.u = x[2];
    row.w_next = out(operands, 0, at);
    row.u_next = out(operands, 1, at);
    cpu::momentum_function()(row, count);
  });
}

template <void (*function)(const Call&, const Operands&, int, int)>
constexpr KernelDef update(std::string_view op, const ErrorBounds& error) {
  return {.op = op,
          .backend = "highway",
          .supports = supports,
          .choose = choose,
          .bind = FunctionKernel<function>::bind,
          .error = error,
          .in_place = in_place};
}

}  // namespace

extern const KernelDef adam_update_highway = update<adam_update>(
    "adam_update",
    {ErrorBound::constant_times(20,
                                "|w| + rate ((|beta1 m| + |(1 - beta1) g|) / correction1 / (sqrt(v' / "
                                "correction2) + epsilon) + |decay w|)"),
     ErrorBound::constant_times(4, "|beta1 m| + |(1 - beta1) g|"), ErrorBound::constant_times(6, "v'")});
extern const KernelDef sgd_momentum_update_highway = update<sgd_momentum_update>(
    "sgd_momentum_update", {ErrorBound::constant_times(18, "|w| + rate (|g| + |decay w| + |momentum u|)"),
                            ErrorBound::constant_times(5, "|g| + |decay w| + |momentum u|")});

}  // namespace retrograd::kernels
