// Distributions of initial values.
#include <retrograd/initialisers.h>

#include <cmath>
#include <vector>

#include "nn/expect_error.h"

namespace {

using namespace retrograd;
using nn::Fans;
using nn::Initialiser;

struct Moments {
  double mean = 0.0;
  double deviation = 0.0;
  double largest = 0.0;
};

constexpr std::int64_t count = 100000;

Moments moments(const Initialiser& initialiser, Fans fans = {}) {
  Moments m;
  double squares = 0.0;
  for (const double x : initialiser.draw({count}, DType::f64, fans, 1, 0).to_vector<double>()) {
    m.mean += x / count;
    squares += x * x / count;
    m.largest = std::max(m.largest, std::abs(x));
  }
  m.deviation = std::sqrt(squares - m.mean * m.mean);
  return m;
}

// The mean of n draws of deviation d has deviation d / sqrt(n) = 0.0032 d, their deviation 0.0022 d (normal):
// five times that is allowed, and the seed is fixed.
void expect_distribution(const Moments& m, double mean, double deviation) {
  EXPECT_NEAR(m.mean, mean, 0.016 * deviation);
  EXPECT_NEAR(m.deviation, deviation, 0.012 * deviation);
}

TEST(Initialiser, HasTheStatedMeanAndDeviation) {
  const Fans fans{50, 150};
  expect_distribution(moments(Initialiser::normal(3.0, 2.0)), 3.0, 2.0);
  expect_distribution(moments(Initialiser::uniform(-1.0, 3.0)), 1.0, 4.0 / std::sqrt(12.0));
  expect_distribution(moments(Initialiser::xavier_normal(), fans), 0.0, std::sqrt(2.0 / 200));
  expect_distribution(moments(Initialiser::xavier_uniform(), fans), 0.0, std::sqrt(2.0 / 200));
  expect_distribution(moments(Initialiser::he_normal(), fans), 0.0, std::sqrt(2.0 / 50));
  expect_distribution(moments(Initialiser::he_uniform(), fans), 0.0, std::sqrt(2.0 / 50));
  expect_distribution(moments(Initialiser::fan_in_normal(), fans), 0.0, std::sqrt(1.0 / 50));
}

TEST(Initialiser, UniformStaysWithinItsLimits) {
  EXPECT_LE(moments(Initialiser::he_uniform(), {6, 1}).largest, 1.0);
  // A normal of this deviation does not: it exceeds 1 in 8 % of the draws.
  EXPECT_GT(moments(Initialiser::he_normal(), {6, 1}).largest, 1.0);
}

TEST(Initialiser, ConstantIsExact) {
  EXPECT_EQ(Initialiser::constant(0.25).draw({3}, DType::f32, {}, 1, 0).to_vector<float>(),
            (std::vector<float>{0.25f, 0.25f, 0.25f}));
}

TEST(Initialiser, DependsOnSeedAndOrdinalAlone) {
  const Initialiser normal = Initialiser::normal(0.0, 1.0);
  const auto draw = [&](std::uint64_t seed, std::uint64_t ordinal, const Shape& shape) {
    return normal.draw(shape, DType::f64, {}, seed, ordinal).to_vector<double>();
  };
  EXPECT_EQ(draw(1, 0, {6}), draw(1, 0, {2, 3}));
  EXPECT_NE(draw(1, 0, {6}), draw(1, 1, {6}));
  EXPECT_NE(draw(1, 0, {6}), draw(2, 0, {6}));
  EXPECT_NE(draw(1, 0, {6}), draw(1 + (std::uint64_t{1} << 32), 0, {6}));
  // A shorter parameter is the beginning of a longer one.
  const std::vector<double> longer = draw(1, 0, {7});
  EXPECT_EQ(draw(1, 0, {3}), std::vector<double>(longer.begin(), longer.begin() + 3));
}

// Nearest f32 to the f64 draw: one rounding.
TEST(Initialiser, IsTheSameInBothDtypesUpToRounding) {
  const Initialiser normal = Initialiser::normal(0.0, 1.0);
  const auto exact = normal.draw({9}, DType::f64, {}, 1, 0).to_vector<double>();
  const auto rounded = normal.draw({9}, DType::f32, {}, 1, 0).to_vector<float>();
  for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(rounded[i], static_cast<float>(exact[i]));
}

TEST(Initialisation, NielsenDrawsBiasesToo) {
  EXPECT_EQ(nn::initialisation("nielsen").bias.kind(), Initialiser::Kind::normal);
  EXPECT_EQ(nn::initialisation("nielsen-scaled").weight.kind(), Initialiser::Kind::fan_in);
  EXPECT_EQ(nn::initialisation("he_normal").bias.kind(), Initialiser::Kind::constant);
}

TEST(Initialisation, KnowsItsNamesAndSuggestsOne) {
  for (const std::string_view name : nn::initialisation_names())
    EXPECT_NO_THROW(nn::initialisation(name)) << name;
  nn_test::expect_error(ErrorKind::argument, "did you mean \"nielsen\"?",
                        [] { nn::initialisation("nielson"); });
  nn_test::expect_error(ErrorKind::argument, "known are default", [] { nn::initialisation("qqqq"); });
  nn_test::expect_error(ErrorKind::dtype, "i32",
                        [] { Initialiser::zeros().draw({1}, DType::i32, {}, 1, 0); });
}

}  // namespace
