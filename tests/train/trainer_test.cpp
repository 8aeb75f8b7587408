// The laws of training: the best model kept, early stopping, penalties, padding, going on from a checkpoint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include <algorithm>
#include <cmath>

#include "runtime/allocations.h"
#include "train/parts.h"

namespace {

namespace rg = retrograd;

using train_test::circle_parts;
using train_test::network;
using train_test::values_of;

class Watcher : public rg::train::Observer {
 public:
  bool stop_requested() override { return steps >= limit; }
  void on_step(const rg::train::StepRecord&) override { ++steps; }
  std::int64_t steps = 0;
  std::int64_t limit = 1 << 30;
};

class Training : public testing::Test {
 protected:
  Training() : folder_("train") {}
  std::string file(const std::string& name) const { return folder_.file(name); }
  std::string bytes(const std::string& name) const { return folder_.bytes(name); }

 private:
  train_test::Folder folder_;
};

TEST_F(Training, KeepsTheModelOfTheLeastValidationLossTheEarliestOfEqualOnes) {
  rg::train::Trainer trainer(network(), circle_parts(), {.learning_rate = 0.05, .epochs = 40, .patience = 0});
  const rg::train::Result result = trainer.run();
  const auto& history = trainer.history();
  ASSERT_EQ(history.size(), 40u);
  const auto least = std::min_element(history.begin(), history.end(),
                                      [](const auto& a, const auto& b) { return a.val_loss < b.val_loss; });
  EXPECT_EQ(result.best_epoch, least->epoch);
  EXPECT_LT(result.best_epoch, 40) << "the data is made to overfit";
  EXPECT_EQ(result.validation->loss, least->val_loss);
  EXPECT_EQ(result.validation->accuracy, least->val_score);
  EXPECT_EQ(result.stopped, rg::train::Stop::completed);
}

TEST_F(Training, StopsEarlyAfterPatience) {
  rg::train::Trainer trainer(network(), circle_parts(),
                             {.learning_rate = 0.05, .epochs = 400, .patience = 5});
  const rg::train::Result result = trainer.run();
  EXPECT_EQ(result.stopped, rg::train::Stop::early);
  EXPECT_EQ(result.epochs, result.best_epoch + 5);
  EXPECT_LT(result.epochs, 400);
}

// Without an order of its own for each epoch the seed has nothing left to decide in a network without
// dropout.
TEST_F(Training, WithoutShufflingRowsComeInTheOrderOfTheData) {
  const auto losses = [](bool shuffle, std::uint64_t seed) {
    rg::train::Trainer trainer(network("linear(16), tanh, linear(2)"), circle_parts(),
                               {.epochs = 3, .shuffle = shuffle, .seed = seed});
    trainer.run();
    std::vector<double> all;
    for (const rg::train::EpochRecord& epoch : trainer.history()) all.push_back(epoch.train_loss);
    return all;
  };
  EXPECT_EQ(losses(false, 1), losses(false, 2));
  EXPECT_NE(losses(true, 1), losses(true, 2));
}

TEST_F(Training, WithoutAValidationPartKeepsTheLastModel) {
  rg::data::Parts parts = circle_parts();
  parts.validation = parts.validation.slice(0, 0);
  rg::train::Trainer trainer(network(), parts, {.epochs = 12, .patience = 3});
  const rg::train::Result result = trainer.run();
  EXPECT_EQ(result.epochs, 12);
  EXPECT_EQ(result.best_epoch, 12);
  EXPECT_FALSE(result.validation.has_value());
}

// Inputs of zero leave the loss without a slope in the weights, so that the penalty alone moves them:
// w <- w (1 - rate l2 / n) and w <- w - rate l1 / n sign(w). Biases have no penalty.
TEST_F(Training, PenaltiesPullWeightsNotBiases) {
  const rg::data::Table table = rg::data::parse_csv("x,y\n3,5\n3,5\n3,5\n3,5\n", "constant");
  const std::vector<std::int64_t> rows{0, 1, 2, 3};
  const auto encoder =
      rg::data::Encoder::fit(table, rg::data::find_target(table, "y", rg::data::Task::regression), rows);
  const rg::data::Dataset data = encoder.encode(table);
  const rg::data::Parts parts{data, data.slice(0, 0), data.slice(0, 0), encoder};
  for (const bool squares : {true, false}) {
    rg::nn::Sequential model = rg::nn::build_model("linear(1)", {1});
    const float weight = -0.75f, bias = 0.0f;
    model.parameters()[0].assign(rg::Array::from(std::span(&weight, 1), {1, 1}));
    model.parameters()[1].assign(rg::Array::from(std::span(&bias, 1), {1}));
    rg::train::Trainer trainer(std::move(model), parts,
                               {.optimizer = "sgd",
                                .learning_rate = 0.5,
                                .epochs = 1,
                                .batch = 4,
                                .l1 = squares ? 0.0 : 2.0,
                                .l2 = squares ? 2.0 : 0.0});
    trainer.run();
    const std::vector<float> after = values_of(trainer.model());
    // 0.5 * 2 / 4 = 0.25; powers of two: exact.
    EXPECT_EQ(after[0], squares ? -0.75f * 0.75f : -0.75f + 0.25f);
    EXPECT_EQ(after[1], 0.0f);
  }
}

// 90 rows in batches of 32: the last batch of 26 is padded, and counts as one of 26 rows.
TEST_F(Training, PaddedBatchesLearnAsBatchesOfTheirOwnSize) {
  const rg::data::Parts parts = circle_parts();
  rg::train::Trainer trainer(network("linear(8), tanh, linear(2)"), parts,
                             {.optimizer = "sgd", .learning_rate = 0.3, .epochs = 2, .patience = 0});
  trainer.run();

  rg::nn::Sequential model = network("linear(8), tanh, linear(2)");
  rg::optim::Sgd sgd({.learning_rate = 0.3});
  auto step = rg::compile([&](rg::Array x, rg::Array t) {
    rg::Array loss = rg::nn::cross_entropy(model(x), t);
    sgd.update(model.parameters(), rg::gradients(loss, model.parameters()));
    return loss;
  });
  std::vector<std::vector<float>> after;
  for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
    for (auto [x, t] : rg::data::batches(parts.train, {.size = 32, .seed = 1, .epoch = epoch})) step(x, t);
    after.push_back(values_of(model));
  }
  const std::vector<float> kept = values_of(trainer.model());
  const std::vector<float>& expected =
      after[static_cast<std::size_t>(trainer.history()[1].val_loss < trainer.history()[0].val_loss)];
  ASSERT_EQ(kept.size(), expected.size());
  // Sums of 26 and of 32 terms may be added in another order: a few units in the last place of numbers
  // near 1.
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_NEAR(kept[i], expected[i], 1e-5) << i;
}

