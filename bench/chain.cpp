// Six element-wise ops on large arrays, fused into one step and op by op, beside the time that memory alone
// would take: relu((a b + c) a - b) / 2 reads three arrays and writes one, 16 bytes an element; the bandwidth
// is that of a triad over as many bytes, measured just before. Counters: bound_us, and times_bound, the time
// as a multiple of it. Not here: single kernels (kernels.cpp).
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace rg = retrograd;

namespace {

rg::Array array(std::int64_t elements, float first) {
  std::vector<float> values(static_cast<std::size_t>(elements));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = first + static_cast<float>(i % 101) * 0.01f;
  return rg::Array::from(values, {elements});
}

// state.range: elements, threads
void six_ops(benchmark::State& state, bool fuse) {
  const std::int64_t elements = state.range(0);
  const auto threads = static_cast<int>(state.range(1));
  if (threads > rg::machine().cores) return state.SkipWithError("the machine has fewer cores");
  rg::set_threads(threads);
  auto f = rg::compile([](rg::Array a, rg::Array b, rg::Array c) { return relu((a * b + c) * a - b) * 0.5; },
                       {.fuse = fuse});
  const rg::Array a = array(elements, 0.5f), b = array(elements, -0.5f), c = array(elements, 0.25f);
  const auto bytes = static_cast<std::size_t>(elements) * 16;
  const double bound = static_cast<double>(bytes) / rg::measure_bandwidth(threads, bytes) * 1e-3;
  f(a, b, c);
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) benchmark::DoNotOptimize(f(a, b, c));
  const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - start;
  state.counters["bound_us"] = bound;
  state.counters["times_bound"] = taken.count() / static_cast<double>(state.iterations()) / bound;
}

void fused(benchmark::State& state) { six_ops(state, true); }
void op_by_op(benchmark::State& state) { six_ops(state, false); }

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"floats", "threads"})->ArgsProduct({{1 << 20, 1 << 24}, {1, 2}});
  b->Unit(benchmark::kMicrosecond)->UseRealTime();
}
BENCHMARK(fused)->Apply(sizes);
BENCHMARK(op_by_op)->Apply(sizes);

}  // namespace
