// Storage with guards, and calls from choose to the last shard.
#include "kernels/harness.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>
#include <retrograd/threads.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "core/buffer.h"
#include "core/philox.h"
#include "core/thread_pool.h"
#include "kernels/kernel_table.h"
#include "kernels/memory.h"

namespace retrograd::kernels::testing {
namespace {

constexpr std::size_t guard_bytes = 64;
constexpr std::byte guard{0x5a};

// Where an output lies among guards while a kernel runs.
struct Guarded {
  std::vector<std::byte> storage;
  std::size_t begin;
  std::size_t bytes;

  Guarded(std::size_t size, std::size_t skew)
      : storage(size + skew + 2 * guard_bytes, guard), begin(guard_bytes + skew), bytes(size) {}
  std::byte* data() { return storage.data() + begin; }
  bool is_intact() const {
    const auto is_guard = [](std::byte b) { return b == guard; };
    const auto at = [&](std::size_t i) { return storage.begin() + static_cast<std::ptrdiff_t>(i); };
    return std::all_of(storage.begin(), at(begin), is_guard) &&
           std::all_of(at(begin + bytes), storage.end(), is_guard);
  }
};

std::span<const std::byte> bytes_of(const Operand& operand) {
  return std::span(operand.storage).subspan(operand.offset);
}

void run_shards(BoundKernel& kernel, const Operands& operands, int shards, Buffer& scratch,
                std::size_t scratch_each) {
  core::parallel_for(shards, [&](int shard) noexcept {
    Operands own = operands;
    own.scratch = scratch.data() + static_cast<std::size_t>(core::thread_index()) * scratch_each;
    kernel.run(own, shard);
  });
}

}  // namespace

Operand zeros(DType dtype, const Shape& shape, int skew) {
  const std::size_t offset = static_cast<std::size_t>(skew) * size_of(dtype);
  const std::size_t bytes = static_cast<std::size_t>(shape.size()) * size_of(dtype);
  return {{dtype, Layout::row_major(shape)}, std::vector<std::byte>(offset + bytes), offset};
}

Operand floats(const Shape& shape, const FloatOf& value, int skew) {
  Operand operand = zeros(DType::f32, shape, skew);
  for (std::int64_t i = 0; i < shape.size(); ++i) operand.as<float>()[static_cast<std::size_t>(i)] = value(i);
  return operand;
}

Operand integers(DType dtype, const std::vector<std::int64_t>& values) {
  Operand operand = zeros(dtype, Shape{static_cast<std::int64_t>(values.size())});
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (dtype == DType::i32) operand.as<std::int32_t>()[i] = static_cast<std::int32_t>(values[i]);
    if (dtype == DType::i64) operand.as<std::int64_t>()[i] = values[i];
    if (dtype == DType::boolean) operand.as<std::uint8_t>()[i] = values[i] != 0;
  }
  return operand;
}

Operand seen_as(Operand operand, const Shape& shape, std::initializer_list<std::int64_t> strides) {
  operand.view.layout.shape = shape;
  operand.view.layout.strides = {};
  std::copy(strides.begin(), strides.end(), operand.view.layout.strides.begin());
  return operand;
}

FloatOf random_floats(std::uint32_t seed) {
  return [seed](std::int64_t i) {
    return 2 * unit_float(philox({static_cast<std::uint32_t>(i), 0, 0, 0}, {seed, 0})[0]) - 1;
  };
}

Problem problem(std::string_view op, const Attributes& attributes, std::vector<Operand> inputs,
                const std::vector<View>& outputs) {
  Problem made{{.op = op, .attributes = attributes, .outputs = outputs}, std::move(inputs)};
  for (const Operand& input : made.inputs) made.call.inputs.push_back(input.view);
  return made;
}

View output(const Shape& shape, DType dtype) { return {dtype, Layout::row_major(shape)}; }

std::vector<const KernelDef*> fast_kernels(const Call& call) {
  std::vector<const KernelDef*> found;
  for (const KernelDef* kernel : kernel_table()) {
    if (kernel->op == call.op && kernel->backend != "reference" && kernel->supports(call))
      found.push_back(kernel);
  }
  return found;
}

const KernelDef* reference_kernel(const Call& call) {
  for (const KernelDef* kernel : kernel_table()) {
    if (kernel->op == call.op && kernel->backend == "reference" && kernel->supports(call)) return kernel;
  }
  return nullptr;
}