TEST_F(Training, GoesOnFromACheckpointToTheSameBytes) {
  const rg::train::Options options{.learning_rate = 0.01, .epochs = 8, .track_test = true};
  rg::train::Trainer whole(network(), circle_parts(), options);
  const rg::train::Result expected = whole.run();
  whole.save_model(file("whole"));
  // 3 steps an epoch: after 7 the third epoch has begun.
  for (const std::int64_t steps : {0, 3, 7, 23}) {
    rg::train::Trainer first(network(), circle_parts(), options);
    first.keep_checkpoint(file("checkpoint"));
    Watcher watcher;
    watcher.limit = steps;
    EXPECT_EQ(first.run(&watcher).stopped, rg::train::Stop::interrupted);

    rg::train::Trainer second(network("linear(16), tanh, dropout(0.2), linear(2)"), circle_parts(), options);
    second.resume(file("checkpoint"));
    const rg::train::Result result = second.run();
    second.save_model(file("resumed"));
    EXPECT_TRUE(bytes("whole") == bytes("resumed")) << "after " << steps;
    EXPECT_EQ(result.best_epoch, expected.best_epoch);
    EXPECT_EQ(result.best_test_epoch, expected.best_test_epoch);
    EXPECT_EQ(result.best_test->accuracy, expected.best_test->accuracy);
    ASSERT_EQ(second.history().size(), whole.history().size());
    for (std::size_t i = 0; i < whole.history().size(); ++i) {
      EXPECT_EQ(second.history()[i].train_loss, whole.history()[i].train_loss) << i;
      EXPECT_EQ(second.history()[i].grad_norm, whole.history()[i].grad_norm) << i;
    }
  }
}

