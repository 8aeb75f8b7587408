// Nielsen's convolutional networks on MNIST, of chapter 6 of his book and its program network3.
#include <retrograd/model_text.h>

#include <cmath>

#include "cli/reproduce/accuracy.h"
#include "cli/reproduce/mnist.h"
#include "cli/reproduce/training.h"

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

constexpr std::int64_t batch = 10;

struct Recipe {
  const char* model;
  double rate = 0.1;
  double lambda = 0;  // 1/2 lambda sum w^2 / number of batches
  std::int64_t epochs = 60;
  bool shifted = false;
  double dropout = 0;  // of what each linear layer reads
};

constexpr Recipe fully_connected{"linear(100), sigmoid, linear(10)"};
constexpr Recipe one_convolution{
    "conv(20, 5), max_pool(2), sigmoid, flatten, linear(100), sigmoid, linear(10)"};
constexpr Recipe two_convolutions{
    "conv(20, 5), max_pool(2), sigmoid, conv(40, 5), max_pool(2), sigmoid, flatten, linear(100), sigmoid, "
    "linear(10)"};
constexpr const char* rectified =
    "conv(20, 5), max_pool(2), relu, conv(40, 5), max_pool(2), relu, flatten, linear(100), relu, linear(10)";
constexpr Recipe relu{rectified, 0.03, 0.1};
constexpr Recipe relu_shifted{rectified, 0.03, 0.1, 60, true};
constexpr Recipe dropout{
    "conv(20, 5), max_pool(2), relu, conv(40, 5), max_pool(2), relu, flatten, dropout(0.5), linear(1000), "
    "relu, dropout(0.5), linear(1000), relu, dropout(0.5), linear(10)",
    0.03,
    0,
    40,
    true,
    0.5};

// As network3 draws them: weights of a convolution N(0, 4 / (25 filters)), of a linear layer N(0, 1 / units),
// biases N(0, 1), the last layer 0. network3 scales by the share that is kept when it is evaluated, we when
// it learns, so that our weights are its weights times that share.
void initialise(const rg::nn::Sequential& model, double kept, std::uint64_t seed) {
  const auto& layers = model.children();
  std::uint64_t ordinal = 0;
  for (const auto& layer : layers) {
    const std::vector<rg::Variable> parameters = layer->parameters();
    if (parameters.empty()) continue;
    const bool is_conv = layer->type_name() == "conv", is_last = layer == layers.back();
    const auto units = static_cast<double>(parameters[1].shape().size());
    const double deviation = is_conv ? std::sqrt(4 / (25 * units)) : kept / std::sqrt(units);
    const auto draw = [&](const rg::Variable& parameter, double of) {
      const auto normal = rg::nn::Initialiser::normal(0, is_last ? 0 : of);
      parameter.assign(normal.draw(parameter.shape(), rg::DType::f32, {}, seed, ordinal++));
    };
    draw(parameters[0], deviation);
    draw(parameters[1], 1);
  }
}

Json train(const Recipe& recipe, const Request& request, std::uint64_t seed) {
  rg::data::Parts parts =
      recipe.shifted ? nielsen_parts_shifted(request.material, seed) : nielsen_parts(request.material);
  rg::nn::Sequential model = rg::nn::build_model(recipe.model, parts.train.input_shape(), {.seed = seed});
  const double kept = 1 - recipe.dropout;
  initialise(model, kept, seed);
  rg::train::Options options;
  options.loss = "cross_entropy";
  options.optimizer = "sgd";
  options.learning_rate = recipe.rate;
  options.batch = batch;
  options.l2 = recipe.lambda * static_cast<double>(batch);  // L2 is 1/2 l2 sum w^2 / number of rows
  options.epochs = request.quick ? 1 : recipe.epochs;
  options.patience = 0;
  options.seed = seed;
  options.shuffle = false;
  options.track_test = true;
  // A change of network3's weight is kept^2 times as much of ours.
  if (recipe.dropout > 0) {
    options.rates = "linear_1.weight = 0.25, linear_2.weight = 0.25, linear_3.weight = 0.25";
  }
  return train_recipe(std::move(model), std::move(parts), options, request);
}

template <const Recipe& recipe>
Json run(const Request& request, std::uint64_t seed) {
  return train(recipe, request, seed);
}

template <int hundredths>
Finding conclude(std::span<const Json> outcomes) {
  return conclude_accuracy(outcomes, Reported::test_at_best_validation, hundredths / 100.0);
}

constexpr Row rows[] = {
    {"FC 100 sigmoid", "97.80 %", 3, run<fully_connected>, conclude<9780>, Material::mnist},
    {"C 20, pool, FC 100 sigmoid", "98.78 %", 1, run<one_convolution>, conclude<9878>, Material::mnist},
    {"C 20, C 40, FC 100 sigmoid", "99.06 %", 1, run<two_convolutions>, conclude<9906>, Material::mnist},
    {"the same with ReLU, rate .03, lambda .1", "99.23 %", 1, run<relu>, conclude<9923>, Material::mnist},
    {"the same with 250,000 shifted images", "99.37 %", 1, run<relu_shifted>, conclude<9937>,
     Material::mnist},
    {"two FC 1000 with dropout .5, 40 epochs", "99.60 %", 1, run<dropout>, conclude<9960>, Material::mnist},
};

}  // namespace

const Experiment nielsen_6{
    "nielsen-6", "Convolutional networks",
    "M. Nielsen, \"Neural Networks and Deep Learning\", 2015, chapter 6, and network3.py",
    "Convolutions of 5 x 5 with max pooling of 2 x 2, then bias and activation; cross-entropy of a softmax; "
    "batch 10, 60 epochs, rate .1 where nothing else stands; no shuffling between epochs; first weights as "
    "in network3, the last layer's 0; dropout on what each fully connected layer reads. The figure is that "
    "on the test images in the epoch with the best validation.",
    rows};

}  // namespace cli::reproduce
