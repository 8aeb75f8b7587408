// The workloads a to d: fully connected and convolutional networks, as bench/pytorch_steps.py has them. The
// peers' times are medians on a machine with two Zen 4 cores: PyTorch 1.13 and dlib of Debian 12, FANN 2.2.
#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/model_text.h>
#include <retrograd/optim.h>

#include <memory>
#include <random>

#include "cli/bench/workload.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* convolutional =
    "conv(20, 5), relu, max_pool(2), conv(40, 5), relu, max_pool(2), flatten, linear(100), relu, linear(10)";

std::string residual_network() {
  const std::string conv = "conv(64, 3, padding=1, bias=false), batch_norm";
  std::string text = conv + ", relu";
  for (int block = 0; block < 3; ++block) text += ", residual(" + conv + ", relu, " + conv + "), relu";
  return text + ", global_avg_pool, linear(10)";
}

// Numbers in [0, 1).
rg::Array random_numbers(const rg::Shape& shape, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  for (float& value : values) value = static_cast<float>(engine() * 0x1p-32);
  return rg::Array::from(std::span<const float>(values), shape);
}

rg::Array random_labels(std::int64_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<std::int32_t> labels(static_cast<std::size_t>(count));
  for (std::int32_t& label : labels) label = static_cast<std::int32_t>(engine() % 10);
  return rg::Array::from(std::span<const std::int32_t>(labels), rg::Shape{count});
}

struct Network {
  std::string text;
  rg::Shape sample;
  std::int64_t batch;
  bool has_classes = true;  // else numbers with the mean squared error
  std::function<std::unique_ptr<rg::optim::Optimizer>()> optimizer;
};

// Thrice the forward pass, twice for the first layer with weights.
double flops_of(const Network& network) {
  double flops = 0;
  bool is_first = true;
  for (const rg::nn::SummaryRow& row :
       rg::nn::summary(rg::nn::build_model(network.text, network.sample), network.sample)) {
    if (row.parameters == 0 || row.text.starts_with("batch_norm")) continue;
    flops += static_cast<double>(row.flops) * (is_first ? 2 : 3);
    is_first = false;
  }
  return flops * static_cast<double>(network.batch);
}

std::function<void()> make_step(const Network& network) {
  rg::Shape shape{network.batch};
  for (std::int64_t extent : network.sample) shape.push_back(extent);
  const rg::Array x = random_numbers(shape, 1);
  const rg::Array t =
      network.has_classes ? random_labels(network.batch, 2) : random_numbers({network.batch, 10}, 2);
  auto model = std::make_shared<rg::nn::Sequential>(rg::nn::build_model(network.text, network.sample));
  std::shared_ptr<rg::optim::Optimizer> optimizer = network.optimizer();
  const bool has_classes = network.has_classes;
  auto compiled = rg::compile([model, optimizer, has_classes](const rg::Array& in, const rg::Array& wanted) {
    const rg::Array y = (*model)(in);
    const rg::Array loss = has_classes ? rg::nn::cross_entropy(y, wanted) : rg::nn::mse(y, wanted);
    optimizer->update(model->parameters(), rg::gradients(loss, model->parameters()));
    return loss;
  });
  auto step = std::make_shared<decltype(compiled)>(std::move(compiled));
  return [step, x, t] { (*step)(x, t); };
}

Workload workload(std::string name, std::string title, const Network& network,
                  std::map<std::string, Workload::Peer> peers) {
  return {std::move(name), std::move(title), flops_of(network), [network] { return make_step(network); },
          std::move(peers)};
}

std::unique_ptr<rg::optim::Optimizer> momentum() {
  return std::make_unique<rg::optim::Sgd>(rg::optim::SgdOptions{.learning_rate = 0.1, .momentum = 0.9});
}

}  // namespace

std::vector<Workload> feed_forward_workloads() {
  const Network a{"linear(30), sigmoid, linear(10), sigmoid", {784}, 10, false, [] {
                    return std::make_unique<rg::optim::Sgd>(rg::optim::SgdOptions{.learning_rate = 3.0});
                  }};
  const Network b{"linear(512), relu, linear(512), relu, linear(10)", {784}, 128, true, [] {
                    return std::make_unique<rg::optim::Adam>();
                  }};
  const Network c{convolutional, {1, 28, 28}, 64, true, momentum};
  const Network d{residual_network(), {3, 32, 32}, 32, true, momentum};
  return {workload("a", "784-30-10 sigmoid, batch 10, SGD", a,
                   {{"pytorch 1.13", {155, 149}}, {"dlib", {60, 60}}, {"fann", {212, 212}}}),
          workload("b", "784-512-512-10 ReLU, batch 128, Adam", b, {{"pytorch 1.13", {5700, 4300}}}),
          workload("c", "conv20k5-pool-conv40k5-pool-100-10, batch 64, momentum", c,
                   {{"pytorch 1.13", {11000, 7800}}, {"dlib", {23000, 23000}}}),
          workload("d", "3 residual blocks of 64 channels on 32x32, batch norm, batch 32", d,
                   {{"pytorch 1.13", {492000, 229000}}})};
}

}  // namespace cli
