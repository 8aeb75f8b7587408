// A recurrence of the user's under scan, as a loop and with its steps one behind the other (unroll): the time
// of a training step by its length T, and as counters the milliseconds that the first call takes beyond the
// next one, in which it builds and plans, and the arena in MiB. h' = tanh(x W + h U) of 32 sequences, 64
// numbers in, 64 units; E = mean h_T^2; gradient descent on W and U.
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>

#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <vector>

namespace rg = retrograd;

namespace {

constexpr std::int64_t N = 32, D = 64, H = 64;

// The number behind the last `word`: that of the whole plan, not of the body of a loop in it.
double number_after(const std::string& text, const std::string& word) {
  const std::size_t at = text.rfind(word);
  return at == std::string::npos ? 0.0 : std::stod(text.substr(at + word.size()));
}

// Of processor time, which other programs do not lengthen much.
template <typename F>
double milliseconds_of(F f) {
  const std::clock_t begin = std::clock();
  f();
  return 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// [rows, H], small and of both signs.
rg::Array weights(std::int64_t rows) {
  std::vector<float> values(static_cast<std::size_t>(rows * H));
  std::uint32_t state = 1;
  for (float& value : values)
    value = static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) / 0x1p26f - 0.125f;
  return rg::Array::from(values, {rows, H});
}

void recurrence(benchmark::State& state, const rg::ScanOptions& options) {
  rg::set_threads(1);
  const std::vector<rg::Variable> parameters{rg::Variable(weights(D)), rg::Variable(weights(H))};
  const rg::Variable &W = parameters[0], &U = parameters[1];
  rg::optim::Sgd sgd({.learning_rate = 0.001});
  const auto step_of = [&](std::span<const rg::Array> h, std::span<const rg::Array> x) {
    return rg::ScanStep{{rg::tanh(rg::matmul(x[0], W) + rg::matmul(h[0], U))}, {}};
  };
  auto step = rg::compile([&](rg::Array xs) {
    const rg::ScanStep all = rg::scan(step_of, {rg::zeros({N, H})}, {xs}, options);
    rg::Array E = rg::mean(rg::square(all.carry[0]));
    sgd.update(parameters, rg::gradients(E, parameters));
    return E;
  });
  const rg::Array xs = rg::full({state.range(0), N, D}, 0.5);
  rg::eval({xs});
  const double first = milliseconds_of([&] { step(xs); });
  state.counters["plan_ms"] = first - milliseconds_of([&] { step(xs); });
  for (auto _ : state) benchmark::DoNotOptimize(step(xs));
  state.counters["arena_MiB"] = number_after(step.describe(), "arena ") / 0x1p20;
}

void loop(benchmark::State& state) { recurrence(state, {}); }
void loop_under_checkpoint(benchmark::State& state) { recurrence(state, {.checkpoint = true}); }
void unrolled(benchmark::State& state) { recurrence(state, {.unroll = true}); }

BENCHMARK(loop)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(loop_under_checkpoint)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(unrolled)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
