// Memory and time of a training step of a deep network, by the number of layers in a segment under
// checkpoint: 32 layers of 256 tanh units, batch 256, gradient descent. Counters: the arena, and the least it
// could be, in MiB.
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>

#include <string>

namespace rg = retrograd;

namespace {

constexpr int layers = 32;

// checkpoint(linear(256), tanh, ...), checkpoint(...), ..., linear(10)
std::string model(int each) {
  std::string text;
  for (int k = 0; k < layers; ++k) {
    const bool first = each > 0 && k % each == 0;
    const bool last = each > 0 && (k % each == each - 1 || k == layers - 1);
    text += std::string(first ? "checkpoint(" : "") + "linear(256), tanh" + (last ? ")" : "") + ", ";
  }
  return text + "linear(10)";
}

// The number that follows `word`.
double number_after(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  return at == std::string::npos ? 0.0 : std::stod(text.substr(at + word.size()));
}

void deep_network(benchmark::State& state) {
  const rg::nn::Sequential net = rg::nn::build_model(model(static_cast<int>(state.range(0))), {256});
  rg::optim::Sgd sgd({.learning_rate = 0.01});
  auto step = rg::compile([&](rg::Array x) {
    rg::Array E = rg::mean(rg::square(net(x)));
    sgd.update(net.parameters(), rg::gradients(E, net.parameters()));
    return E;
  });
  const rg::Array x = rg::full({256, 256}, 0.5);
  rg::eval({x});
  step(x);
  for (auto _ : state) benchmark::DoNotOptimize(step(x));
  state.counters["arena_MiB"] = number_after(step.describe(), "arena ") / 0x1p20;
  state.counters["least_MiB"] = number_after(step.describe(), "most alive at a step ") / 0x1p20;
}
BENCHMARK(deep_network)
    ->Arg(0)
    ->Arg(2)
    ->Arg(4)
    ->Arg(6)
    ->Arg(8)
    ->Arg(16)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
