// Augmentation in training: of the training part alone, the same after a checkpoint and for any threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include "runtime/allocations.h"
#include "train/parts.h"

namespace {

namespace rg = retrograd;

constexpr const char* every_kind = "shift,flip,crop,rotate,cutout(2)";

// Images of 6 x 6, bright above for class 0 and below for class 1.
rg::data::Dataset halves(int rows, int offset) {
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int row = offset; row < offset + rows; ++row) {
    labels.push_back(row % 2);
    for (int i = 0; i < 36; ++i) {
      const bool bright = (i < 18) == (row % 2 == 0);
      x.push_back((bright ? 0.7f : 0.1f) + static_cast<float>((row * 36 + i) * 37 % 101) / 500);
    }
  }
  return rg::data::Dataset::classification(x, {1, 6, 6}, labels, {"above", "below"});
}

rg::data::Parts parts() {
  return {halves(90, 0), halves(30, 90), halves(30, 120),
          rg::data::Encoder::images({1, 6, 6}, {"above", "below"})};
}

rg::nn::Sequential network() {
  return rg::nn::build_model("flatten, linear(8), tanh, dropout(0.2), linear(2)", {1, 6, 6}, {.seed = 5});
}

// Stops after so many steps.
class Stopper : public rg::train::Observer {
 public:
  explicit Stopper(std::int64_t steps) : left_(steps) {}
  bool stop_requested() override { return left_ == 0; }
  void on_step(const rg::train::StepRecord&) override { --left_; }

 private:
  std::int64_t left_;
};

class Augmented : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return folder_.file(name); }
  std::string bytes(const std::string& name) const { return folder_.bytes(name); }
  // The bytes of the model of a whole training.
  std::string whole(const rg::train::Options& options) const {
    rg::train::Trainer trainer(network(), parts(), options);
    trainer.run();
    trainer.save_model(file("whole"));
    return bytes("whole");
  }

 private:
  train_test::Folder folder_{"augment"};
};

TEST_F(Augmented, LearnsOtherwiseAndStillLearns) {
  rg::train::Trainer trainer(network(), parts(),
                             {.learning_rate = 0.01, .epochs = 40, .augment = "shift(1), flip"});
  EXPECT_EQ(trainer.run().test->accuracy, 1.0);
  const rg::train::Options plain{.epochs = 2};
  rg::train::Options augmented = plain;
  augmented.augment = "shift";
  EXPECT_NE(whole(plain), whole(augmented));
}

TEST_F(Augmented, EvaluationSeesImagesAsTheyAre) {
  // A cutout of the whole image leaves nothing to learn from, yet what is evaluated is not cut.
  rg::train::Trainer trainer(network(), parts(), {.epochs = 1, .augment = "cutout(12)"});
  const rg::train::Result result = trainer.run();
  trainer.save_model(file("model"));
  rg::train::Predictor predictor(file("model"));
  EXPECT_EQ(predictor.evaluate(parts().validation).loss, result.validation->loss);
  EXPECT_EQ(predictor.evaluate(parts().train).loss, result.train->loss);
  EXPECT_NE(result.train->loss, trainer.history()[0].train_loss);
}

TEST_F(Augmented, GoesOnFromACheckpointToTheSameBytes) {
  const rg::train::Options options{.learning_rate = 0.01, .epochs = 4, .augment = every_kind};
  const std::string expected = whole(options);
  for (const std::int64_t steps : {1, 3, 7}) {  // 3 steps an epoch
    rg::train::Trainer first(network(), parts(), options);
    first.keep_checkpoint(file("checkpoint"));
    Stopper stopper(steps);
    ASSERT_EQ(first.run(&stopper).stopped, rg::train::Stop::interrupted);
    rg::train::Trainer second(network(), parts(), options);
    second.resume(file("checkpoint"));
    second.run();
    second.save_model(file("resumed"));
    EXPECT_TRUE(bytes("resumed") == expected) << "after " << steps;
  }
  rg::train::Options other = options;
  other.augment = "";
  rg::train::Trainer without(network(), parts(), other);
  try {
    without.resume(file("checkpoint"));
    ADD_FAILURE() << "no error";
  } catch (const rg::Error& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("augment = shift(2), flip, crop(0.875), rotate(15), cutout(2)"));
  }
}

TEST_F(Augmented, ThreadsDoNotMatter) {
  const rg::train::Options options{.epochs = 2, .augment = every_kind};
  const int before = rg::threads();
  rg::set_threads(1);
  const std::string one = whole(options);
  rg::set_threads(3);
  EXPECT_TRUE(whole(options) == one);
  rg::set_threads(before);
}

TEST_F(Augmented, OptionsHaveTheirNumbersWrittenOut) {
  EXPECT_EQ(rg::train::completed({.augment = " flip,shift"}, parts()).augment, "shift(2), flip");
  const auto expect = [](const rg::train::Options& options, const rg::data::Parts& data, const char* part) {
    try {
      rg::train::completed(options, data);
      ADD_FAILURE() << "no error: " << part;
    } catch (const rg::Error& error) {
      EXPECT_EQ(error.kind(), rg::ErrorKind::argument);
      EXPECT_THAT(error.what(), testing::HasSubstr(part));
    }
  };
  expect({.augment = "flop"}, parts(), "augment: \"flop\" is unknown; did you mean \"flip\"?");
  expect({.augment = "flip"}, train_test::circle_parts(), "augment: flip is for images");
  expect({.optimizer = "lbfgs", .augment = "flip"}, parts(), "augment: lbfgs wants the same images");
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

TEST_F(Augmented, StepsInSteadyStateAllocateNothing) {
  Counter counter;
  rg::train::Trainer trainer(network(), parts(), {.epochs = 3, .batch = 8, .augment = every_kind});
  trainer.run(&counter);
  EXPECT_EQ(counter.at_last, counter.at_second);
}
#endif

}  // namespace
