// The time of single kernels beside plain loops and, for matrix products, the rate in GFLOP/s. Run with
//   --benchmark_enable_random_interleaving=true --benchmark_repetitions=9
// so that a loop and the kernel beside it see the same machine. Not here: whole training steps
// (train_step.cpp).
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace rg = retrograd;

namespace {

constexpr std::int64_t elements = 1 << 20;

std::vector<float> numbers(std::int64_t count, std::uint32_t seed) {
  std::vector<float> result(static_cast<std::size_t>(count));
  std::uint32_t state = seed;
  for (float& x : result)
    x = static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) * 0x1p-23f - 1;
  return result;
}
rg::Array array(const rg::Shape& shape, std::uint32_t seed) {
  return rg::Array::from(std::span<const float>(numbers(shape.size(), seed)), shape);
}

// The plan of a function of some arrays, called again and again.
template <typename F>
void run(benchmark::State& state, const std::vector<rg::Array>& inputs, double flops, F f) {
  auto function = rg::compile(std::move(f));
  for (auto _ : state) {
    if constexpr (std::is_invocable_v<F&, rg::Array, rg::Array>) {
      benchmark::DoNotOptimize(function(inputs[0], inputs[1]));
    } else {
      benchmark::DoNotOptimize(function(inputs[0]));
    }
  }
  if (flops > 0) {
    state.counters["FLOP/s"] =
        benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
  }
}

void add_loop(benchmark::State& state) {
  const std::vector<float> a = numbers(elements, 1), b = numbers(elements, 2);
  std::vector<float> y(a.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < a.size(); ++i) y[i] = a[i] + b[i];
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}
void add_kernel(benchmark::State& state) {
  run(state, {array({elements}, 1), array({elements}, 2)}, 0, [](rg::Array a, rg::Array b) { return a + b; });
}
void sigmoid_loop(benchmark::State& state) {
  const std::vector<float> x = numbers(elements, 1);
  std::vector<float> y(x.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = 1 / (1 + std::exp(-x[i]));
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}
void sigmoid_kernel(benchmark::State& state) {
  run(state, {array({elements}, 1)}, 0, [](rg::Array x) { return sigmoid(x); });
}
BENCHMARK(add_loop)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(add_kernel)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(sigmoid_loop)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(sigmoid_kernel)->Unit(benchmark::kMicrosecond)->UseRealTime();

// a [M, K] times b [K, N], and the two products of its gradient: dy b' and a' dy.
void matmul_forward(benchmark::State& state) {
  const std::int64_t M = state.range(0), K = state.range(1), N = state.range(2);
  run(state, {array({M, K}, 1), array({K, N}, 2)}, 2.0 * static_cast<double>(M * K * N),
      [](rg::Array a, rg::Array b) { return matmul(a, b); });
}
void matmul_dx(benchmark::State& state) {
  const std::int64_t M = state.range(0), K = state.range(1), N = state.range(2);
  run(state, {array({M, N}, 1), array({K, N}, 2)}, 2.0 * static_cast<double>(M * K * N),
      [](rg::Array dy, rg::Array b) { return matmul(dy, transpose(b)); });
}
void matmul_dw(benchmark::State& state) {
  const std::int64_t M = state.range(0), K = state.range(1), N = state.range(2);
  run(state, {array({M, K}, 1), array({M, N}, 2)}, 2.0 * static_cast<double>(M * K * N),
      [](rg::Array a, rg::Array dy) { return matmul(transpose(a), dy); });
}
void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"M", "K", "N"})->Args({10, 784, 30})->Args({64, 30, 10})->Args({128, 784, 512});
  b->Unit(benchmark::kMicrosecond)->UseRealTime();
}
BENCHMARK(matmul_forward)->Apply(sizes);
BENCHMARK(matmul_dx)->Apply(sizes);
BENCHMARK(matmul_dw)->Apply(sizes);

void row_sums(benchmark::State& state) {
  run(state, {array({128, 512}, 1)}, 0, [](rg::Array x) { return sum(x, std::vector<int>{1}); });
}
void column_sums(benchmark::State& state) {
  run(state, {array({128, 512}, 1)}, 0, [](rg::Array x) { return sum(x, std::vector<int>{0}); });
}
void softmax_of_ten(benchmark::State& state) {
  run(state, {array({128, 10}, 1)}, 0, [](rg::Array x) { return softmax(x, 1); });
}
BENCHMARK(row_sums)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(column_sums)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(softmax_of_ten)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
