// The laws of one step of training. Whole trainings are in trainer_test.cpp.
#include "train/training_step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "train/parts.h"

namespace {

namespace rg = retrograd;

// The parameters after four steps; the norm is asked for where `with_norm(step)` says so.
template <typename F>
std::vector<float> trained(const char* optimizer, F with_norm) {
  const rg::data::Dataset data = train_test::circle(64, 0);
  const rg::nn::Sequential model =
      train_test::network("linear(70), relu, dropout(0.2), linear(90), relu, linear(2)");
  const rg::nn::Loss loss = rg::nn::loss("cross_entropy");
  const auto updates = rg::optim::make_optimizer(optimizer, {.learning_rate = 0.05});
  updates->prepare(model.parameters());
  const rg::Generator generator(3);
  rg::train::BatchBuffer batch(data, 16);
  rg::train::TrainingStep step({.model = &model,
                                .loss = &loss,
                                .optimizer = updates.get(),
                                .accumulation = nullptr,
                                .average = nullptr,
                                .generator = &generator,
                                .carried = nullptr,
                                .l1 = 0,
                                .l2 = 0.01});
  for (std::int64_t i = 0; i < 4; ++i) {
    std::vector<std::int64_t> rows(16);
    std::iota(rows.begin(), rows.end(), 16 * i);
    batch.fill(data, rows);
    const double norm = step(batch, with_norm(i)).grad_norm;
    EXPECT_EQ(std::isnan(norm), !with_norm(i));
  }
  return train_test::values_of(model);
}

TEST(TrainingStep, UpdatesAreTheSameWithAndWithoutTheNorm) {
  for (const char* optimizer : {"sgd", "adamw"}) {
    SCOPED_TRACE(optimizer);
    const auto always = trained(optimizer, [](std::int64_t) { return true; });
    EXPECT_EQ(trained(optimizer, [](std::int64_t) { return false; }), always);
    EXPECT_EQ(trained(optimizer, [](std::int64_t step) { return step % 2 == 0; }), always);
  }
}

}  // namespace
