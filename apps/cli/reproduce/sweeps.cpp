// Small sigmoid networks trained by sweeps.
#include "cli/reproduce/sweeps.h"

#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include <memory>
#include <utility>

namespace cli::reproduce {

namespace rg = retrograd;

rg::nn::Sequential sigmoid_network(const std::vector<std::int64_t>& sizes, double range, std::uint64_t seed) {
  rg::nn::LinearOptions options;
  options.initialisation = {rg::nn::Initialiser::uniform(-range, range),
                            rg::nn::Initialiser::uniform(-range, range)};
  options.dtype = rg::DType::f64;
  std::vector<std::unique_ptr<rg::nn::Module>> layers;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    layers.push_back(std::make_unique<rg::nn::Linear>(sizes[i], sizes[i + 1], options));
    layers.push_back(std::make_unique<rg::nn::Sigmoid>());
  }
  rg::nn::Sequential network(std::move(layers));
  network.initialise(seed);
  return network;
}

SweepResult sweep(const rg::nn::Sequential& network, const rg::Shape& x_shape, const std::vector<double>& x,
                  const rg::Shape& t_shape, const std::vector<double>& t, const SweepOptions& options,
                  const std::function<void()>& stay) {
  const rg::Array inputs = rg::Array::from(std::span<const double>(x), x_shape);
  const rg::Array targets = rg::Array::from(std::span<const double>(t), t_shape);
  rg::optim::Rumelhart rule({.learning_rate = options.rate, .momentum = options.momentum});
  // The error and the largest distance of an output from its target, both before the change.
  auto step = rg::compile([&] {
    const rg::Array y = network(inputs);
    const rg::Array error = 0.5 * rg::sum(rg::square(y - targets));
    rule.update(network.parameters(), rg::gradients(error, network.parameters()));
    return std::pair(error, rg::max(rg::abs(y - targets)));
  });
  SweepResult result;
  result.curve = Json::array();
  int end = options.limit;
  for (int i = 0; i <= end; ++i) {
    if (i % 256 == 0) stay();
    const auto [error, distance] = step();
    if (i % 50 == 0) result.curve.push_back({i, error.template item<double>()});
    if (!result.learned && distance.template item<double>() < 0.5) {
      result.learned = true;
      result.sweeps = i;
      end = i + options.after;
    }
  }
  return result;
}

std::vector<double> parameter_values(const rg::nn::Sequential& network, std::size_t index) {
  return network.parameters().at(index).read().to_vector<double>();
}

}  // namespace cli::reproduce
