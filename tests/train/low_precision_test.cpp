// Trainings with products of bf16: what is rounded and what is not, the same bits for any number of threads,
// and who refuses it. Going on from a checkpoint is among the cases of options_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include <cstring>

#include "train/parts.h"

namespace {

namespace rg = retrograd;
using train_test::circle_parts;
using train_test::Folder;
using train_test::network;
using train_test::values_of;

constexpr const char* text = "linear(64), relu, linear(48), layer_norm, tanh, linear(2)";

std::vector<float> trained(const rg::train::Options& options) {
  rg::train::Trainer trainer(network(text), circle_parts(), options);
  trainer.run();
  return values_of(trainer.model());
}

template <typename F>
std::string refusal(F f) {
  try {
    f();
  } catch (const rg::Error& error) {
    return std::string(rg::name(error.kind())) + ": " + error.what();
  }
  return "no error";
}

// Number with the lower half of its bits 0: one of bf16.
bool is_bf16(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return (bits & 0xffffu) == 0;
}

TEST(LowPrecisionTraining, DiffersFromThatInF32) {
  EXPECT_NE(trained({.epochs = 2}), trained({.epochs = 2, .precision = rg::Precision::bf16_forced}));
}

TEST(LowPrecisionTraining, GivesTheSameBitsForAnyThreads) {
  const int before = rg::threads();
  const rg::train::Options options{.epochs = 3, .precision = rg::Precision::bf16_forced};
  rg::set_threads(1);
  const std::vector<float> one = trained(options);
  for (const int threads : {2, 3}) {
    rg::set_threads(threads);
    EXPECT_EQ(trained(options), one) << threads;
  }
  rg::set_threads(before);
}

// Near 1 numbers of bf16 are 2^-7 apart: at this rate no weight of bf16 would move.
TEST(LowPrecisionTraining, MovesParametersByLessThanBf16CanSay) {
  const rg::train::Options options{.optimizer = "sgd",
                                   .learning_rate = 1e-4,
                                   .schedule = "constant",
                                   .epochs = 1,
                                   .batch = 90,
                                   .precision = rg::Precision::bf16_forced};
  const std::vector<float> before = values_of(network(text)), after = trained(options);
  std::size_t moved = 0, of_f32 = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    moved += before[i] != after[i] ? 1 : 0;
    of_f32 += is_bf16(after[i]) ? 0 : 1;
    EXPECT_NEAR(after[i], before[i], 1e-3) << i;
  }
  EXPECT_GT(moved, before.size() / 2);
  EXPECT_GT(of_f32, before.size() / 2);
}

// The parameters are the model: its loss is that of a predictor, which knows no bf16.
TEST(LowPrecisionTraining, IsEvaluatedInF32) {
  const Folder folder("low_precision");
  const rg::data::Parts parts = train_test::circle_table();
  rg::train::Trainer trainer(network(text), parts, {.epochs = 3, .precision = rg::Precision::bf16_forced});
  const rg::train::Result result = trainer.run();
  trainer.save_model(folder.file("model"));
  rg::train::Predictor predictor(folder.file("model"));
  EXPECT_EQ(predictor.evaluate(parts.validation).loss, result.validation->loss);
}

TEST(LowPrecisionTraining, WantsAProcessorThatMultipliesBf16UnlessForced) {
  const auto train = [](rg::Precision precision) {
    return refusal([&] { rg::train::Trainer(network(text), circle_parts(), {.precision = precision}); });
  };
  EXPECT_EQ(train(rg::Precision::bf16_forced), "no error");
  const std::string plainly = train(rg::Precision::bf16);
  if (!rg::machine().bf16.empty()) {
    EXPECT_EQ(plainly, "no error");
  } else {
    EXPECT_THAT(plainly,
                testing::AllOf(testing::StartsWith("argument: precision:"), testing::HasSubstr("avx512_bf16"),
                               testing::HasSubstr("bf16-forced")));
    EXPECT_THROW(rg::compile([](rg::Array x) { return x; }, {.precision = rg::Precision::bf16}), rg::Error);
  }
}

TEST(LowPrecisionTraining, RefusesMinimisersAndModelsInDouble) {
  EXPECT_THAT(refusal([] {
                rg::train::Trainer(network("linear(4), tanh, linear(2)"), circle_parts(),
                                   {.optimizer = "lbfgs", .precision = rg::Precision::bf16_forced});
              }),
              testing::HasSubstr("argument: lbfgs: has no products of bf16"));
  EXPECT_THAT(
      refusal([] {
        rg::train::Trainer(rg::nn::build_model(text, {2}, {.dtype = rg::DType::f64}), circle_parts(),
                           {.precision = rg::Precision::bf16_forced});
      }),
      testing::HasSubstr("argument: precision: products of bf16 want a model in f32, this one is in f64"));
}

TEST(LowPrecisionTraining, GoesOnWithTheSamePrecisionAlone) {
  const Folder folder("low_precision");
  rg::train::Trainer first(network(text), circle_parts(), {.precision = rg::Precision::bf16_forced});
  class Stop : public rg::train::Observer {
    bool stop_requested() override { return steps_++ == 2; }
    int steps_ = 0;
  } stop;
  first.keep_checkpoint(folder.file("checkpoint"));
  first.run(&stop);
  rg::train::Trainer second(network(text), circle_parts(), {});
  EXPECT_THAT(refusal([&] { second.resume(folder.file("checkpoint")); }),
              testing::HasSubstr("was made with precision = bf16"));
}

}  // namespace
