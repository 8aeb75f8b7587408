// The workloads e and f: networks on sequences of tokens, as bench/pytorch_steps.py has them. The peers'
// times are medians of PyTorch 1.13 of Debian 12 on a machine with two Zen 4 cores.
#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/model_text.h>
#include <retrograd/optim.h>
#include <retrograd/retrograd.h>

#include <memory>
#include <random>

#include "cli/bench/workload.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr std::int64_t vocabulary = 65;
constexpr std::int64_t steps = 64;  // T

struct Network {
  std::string text;
  std::int64_t batch;  // N
  std::function<std::unique_ptr<rg::optim::Optimizer>()> optimizer;
};

rg::nn::Sequential model_of(const Network& network) {
  return rg::nn::build_model(network.text, {steps}, {.vocabulary = vocabulary});
}

rg::Array random_tokens(const rg::Shape& shape, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(shape.size()));
  for (std::int32_t& token : tokens) token = static_cast<std::int32_t>(engine() % vocabulary);
  return rg::Array::from(std::span<const std::int32_t>(tokens), shape);
}

// Thrice the forward pass: tokens have no gradient, but the embedding behind them has one.
double flops_of(const Network& network) {
  double flops = 0;
  for (const rg::nn::SummaryRow& row : rg::nn::summary(model_of(network), {steps})) {
    if (row.parameters > 0 && !row.text.starts_with("embedding") && !row.text.starts_with("positions")) {
      flops += 3 * static_cast<double>(row.flops);
    }
  }
  return flops * static_cast<double>(network.batch);
}

// Each sequence's tokens tell the one after each.
std::function<void()> make_step(const Network& network) {
  const std::int64_t rows = network.batch * steps;
  const rg::Array x = random_tokens({network.batch, steps}, 1), t = random_tokens({rows}, 2);
  auto model = std::make_shared<rg::nn::Sequential>(model_of(network));
  std::shared_ptr<rg::optim::Optimizer> optimizer = network.optimizer();
  auto compiled = rg::compile([model, optimizer, rows](const rg::Array& in, const rg::Array& wanted) {
    const rg::Array loss = rg::nn::cross_entropy(rg::reshape((*model)(in), {rows, vocabulary}), wanted);
    optimizer->update(model->parameters(), rg::gradients(loss, model->parameters()));
    return loss;
  });
  auto step = std::make_shared<decltype(compiled)>(std::move(compiled));
  return [step, x, t] { (*step)(x, t); };
}

Workload workload(std::string name, std::string title, const Network& network, Workload::Peer pytorch) {
  return {std::move(name),
          std::move(title),
          flops_of(network),
          [network] { return make_step(network); },
          {{"pytorch 1.13", pytorch}}};
}

std::string transformer() {
  std::string text = "embedding(128), positions";
  for (int block = 0; block < 4; ++block) text += ", transformer_block(4, causal=true)";
  return text + ", layer_norm, linear(65)";
}

}  // namespace

std::vector<Workload> sequence_workloads() {
  const Network e{"embedding(64), lstm(256), linear(65)", 32,
                  [] { return std::make_unique<rg::optim::Adam>(); }};
  const Network f{transformer(), 16, [] { return std::make_unique<rg::optim::AdamW>(); }};
  return {workload("e", "LSTM of 256 units, 64 characters, batch 32, Adam", e, {71000, 57000}),
          workload("f", "transformer, 4 layers 128 wide, 64 characters, batch 16, AdamW", f, {82000, 64000})};
}

}  // namespace cli
