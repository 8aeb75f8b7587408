// The time of one training step of networks on sequences: long short-term memory and a transformer, on random
// tokens. Fully connected networks are in train_step.cpp.
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>

#include <cstdint>
#include <vector>

namespace rg = retrograd;

namespace {

constexpr std::int64_t vocabulary = 65;

rg::Array random_tokens(const rg::Shape& shape, std::uint32_t state) {
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(shape.size()));
  for (std::int32_t& token : tokens)
    token = static_cast<std::int32_t>((state = state * 1664525u + 1013904223u) >> 8) % vocabulary;
  return rg::Array::from(tokens, shape);
}

// Each of N sequences of T tokens predicts the token after each of its own.
void run_steps(benchmark::State& state, const rg::nn::Sequential& net, rg::optim::Optimizer& optimizer,
               std::int64_t N, std::int64_t T) {
  rg::set_threads(static_cast<int>(state.range(0)));
  const rg::Array tokens = random_tokens({N, T}, 1);
  const rg::Array next = random_tokens({N * T}, 2);
  auto step = rg::compile([&](rg::Array x, rg::Array t) {
    rg::Array E = rg::nn::cross_entropy(reshape(net(x), {N * T, vocabulary}), t);
    optimizer.update(net.parameters(), rg::gradients(E, net.parameters()));
    return E;
  });
  step(tokens, next);
  for (auto _ : state) benchmark::DoNotOptimize(step(tokens, next).item<float>());
}

// Embedding 64, LSTM 256, 64 steps, batch 32, Adam.
void lstm(benchmark::State& state) {
  rg::nn::Sequential net(rg::nn::Embedding(vocabulary, 64), rg::nn::Lstm(64, 256),
                         rg::nn::Linear(256, vocabulary));
  rg::optim::Adam adam;
  run_steps(state, net, adam, 32, 64);
}
BENCHMARK(lstm)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void gru(benchmark::State& state) {
  rg::nn::Sequential net(rg::nn::Embedding(vocabulary, 64), rg::nn::Gru(64, 256),
                         rg::nn::Linear(256, vocabulary));
  rg::optim::Adam adam;
  run_steps(state, net, adam, 32, 64);
}
BENCHMARK(gru)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// 4 layers 128 wide with 4 heads, 64 steps, batch 16, AdamW.
void transformer(benchmark::State& state) {
  rg::nn::Sequential net = rg::nn::build_model(
      "embedding(128), positions, transformer_block(4, causal=true), transformer_block(4, causal=true), "
      "transformer_block(4, causal=true), transformer_block(4, causal=true), layer_norm, linear(65)",
      {64}, {.vocabulary = vocabulary});
  rg::optim::AdamW adam;
  run_steps(state, net, adam, 16, 64);
}
BENCHMARK(transformer)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
