// The time of one training step (forward, loss, backward, update) of fully connected networks, on random
// data. Not here: reading data, evaluation, and what a plan costs to make, which the first call does.
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>

#include <cstdint>
#include <vector>

namespace rg = retrograd;

namespace {

// x [batch, inputs] in [0, 1) and labels [batch]; the values do not matter to the time.
rg::data::Batch random_batch(std::int64_t batch, std::int64_t inputs) {
  std::vector<float> x(static_cast<std::size_t>(batch * inputs));
  std::vector<std::int32_t> labels(static_cast<std::size_t>(batch));
  std::uint32_t state = 1;
  for (float& value : x) value = static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) * 0x1p-24f;
  for (std::int32_t& label : labels)
    label = static_cast<std::int32_t>((state = state * 1664525u + 1013904223u) >> 8) % 10;
  return {rg::Array::from(x, {batch, inputs}), rg::Array::from(labels, {batch})};
}

void run_steps(benchmark::State& state, const rg::nn::Sequential& net, rg::optim::Optimizer& optimizer,
               const rg::data::Batch& batch) {
  auto step = rg::compile([&](rg::Array x, rg::Array t) {
    rg::Array E = rg::nn::cross_entropy(net(x), t);
    optimizer.update(net.parameters(), rg::gradients(E, net.parameters()));
    return E;
  });
  step(batch.inputs, batch.targets);
  for (auto _ : state) benchmark::DoNotOptimize(step(batch.inputs, batch.targets));
}

// 784-30-10, sigmoid, batch 10, gradient descent.
void small_network(benchmark::State& state) {
  rg::nn::Sequential net(rg::nn::Linear(784, 30), rg::nn::Sigmoid(), rg::nn::Linear(30, 10));
  rg::optim::Sgd sgd({.learning_rate = 0.5});
  run_steps(state, net, sgd, random_batch(10, 784));
}
BENCHMARK(small_network)->Unit(benchmark::kMicrosecond)->UseRealTime();

// 784-512-512-10, ReLU, batch 128, Adam.
void wide_network(benchmark::State& state) {
  rg::nn::Sequential net(rg::nn::Linear(784, 512), rg::nn::Relu(), rg::nn::Linear(512, 512), rg::nn::Relu(),
                         rg::nn::Linear(512, 10));
  rg::optim::Adam adam;
  run_steps(state, net, adam, random_batch(128, 784));
}
BENCHMARK(wide_network)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
