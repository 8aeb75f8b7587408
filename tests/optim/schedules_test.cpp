// Schedules and clipping.
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/optim.h>

#include <cmath>
#include <numbers>

#include "optim/optim_test.h"

namespace {

using namespace retrograd;
using namespace optim_test;
using optim::Schedule;

double in_graph(const Schedule& schedule, std::int64_t step) {
  return schedule.multiplier(Array::from(std::vector<std::int64_t>{step}, {})).item<double>();
}

TEST(Schedule, IsTheSameInTheGraphAndOnTheHost) {
  const Schedule schedules[] = {Schedule(),
                                Schedule().with_warmup(7),
                                Schedule::cosine(100),
                                Schedule::cosine(100, 10, 0.1),
                                Schedule::step(30, 0.1),
                                Schedule::step(30, 0.1).with_warmup(5),
                                Schedule::step(7, 0.9, 20),
                                Schedule::exponential(0.99),
                                Schedule::exponential(0.99).with_warmup(5),
                                Schedule::one_cycle(100, 30),
                                Schedule::one_cycle(60, 1, 0.5, 0.25)};
  for (const Schedule& schedule : schedules) {
    for (const std::int64_t step : {0, 1, 4, 5, 6, 7, 9, 10, 11, 29, 30, 50, 59, 60, 99, 100, 101, 1000}) {
      // The stated accuracy of the graph form.
      EXPECT_NEAR(in_graph(schedule, step), schedule.multiplier(step), 1e-12) << step;
    }
  }
}

TEST(Schedule, CosineRisesThenFallsToItsLastValue) {
  const Schedule schedule = Schedule::cosine(110, 10, 0.2);
  EXPECT_DOUBLE_EQ(schedule.multiplier(std::int64_t{0}), 0.1);
  EXPECT_DOUBLE_EQ(schedule.multiplier(9), 1.0);
  EXPECT_DOUBLE_EQ(schedule.multiplier(10), 1.0);
  EXPECT_NEAR(schedule.multiplier(35), 0.2 + 0.8 * (1 + std::cos(std::numbers::pi * 0.25)) / 2, 1e-15);
  EXPECT_NEAR(schedule.multiplier(60), 0.6, 1e-15);
  EXPECT_DOUBLE_EQ(schedule.multiplier(110), 0.2);
  EXPECT_DOUBLE_EQ(schedule.multiplier(500), 0.2);
}

TEST(Schedule, StepAndExponentialMultiply) {
  const Schedule step = Schedule::step(10, 0.5);
  EXPECT_DOUBLE_EQ(step.multiplier(9), 1.0);
  EXPECT_DOUBLE_EQ(step.multiplier(10), 0.5);
  EXPECT_DOUBLE_EQ(step.multiplier(39), 0.125);
  EXPECT_DOUBLE_EQ(Schedule::step(10, 0.5, 20).multiplier(29), 1.0);
  EXPECT_DOUBLE_EQ(Schedule::step(10, 0.5, 20).multiplier(30), 0.5);
  EXPECT_NEAR(Schedule::exponential(0.9).multiplier(3), 0.729, 1e-15);
}

TEST(Schedule, OneCycleRisesToItsPeakAndFallsToItsEnd) {
  const Schedule schedule = Schedule::one_cycle(110, 10, 0.2, 0.1);
  EXPECT_DOUBLE_EQ(schedule.multiplier(std::int64_t{0}), 0.2);
  EXPECT_NEAR(schedule.multiplier(5), 0.6, 1e-15);
  EXPECT_DOUBLE_EQ(schedule.multiplier(10), 1.0);
  EXPECT_NEAR(schedule.multiplier(35), 0.1 + 0.9 * (1 + std::cos(std::numbers::pi * 0.25)) / 2, 1e-15);
  EXPECT_DOUBLE_EQ(schedule.multiplier(110), 0.1);
  EXPECT_DOUBLE_EQ(schedule.multiplier(500), 0.1);
}

TEST(Schedule, IsPartOfTheUpdate) {
  const Variable w = weight(0.0, 0.0);
  optim::Sgd sgd({.learning_rate = 1.0, .schedule = Schedule::step(2, 0.5)});
  auto step = compile([&] { sgd.update({{w}}, std::vector<Array>{-ones_like(w)}); });
  for (int i = 0; i < 5; ++i) step();
  expect_near(values(w), {1 + 1 + 0.5 + 0.5 + 0.25, 3.25}, 1e-14);
  EXPECT_DOUBLE_EQ(sgd.effective_learning_rate(), 0.25);
  EXPECT_EQ(step.plans(), 1u);
}

TEST(Schedule, RefusesWrongOptions) {
  expect_error(ErrorKind::argument, "0 <= warm-up < steps", [] { Schedule::cosine(10, 10); });
  expect_error(ErrorKind::argument, "positive factor", [] { Schedule::step(0, 0.5); });
  expect_error(ErrorKind::argument, "positive factor", [] { Schedule::exponential(0.0); });
  expect_error(ErrorKind::argument, "warm-up of -1", [] { Schedule().with_warmup(-1); });
  expect_error(ErrorKind::argument, "0 < peak < steps", [] { Schedule::one_cycle(10, 10); });
  expect_error(ErrorKind::argument, "rises by itself", [] { Schedule::one_cycle(10, 5).with_warmup(2); });
}

TEST(MakeSchedule, KnowsItsNames) {
  for (const std::string_view name : optim::schedule_names()) {
    const Schedule schedule = optim::make_schedule(name, 90, 10);
    EXPECT_DOUBLE_EQ(schedule.multiplier(std::int64_t{0}), name == "one_cycle" ? 0.04 : 0.1) << name;
    EXPECT_NO_THROW(optim::make_schedule(name, 1, 5)) << name;
  }
  EXPECT_NEAR(optim::make_schedule("exponential", 90).multiplier(90), 0.01, 1e-14);
  EXPECT_NEAR(optim::make_schedule("step", 90).multiplier(60), 0.01, 1e-14);
  EXPECT_DOUBLE_EQ(optim::make_schedule("one_cycle", 90, 10).multiplier(10), 1.0);
  EXPECT_DOUBLE_EQ(optim::make_schedule("one_cycle", 90).multiplier(27), 1.0);
  EXPECT_EQ(optim::make_schedule("cosine", 1, 5).multiplier(std::int64_t{0}), 1.0);
  expect_error(ErrorKind::argument, "did you mean \"cosine\"?", [] { optim::make_schedule("cosinus", 10); });
}

TEST(MakeSchedule, ReadsNumbersAsEpochs) {
  const auto made = [](const char* text) { return optim::make_schedule(text, 100, 0, 10); };
  EXPECT_DOUBLE_EQ(made("step(3, 0.5)").multiplier(29), 1.0);
  EXPECT_DOUBLE_EQ(made("step(3, 0.5)").multiplier(60), 0.25);
  EXPECT_DOUBLE_EQ(made("step(0.5)").multiplier(5), 0.1);
  EXPECT_DOUBLE_EQ(made("step(1, 0.5, 3)").multiplier(39), 1.0);
  EXPECT_DOUBLE_EQ(made("step(1, 0.5, 3)").multiplier(40), 0.5);
  EXPECT_NEAR(made("exponential(0.5)").multiplier(20), 0.25, 1e-14);
  EXPECT_DOUBLE_EQ(made("cosine(0.2)").multiplier(100), 0.2);
  EXPECT_DOUBLE_EQ(made("one_cycle(0.5)").multiplier(50), 1.0);
  EXPECT_DOUBLE_EQ(made("plateau(0.5, 3)").multiplier(99), 1.0);
  ASSERT_TRUE(optim::plateau_options("plateau(0.5, 3)").has_value());
  EXPECT_EQ(optim::plateau_options("plateau(0.5, 3)")->factor, 0.5);
  EXPECT_EQ(optim::plateau_options("plateau(0.5, 3)")->patience, 3);
  EXPECT_EQ(optim::plateau_options("plateau")->patience, 5);
  EXPECT_FALSE(optim::plateau_options("cosine").has_value());
  expect_error(ErrorKind::argument, "expected step(epochs, factor, after)",
               [&] { made("step(1, 2, 3, 4)"); });
  expect_error(ErrorKind::argument, "epochs above 0", [&] { made("step(0)"); });
  expect_error(ErrorKind::argument, "0 < share < 1", [&] { made("one_cycle(1)"); });
  expect_error(ErrorKind::argument, "0 < factor < 1", [&] { made("plateau(2)"); });
}

TEST(Clip, LimitsTheNormOfAllGradientsTogether) {
  const std::vector<Array> g = {Array::of({3}), Array::from(std::vector<float>{0, 4}, {2})};
  EXPECT_EQ(optim::global_norm(g).item<float>(), 5.0f);
  const std::vector<Array> clipped = optim::clip_by_global_norm(g, 1.0);
  EXPECT_FLOAT_EQ(clipped[0].item<float>(), 0.6f);
  EXPECT_FLOAT_EQ(clipped[1].to_vector<float>()[1], 0.8f);
}

TEST(Clip, LimitsEachElement) {
  const std::vector<Array> g = {Array::of({3, -0.5f, -7}), Array::from(std::vector<float>{0.25f}, {})};
  const std::vector<Array> clipped = optim::clip_by_value(g, 1.0);
  EXPECT_EQ(clipped[0].to_vector<float>(), (std::vector<float>{1, -0.5f, -1}));
  EXPECT_EQ(clipped[1].item<float>(), 0.25f);
  expect_error(ErrorKind::argument, "the largest value is -1; expected a positive number",
               [&] { optim::clip_by_value(g, -1.0); });
}

TEST(Clip, LeavesSmallGradientsAsTheyAre) {
  const std::vector<Array> g = {Array::of({3, 4})};
  EXPECT_EQ(optim::clip_by_global_norm(g, 5.0)[0].to_vector<float>(), (std::vector<float>{3, 4}));
  const std::vector<Array> none = {Array::of({0, 0})};
  EXPECT_EQ(optim::clip_by_global_norm(none, 1.0)[0].to_vector<float>(), (std::vector<float>{0, 0}));
  expect_error(ErrorKind::argument, "expected a positive number",
               [&] { optim::clip_by_global_norm(g, 0.0); });
}

}  // namespace
