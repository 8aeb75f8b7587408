// What the options of a training do: accumulation, clipping, averages, frozen layers, rates, losses with
// options, schedules; and that each goes on from a checkpoint bit for bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include <cmath>

#include "train/parts.h"

namespace {

namespace rg = retrograd;
using train_test::circle_parts;
using train_test::Folder;
using train_test::network;
using train_test::values_of;

template <typename F>
void expect_argument_error(const char* text, F f) {
  try {
    f();
    ADD_FAILURE() << "no error: " << text;
  } catch (const rg::Error& error) {
    EXPECT_EQ(error.kind(), rg::ErrorKind::argument);
    EXPECT_THAT(error.what(), testing::HasSubstr(text));
  }
}

class StopAfter : public rg::train::Observer {
 public:
  explicit StopAfter(std::int64_t steps) : left_(steps) {}
  bool stop_requested() override { return left_ == 0; }
  void on_step(const rg::train::StepRecord&) override { --left_; }

 private:
  std::int64_t left_;
};

struct Case {
  const char* name;
  rg::train::Options options;
};

const Case cases[] = {
    {"accumulate", {.accumulate = 4, .epochs = 6, .batch = 16}},
    {"average", {.average = 0.9, .epochs = 6}},
    {"plateau", {.schedule = "plateau(0.5, 0)", .epochs = 6}},
    {"all",
     {.loss = "focal(1.5)",
      .class_weights = "balanced",
      .optimizer = "sgd",
      .momentum = 0.9,
      .nesterov = true,
      .schedule = "plateau(0.5, 1)",
      .warmup = 3,
      .clip_value = 0.2,
      .clip_norm = 0.4,
      .accumulate = 2,
      .average = 0.8,
      .rates = "1 = 0.1",
      .epochs = 6}},
    {"nadam", {.optimizer = "nadam", .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-4, .epochs = 6}},
    {"rmsprop", {.optimizer = "rmsprop", .momentum = 0.5, .rho = 0.8, .epochs = 6}},
    {"adadelta", {.optimizer = "adadelta", .rho = 0.8, .schedule = "step(2, 0.5)", .epochs = 6}},
    {"adagrad", {.optimizer = "adagrad", .schedule = "exponential(0.9)", .epochs = 6}},
    {"lion", {.optimizer = "lion", .schedule = "one_cycle(0.4)", .epochs = 6}},
    {"rprop", {.optimizer = "rprop", .epochs = 6, .batch = 90}},
    {"bf16", {.epochs = 6, .precision = rg::Precision::bf16_forced}},
    {"rumelhart", {.label_smoothing = 0.1, .optimizer = "rumelhart", .freeze = "linear_1", .epochs = 6}},
};

class EveryOption : public testing::TestWithParam<Case> {};

TEST_P(EveryOption, GoesOnFromACheckpointToTheSameBytes) {
  const Folder folder("options");
  const rg::train::Options& options = GetParam().options;
  rg::train::Trainer whole(network(), circle_parts(), options);
  whole.run();
  whole.save_model(folder.file("whole"));
  for (const std::int64_t steps : {3, 5}) {
    rg::train::Trainer first(network(), circle_parts(), options);
    first.keep_checkpoint(folder.file("checkpoint"));
    StopAfter observer(steps);
    ASSERT_EQ(first.run(&observer).stopped, rg::train::Stop::interrupted);
    rg::train::Trainer second(network(), circle_parts(), options);
    second.resume(folder.file("checkpoint"));
    second.run();
    second.save_model(folder.file("resumed"));
    EXPECT_TRUE(folder.bytes("whole") == folder.bytes("resumed")) << "after " << steps;
    for (std::size_t i = 0; i < whole.history().size(); ++i) {
      EXPECT_EQ(second.history()[i].learning_rate, whole.history()[i].learning_rate) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Names, EveryOption, testing::ValuesIn(cases),
                         [](const auto& of) { return std::string(of.param.name); });

// 90 rows in batches of 15 added up six at a time are the one batch of 90: the means of six means of 15 rows.
TEST(Accumulate, OfBatchesOfOneSizeIsTheLargeBatch) {
  const auto trained = [](std::int64_t batch, std::int64_t accumulate) {
    rg::train::Trainer trainer(network("linear(8), tanh, linear(2)"), circle_parts(),
                               {.optimizer = "sgd",
                                .learning_rate = 0.5,
                                .accumulate = accumulate,
                                .epochs = 4,
                                .batch = batch,
                                .patience = 0});
    trainer.run();
    return values_of(trainer.model());
  };
  const std::vector<float> large = trained(90, 1), small = trained(15, 6);
  // The same sums in another order: some units in the last place of numbers near 1.
  for (std::size_t i = 0; i < large.size(); ++i) EXPECT_NEAR(small[i], large[i], 1e-5) << i;
}

TEST(ClipNorm, LimitsTheStep) {
  const rg::nn::Sequential before = network("linear(8), tanh, linear(2)");
  rg::train::Trainer trainer(
      network("linear(8), tanh, linear(2)"), circle_parts(),
      {.optimizer = "sgd", .learning_rate = 1, .clip_norm = 0.01, .epochs = 1, .batch = 90});
  trainer.run();
  const std::vector<float> a = values_of(before), b = values_of(trainer.model());
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += std::pow(static_cast<double>(a[i]) - b[i], 2);
  // Differences of f32 numbers near 1: 6e-8 each, against steps near 1e-3.
  EXPECT_NEAR(std::sqrt(squares), 0.01, 1e-5);
  EXPECT_GT(trainer.history()[0].grad_norm, 0.02) << "the norm that is reported is that before clipping";
}

TEST(Average, IsWhatIsEvaluatedAndKept) {
  rg::train::Trainer plain(network(), circle_parts(), {.epochs = 4, .patience = 0});
  rg::train::Trainer averaged(network(), circle_parts(), {.average = 0.99, .epochs = 4, .patience = 0});
  plain.run();
  const rg::train::Result result = averaged.run();
  const auto& history = averaged.history();
  // The weights go the same way, the average another.
  EXPECT_EQ(history[3].train_loss, plain.history()[3].train_loss);
  EXPECT_NE(history[3].val_loss, plain.history()[3].val_loss);
  EXPECT_EQ(result.validation->loss, history[static_cast<std::size_t>(result.best_epoch - 1)].val_loss);
}

TEST(Freeze, LeavesLayersAloneByNumberAndByName) {
  for (const char* list : {"0", "linear_1", "*_1", "linear_1.weight, linear_1.bias"}) {
    const std::vector<float> before = values_of(network("linear(8), tanh, linear(2)"));
    rg::train::Trainer trainer(network("linear(8), tanh, linear(2)"), circle_parts(),
                               {.freeze = list, .epochs = 2});
    trainer.run();
    const std::vector<float> after = values_of(trainer.model());
    for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(after[i], before[i]) << list << " " << i;
    EXPECT_NE(after[24], before[24]) << list;
  }
}

TEST(Freeze, TellsWhatNamesNothing) {
  const auto train = [](const char* list) {
    rg::train::Trainer trainer(network(), circle_parts(), {.freeze = list});
  };
  expect_argument_error("freeze: there is no layer 2; the model has 2", [&] { train("2"); });
  expect_argument_error("did you mean \"linear_2\"?", [&] { train("linear2"); });
  expect_argument_error("leaves no parameter to train", [&] { train("linear*"); });
}

// One step of plain descent is proportional to the rate.
TEST(Rates, MultiplyTheStepsOfLayers) {
  const auto steps = [](const char* rates) {
    const std::vector<float> before = values_of(network("linear(8), tanh, linear(2)"));
    rg::train::Trainer trainer(
        network("linear(8), tanh, linear(2)"), circle_parts(),
        {.optimizer = "sgd", .learning_rate = 0.5, .rates = rates, .epochs = 1, .batch = 90});
    trainer.run();
    std::vector<float> after = values_of(trainer.model());
    for (std::size_t i = 0; i < after.size(); ++i) after[i] -= before[i];
    return after;
  };
  const std::vector<float> plain = steps(""), scaled = steps("0 = 0, linear_2 = 0.5");
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_NEAR(scaled[i], i < 24 ? 0.0f : 0.5f * plain[i], 1e-6) << i;  // rounding of w + step, w near 1
  }
  expect_argument_error("expected layer = multiplier", [&] { steps("0"); });
}

TEST(ClassWeights, AreKeptInTheModelFile) {
  const Folder folder("weights");
  const rg::data::Parts parts = train_test::circle_table();
  rg::train::Trainer trainer(network(), parts,
                             {.label_smoothing = 0.1, .class_weights = "3, 1", .epochs = 2});
  const rg::train::Result result = trainer.run();
  trainer.save_model(folder.file("model"));
  rg::train::Predictor predictor(folder.file("model"));
  EXPECT_EQ(predictor.evaluate(parts.validation).loss, result.validation->loss);
  expect_argument_error("3 numbers for 2 classes (in, out)",
                        [&] { rg::train::Trainer wrong(network(), parts, {.class_weights = "1, 2, 3"}); });
  expect_argument_error("mse has none", [&] {
    rg::train::Trainer wrong(network(), parts, {.loss = "mse", .label_smoothing = 0.1});
  });
}

// Counts with the mean exp(1 + x): a linear layer finds 1 + x.
TEST(Poisson, LearnsTheLogarithmOfTheRate) {
  std::string csv = "x,count\n";
  for (int i = 0; i < 200; ++i) {
    const double x = (i % 20) / 10.0 - 1;
    csv += std::to_string(x) + "," + std::to_string(std::lround(std::exp(1 + x))) + "\n";
  }
  rg::train::Trainer trainer(rg::nn::build_model("linear(1)", {1}), train_test::table_parts(csv, false),
                             {.loss = "poisson", .optimizer = "adam", .learning_rate = 0.05, .epochs = 60});
  const rg::train::Result result = trainer.run();
  // Rounding the counts moves each by up to a half, in a spread of 2.
  EXPECT_GT(result.train->r2, 0.95);
  EXPECT_LT(result.train->mae, 0.5) << "predictions are rates, not their logarithms";
  expect_argument_error("wants counts as they are", [&] {
    rg::train::Trainer wrong(rg::nn::build_model("linear(1)", {1}), train_test::table_parts(csv),
                             {.loss = "poisson"});
  });
}

TEST(Plateau, LowersTheRateOfTheEpochsAfterIt) {
  rg::train::Trainer trainer(
      network(), circle_parts(),
      {.optimizer = "sgd", .learning_rate = 1e-9, .schedule = "plateau(0.5, 0)", .epochs = 4, .patience = 0});
  trainer.run();
  // At such a rate no loss gets better by the plateau's threshold.
  EXPECT_EQ(trainer.history()[0].learning_rate, 1e-9);
  EXPECT_EQ(trainer.history()[1].learning_rate, 1e-9);
  EXPECT_EQ(trainer.history()[2].learning_rate, 0.5e-9);
  EXPECT_EQ(trainer.history()[3].learning_rate, 0.25e-9);
}

TEST(Lion, HasARateForShortTrainings) {
  const rg::train::Options options =
      rg::train::completed({.optimizer = "lion", .epochs = 10}, circle_parts());
  EXPECT_EQ(*options.learning_rate, 3e-3);  // 30 updates
  EXPECT_EQ(*rg::train::completed({.optimizer = "lion", .epochs = 10000}, circle_parts()).learning_rate,
            1e-4);
}

}  // namespace
