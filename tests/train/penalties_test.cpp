// What layers add to the loss of a training step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include "train/given_back.h"
#include "train/parts.h"

namespace {

namespace rg = retrograd;

using train_test::values_of;
using train_test::given_back::cloud;
using train_test::given_back::expect_error;
using train_test::given_back::network;
using train_test::given_back::parts;

// A layer of a user's: the sum of |x| as a price.
class Price : public rg::nn::Module {
 public:
  Price() : Module("price") {}

 protected:
  rg::Array forward(const rg::Array& x) const override {
    if (rg::nn::Penalties* penalties = rg::nn::Penalties::current()) {
      penalties->add(0.5 * rg::sum(rg::abs(x), 1));
    }
    return x;
  }
  std::unique_ptr<Module> replica() const override { return std::make_unique<Price>(); }
};

rg::nn::Sequential priced() {
  rg::nn::Linear first(5, 2, {.seed = 7}), last(2, 5, {.seed = 8});
  return rg::nn::Sequential(std::move(first), Price(), std::move(last));
}

// One step of gradient descent: the same by the trainer, and written out.
TEST(LayerPenalties, JoinTheLossOfAStep) {
  const rg::data::Dataset data = cloud(8);
  rg::train::Trainer trainer(
      priced(), {data, {}, {}, {}},
      {.optimizer = "sgd", .learning_rate = 0.01, .epochs = 1, .batch = 8, .shuffle = false});
  trainer.run();

  const rg::nn::Sequential model = priced();
  rg::optim::Sgd sgd({.learning_rate = 0.01});
  double loss = 0;
  auto step = rg::compile([&](rg::Array x) {
    const rg::Array errors = rg::nn::half_squared_error(model(x), x);
    const rg::Array code = model[0](x);
    const rg::Array total = errors + 0.5 * rg::mean(rg::sum(rg::abs(code), 1));
    sgd.update(model.parameters(), rg::gradients(total, model.parameters()));
    return errors;
  });
  const rg::data::Batch batch = rg::data::batches(data, {.size = 8, .shuffle = false})[0];
  loss = step(batch.inputs).item<double>();
  const std::vector<float> found = values_of(trainer.model()), expected = values_of(model);
  // Sums of 8 terms near 10 in another order, times a rate of 0.01.
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5) << i;
  EXPECT_NEAR(trainer.history()[0].train_loss, loss, 1e-5 * loss) << "is without penalties";
}

// A row of weight 2 is two rows, its penalty too; one that pads the batch is none.
TEST(LayerPenalties, CountByTheWeightsOfTheRows) {
  const rg::data::Dataset three = cloud(3);
  const std::vector<std::int64_t> twice{0, 0, 1, 2};
  const auto trained = [](const rg::data::Dataset& data, std::int64_t batch) {
    rg::train::Trainer trainer(
        priced(), {data, {}, {}, {}},
        {.optimizer = "sgd", .learning_rate = 0.01, .epochs = 1, .batch = batch, .shuffle = false});
    trainer.run();
    return values_of(trainer.model());
  };
  const std::vector<float> weights{2, 1, 1};
  const std::vector<float> weighted = trained(three.with_weights(weights), 3);
  const std::vector<float> repeated = trained(three.subset(twice), 4);
  for (std::size_t i = 0; i < weighted.size(); ++i) EXPECT_NEAR(weighted[i], repeated[i], 1e-5) << i;

  // The second batch of 2 has one row and a padding; a bias would make the padding pay if it counted.
  const std::vector<float> padded = trained(three, 2);
  const rg::nn::Sequential model = priced();
  rg::optim::Sgd sgd({.learning_rate = 0.01});
  auto step = rg::compile([&](rg::Array x) {
    const rg::Array total =
        rg::nn::half_squared_error(model(x), x) + 0.5 * rg::mean(rg::sum(rg::abs(model[0](x)), 1));
    sgd.update(model.parameters(), rg::gradients(total, model.parameters()));
    return total;
  });
  for (auto [x, t] : rg::data::batches(three, {.size = 2, .shuffle = false})) step(x);
  const std::vector<float> own = values_of(model);
  for (std::size_t i = 0; i < own.size(); ++i) EXPECT_NEAR(padded[i], own[i], 1e-5) << i;
}

TEST(LayerPenalties, AreNotForMinimisers) {
  for (const char* optimizer : {"lbfgs", "levenberg-marquardt"}) {
    expect_error(rg::ErrorKind::argument, "a layer of the model adds a penalty to the loss of a step", [&] {
      rg::train::Trainer(network("latent(2), linear(6)"), parts(), {.optimizer = optimizer});
    });
    expect_error(rg::ErrorKind::argument, "take an optimizer that goes from batch to batch, as adamw", [&] {
      rg::train::Trainer(priced(), {cloud(8), {}, {}, {}}, {.optimizer = optimizer});
    });
  }
}

}  // namespace