TEST_F(Training, RefusesACheckpointOfOtherOptions) {
  rg::train::Trainer first(network(), circle_parts(), {.epochs = 2});
  first.keep_checkpoint(file("checkpoint"));
  first.run();
  rg::train::Trainer second(network(), circle_parts(), {.epochs = 2, .batch = 16});
  try {
    second.resume(file("checkpoint"));
    ADD_FAILURE() << "no error";
  } catch (const rg::Error& error) {
    EXPECT_EQ(error.kind(), rg::ErrorKind::argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("batch = 32"));
  }
}

TEST_F(Training, NamesTheLastLayerThatDoesNotFit) {
  try {
    rg::train::Trainer(network("linear(3)"), circle_parts());
    ADD_FAILURE() << "no error";
  } catch (const rg::Error& error) {
    EXPECT_EQ(error.kind(), rg::ErrorKind::shape);
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("linear_1"), testing::HasSubstr("2 classes"),
                                             testing::HasSubstr("write linear(2)")));
  }
}

TEST_F(Training, SaysWhereItDiverged) {
  // The second step has weights near the rate: their product overflows in the second layer, or the square of
  // it in the loss.
  const struct {
    double rate;
    const char* place;
  } cases[] = {{1e25, "linear_2"}, {1e15, "half_squared_error"}};
  for (const auto& one : cases) {
    rg::train::Trainer trainer(network("linear(4), linear(2)"), circle_parts(),
                               {.loss = "half_squared_error", .optimizer = "sgd", .learning_rate = one.rate});
    try {
      trainer.run();
      ADD_FAILURE() << "no error";
    } catch (const rg::Error& error) {
      EXPECT_EQ(error.kind(), rg::ErrorKind::diverged);
      EXPECT_THAT(error.what(),
                  testing::AllOf(testing::HasSubstr("step 2 (epoch 1)"), testing::HasSubstr(one.place)));
    }
  }
}

// One output serves two classes where the loss looks at each output alone: x > 0 is class 1.
TEST_F(Training, OneOutputServesTwoClasses) {
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 64; ++i) {
    x.insert(x.end(), {static_cast<float>(i % 2 == 0 ? 1 + i : -1 - i) / 64, 0.5f});
    labels.push_back(i % 2 == 0 ? 1 : 0);
  }
  const auto data = rg::data::Dataset::classification(x, {2}, labels, {"out", "in"});
  rg::data::Parts parts = circle_parts();
  parts.train = parts.validation = parts.test = data;
  for (const char* loss : {"binary_cross_entropy", "half_squared_error"}) {
    rg::train::Trainer trainer(network("linear(1)"), parts,
                               {.loss = loss, .learning_rate = 0.05, .weight_decay = 0.0, .epochs = 100});
    EXPECT_GT(trainer.run().test->accuracy, 0.95) << loss;
  }
}

#ifndef RETROGRAD_THREAD_SANITIZER
// Counts the allocations between the second and the last step of the second epoch.
class Counter : public rg::train::Observer {
 public:
  void on_step(const rg::train::StepRecord& record) override {
    if (record.epoch != 2) return;
    if (record.step == 2) at_second = rg::testing::allocations();
    if (record.step == record.steps) at_last = rg::testing::allocations();
  }
  std::size_t at_second = 0, at_last = 1;
};

// The padded last batch is among the steps.
TEST_F(Training, StepsInSteadyStateAllocateNothing) {
  Counter counter;
  rg::train::Trainer trainer(network(), circle_parts(), {.epochs = 3, .batch = 8});
  trainer.run(&counter);
  EXPECT_EQ(counter.at_last, counter.at_second);
}
#endif

}  // namespace