Outcome run(const KernelDef& kernel, const Problem& problem, int skew, std::optional<Shared> shared) {
  const Choice choice = kernel.choose(problem.call);
  const std::unique_ptr<BoundKernel> bound = kernel.bind(problem.call, choice);
  std::vector<std::unique_ptr<GuardedMemory>> inputs;
  std::vector<const std::byte*> in;
  for (const Operand& input : problem.inputs) {
    inputs.push_back(std::make_unique<GuardedMemory>(bytes_of(input)));
    in.push_back(inputs.back()->data());
  }
  std::vector<Guarded> guarded;
  for (const View& view : problem.call.outputs) {
    const std::size_t size = size_of(view.dtype);
    guarded.emplace_back(static_cast<std::size_t>(view.size()) * size, static_cast<std::size_t>(skew) * size);
  }
  std::vector<std::byte*> out;
  for (Guarded& g : guarded) out.push_back(g.data());
  if (shared) out[shared->output] = inputs[shared->input]->data();

  const std::size_t scratch_each = (choice.scratch_bytes + 63) / 64 * 64;
  Buffer scratch(scratch_each * static_cast<std::size_t>(core::thread_count()));
  Buffer workspace(choice.workspace_bytes);
  std::memset(scratch.data(), 0xff, scratch.bytes());  // NaNs
  std::memset(workspace.data(), 0xff, workspace.bytes());
  Fault fault;
  Operands operands{.inputs = in.data(),
                    .outputs = out.data(),
                    .scratch = nullptr,
                    .workspace = workspace.data(),
                    .fault = &fault};
  run_shards(*bound, operands, choice.shards, scratch, scratch_each);
  operands.phase = 1;
  if (choice.shards_after > 0) run_shards(*bound, operands, choice.shards_after, scratch, scratch_each);

  Outcome outcome{{}, fault.kind(), fault.value()};
  for (std::size_t i = 0; i < guarded.size(); ++i) {
    EXPECT_TRUE(guarded[i].is_intact()) << kernel.backend << " " << kernel.op << " wrote beside output " << i;
    Operand result = zeros(problem.call.outputs[i].dtype, problem.call.outputs[i].shape());
    if (guarded[i].bytes > 0) std::memcpy(result.storage.data(), out[i], guarded[i].bytes);
    outcome.outputs.push_back(std::move(result));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (shared && shared->input == i) continue;
    EXPECT_TRUE(inputs[i]->holds(bytes_of(problem.inputs[i]))) << problem.call.op << " changed input " << i;
  }
  return outcome;
}

Outcome run_fast(const Problem& problem, int skew) {
  const std::vector<const KernelDef*> kernels = fast_kernels(problem.call);
  if (!kernels.empty()) return run(*kernels.front(), problem, skew);
  ADD_FAILURE() << "no fast kernel for " << problem.call.op;
  Outcome outcome;
  for (const View& view : problem.call.outputs) outcome.outputs.push_back(zeros(view.dtype, view.shape()));
  return outcome;
}

void expect_same_bits_for_any_threads(const Problem& problem) {
  const int before = threads();
  const std::vector<const KernelDef*> kernels = fast_kernels(problem.call);
  EXPECT_FALSE(kernels.empty()) << problem.call.op;
  for (const KernelDef* kernel : kernels) {
    set_threads(1);
    const Outcome alone = run(*kernel, problem);
    for (int count : {2, 3, 4}) {
      set_threads(count);
      const Outcome together = run(*kernel, problem);
      for (std::size_t i = 0; i < alone.outputs.size(); ++i) {
        EXPECT_TRUE(alone.outputs[i].storage == together.outputs[i].storage)
            << kernel->backend << " " << kernel->op << ", output " << i << ", " << count << " threads";
      }
    }
  }
  set_threads(before);
}

void on_every_instruction_set(const std::function<void()>& f) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    f();
    hwy::SetSupportedTargetsForTest(0);
    if (::testing::Test::HasFailure()) return;
  }
}

double ulps(float value, double truth) {
  const auto nearest = static_cast<float>(truth);
  if (std::isnan(truth)) return std::isnan(value) ? 0 : std::numeric_limits<double>::infinity();
  if (value == nearest) return 0;
  constexpr double smallest = std::numeric_limits<float>::min();
  if (std::abs(truth) < smallest && std::abs(value) <= std::numeric_limits<float>::min()) return 0;
  const double magnitude = std::min<double>(std::abs(truth), std::numeric_limits<float>::max());
  const double unit = std::ldexp(1.0, std::max(std::ilogb(magnitude), -126) - 23);
  return std::abs(static_cast<double>(value) - truth) / unit;
}

}  // namespace retrograd::kernels::testing
