// Training variational autoencoders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include "train/given_back.h"
#include "train/parts.h"

namespace {

namespace rg = retrograd;

using train_test::given_back::network;
using train_test::given_back::parts;

constexpr const char* vae_text = "linear(12), tanh, latent(2), linear(12), tanh, linear(6)";

class Vae : public testing::Test {
 protected:
  // The bytes of the model file of a training.
  std::string trained(const rg::train::Options& options, const char* text = vae_text) {
    rg::train::Trainer trainer(network(text), parts(), options);
    trainer.run();
    trainer.save_model(folder_.file("model"));
    return folder_.bytes("model");
  }
  train_test::Folder folder_{"vae"};
};

TEST_F(Vae, GivesTheSameBitsForTheSameSeedAndAnyThreads) {
  const int before = rg::threads();
  const rg::train::Options options{.epochs = 3, .patience = 0};
  rg::set_threads(1);
  const std::string one = trained(options);
  EXPECT_TRUE(trained(options) == one);
  rg::set_threads(2);
  EXPECT_TRUE(trained(options) == one);
  rg::set_threads(before);
  EXPECT_FALSE(trained({.epochs = 3, .patience = 0, .seed = 2}) == one);
}

class Watcher : public rg::train::Observer {
 public:
  explicit Watcher(std::int64_t limit) : limit_(limit) {}
  bool stop_requested() override { return steps_ >= limit_; }
  void on_step(const rg::train::StepRecord&) override { ++steps_; }

 private:
  std::int64_t steps_ = 0, limit_;
};

TEST_F(Vae, GoesOnFromACheckpointWithTheNoiseThatWouldHaveFollowed) {
  const rg::train::Options options{.epochs = 5, .patience = 0, .track_test = true};
  const std::string whole = trained(options);
  for (const std::int64_t steps : {3, 7}) {  // 3 steps an epoch
    rg::train::Trainer first(network(vae_text), parts(), options);
    first.keep_checkpoint(folder_.file("checkpoint"));
    Watcher watcher(steps);
    EXPECT_EQ(first.run(&watcher).stopped, rg::train::Stop::interrupted);
    rg::train::Trainer second(network(vae_text), parts(), options);
    second.resume(folder_.file("checkpoint"));
    const rg::train::Result result = second.run();
    second.save_model(folder_.file("resumed"));
    EXPECT_TRUE(folder_.bytes("resumed") == whole) << "after " << steps;
    EXPECT_TRUE(std::isfinite(result.best_test->r2));
  }
}

// KL of the training part, in evaluation, without beta.
double divergence(const rg::nn::Sequential& model, double beta) {
  rg::nn::Penalties penalties;
  const rg::nn::PenaltiesScope scope(penalties);
  const auto batch = rg::data::batches(parts().train, {.size = 90})[0];
  model(batch.inputs);
  return rg::mean(penalties.total()).item<double>() / beta;
}

// The larger the weight of the divergence, the less of it there is, and the worse rows are given back.
TEST_F(Vae, TradesErrorAgainstDivergenceByBeta) {
  double last_divergence = 1e30, last_error = 0;
  for (const double beta : {0.0001, 0.003, 0.03, 10.0}) {
    const std::string text =
        "linear(12), tanh, latent(2, " + std::to_string(beta) + "), linear(12), tanh, linear(6)";
    rg::train::Trainer trainer(network(text), parts(),
                               {.learning_rate = 0.02, .weight_decay = 0.0, .epochs = 60, .patience = 0});
    const rg::train::Result result = trainer.run();
    const double found = divergence(trainer.model(), beta);
    EXPECT_LT(found, last_divergence) << beta;
    EXPECT_GT(result.train->rmse, last_error) << beta;
    last_divergence = found;
    last_error = result.train->rmse;
  }
  EXPECT_LT(last_divergence, 0.01) << "nats: at 10 next to nothing is told";
}

}  // namespace
