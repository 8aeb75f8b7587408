// Every kernel that can do a convolution, or one of its gradients, beside the others: GFLOP/s on one thread.
// Run with --benchmark_enable_random_interleaving=true --benchmark_repetitions=5, so that all see the same
// machine. Not here: whole training steps (train_step.cpp).
#include "core/attributes/convolution.h"

#include <benchmark/benchmark.h>
#include <retrograd/threads.h>

#include <string>
#include <vector>

#include "core/buffer.h"
#include "kernels/kernel_table.h"

namespace {

using namespace retrograd;
using namespace retrograd::kernels;

// N images of extent x extent with C channels, O kernels of size x size.
struct Size {
  std::int64_t N, extent, C, O, size, padding;
};

constexpr Size sizes[] = {{10, 28, 1, 20, 5, 0},    {10, 12, 20, 40, 5, 0},  {64, 12, 20, 40, 5, 0},
                          {64, 14, 6, 16, 5, 0},    {32, 32, 16, 16, 3, 1},  {32, 16, 24, 24, 3, 1},
                          {32, 16, 40, 40, 3, 1},   {32, 32, 64, 64, 3, 1},  {32, 32, 8, 8, 3, 1},
                          {32, 16, 128, 128, 3, 1}, {32, 8, 256, 256, 3, 1}, {32, 4, 512, 512, 3, 1},
                          {1, 32, 64, 64, 3, 1},    {32, 14, 16, 32, 3, 0},  {32, 32, 4, 64, 3, 1}};

Call call_of(std::string_view op, const Size& s) {
  const std::int64_t places = s.extent + 2 * s.padding - s.size + 1;
  const auto view = [](const Shape& shape) { return View{DType::f32, Layout::row_major(shape)}; };
  const View image = view({s.N, s.extent, s.extent, s.C}), weights = view({s.O, s.C, s.size, s.size}),
             result = view({s.N, places, places, s.O});
  attributes::Convolution a{{1, 1}, {s.padding, s.padding}, {s.padding, s.padding}, {1, 1}, 1, {}, true};
  Call call{.op = op};
  if (op == "convolution") {
    call.inputs = {image, weights};
    call.outputs = {result};
  } else if (op == "convolution_input_gradient") {
    a.extents = {s.extent, s.extent};
    call.inputs = {result, weights};
    call.outputs = {image};
  } else {
    a.extents = {s.size, s.size};
    call.inputs = {image, result};
    call.outputs = {weights};
  }
  call.attributes = a;
  return call;
}

void run(benchmark::State& state, const KernelDef* kernel, std::string_view op, const Size& s) {
  set_threads(1);
  const Call call = call_of(op, s);
  const Choice choice = kernel->choose(call);
  const auto bound = kernel->bind(call, choice);
  std::vector<BufferPtr> memory;
  std::vector<const std::byte*> inputs;
  for (const View& input : call.inputs) {
    memory.push_back(std::make_shared<Buffer>(static_cast<std::size_t>(input.size()) * sizeof(float)));
    auto* values = memory.back()->as<float>();
    for (std::int64_t i = 0; i < input.size(); ++i) values[i] = static_cast<float>(i * 7 % 13 - 6);
    inputs.push_back(memory.back()->data());
  }
  Buffer output(static_cast<std::size_t>(call.outputs[0].size()) * sizeof(float));
  Buffer scratch(choice.scratch_bytes + 64), workspace(choice.workspace_bytes + 64);
  std::byte* const outputs[] = {output.data()};
  Fault fault;
  Operands operands{inputs.data(), outputs, scratch.data(), workspace.data(), &fault};
  for (auto _ : state) {
    operands.phase = 0;
    for (int shard = 0; shard < choice.shards; ++shard) bound->run(operands, shard);
    operands.phase = 1;
    for (int shard = 0; shard < choice.shards_after; ++shard) bound->run(operands, shard);
  }
  const std::int64_t places = s.extent + 2 * s.padding - s.size + 1;
  const auto products = static_cast<double>(s.N * places * places * s.O * s.C * s.size * s.size);
  state.counters["FLOP/s"] = benchmark::Counter(2 * products, benchmark::Counter::kIsIterationInvariantRate,
                                                benchmark::Counter::kIs1000);
}

const bool registered = [] {
  for (const Size& s : sizes) {
    for (const char* op : {"convolution", "convolution_input_gradient", "convolution_weight_gradient"}) {
      for (const KernelDef* kernel : kernel_table()) {
        if (kernel->op != op || kernel->backend == "reference" || !kernel->supports(call_of(op, s))) continue;
        const std::string name = std::string(op) + "/N" + std::to_string(s.N) + "_" +
                                 std::to_string(s.extent) + "x" + std::to_string(s.extent) + "_" +
                                 std::to_string(s.C) + "to" + std::to_string(s.O) + "_k" +
                                 std::to_string(s.size) + "/" + std::string(kernel->backend);
        benchmark::RegisterBenchmark(name.c_str(), run, kernel, std::string_view(op), s)
            ->Unit(benchmark::kMicrosecond)
            ->UseRealTime();
      }
    }
  }
  return true;
}();

}  // namespace
