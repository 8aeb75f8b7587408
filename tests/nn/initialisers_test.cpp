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

// 1 - 4 phi(2) / (2 Phi(2) - 1) = 0.8796^2 is the variance of N(0, 1) cut at 2.
TEST(Initialiser, TruncatedNormalIsCutAtTwoDeviations) {
  const Moments m = moments(Initialiser::truncated_normal(0.0, 0.5));
  expect_distribution(m, 0.0, 0.5 * 0.87962566);
  EXPECT_LE(m.largest, 1.0);
  EXPECT_GT(m.largest, 0.999);
  expect_distribution(moments(Initialiser::truncated_normal(3.0, 0.5)), 3.0, 0.5 * 0.87962566);
  expect_distribution(moments(Initialiser::truncated_fan_in_normal(), {50, 1}), 0.0, std::sqrt(1.0 / 50));
}

// Where nothing is cut it is the normal of the same seed.
TEST(Initialiser, TruncatedNormalDrawsAgainOnlyWhatWasCut) {
  const auto cut =
      Initialiser::truncated_normal(0.0, 1.0).draw({999}, DType::f64, {}, 1, 0).to_vector<double>();
  const auto whole = Initialiser::normal(0.0, 1.0).draw({999}, DType::f64, {}, 1, 0).to_vector<double>();
  for (std::size_t i = 0; i < 999; ++i) {
    if (std::abs(whole[i]) <= 2.0) {
      EXPECT_EQ(cut[i], whole[i]);
    }
  }
}

TEST(Initialiser, LecunHasVarianceOneOverIn) {
  expect_distribution(moments(Initialiser::lecun_uniform(), {50, 150}), 0.0, std::sqrt(1.0 / 50));
  expect_distribution(moments(Initialiser::lecun_normal(), {50, 150}), 0.0, std::sqrt(1.0 / 50));
  EXPECT_LE(moments(Initialiser::lecun_uniform(), {3, 1}).largest, 1.0);
}

// Of a matrix M [rows, columns]: M M^T, or M^T M for more rows than columns, is gain^2 times the identity.
// Sums of at most 40 products in f64.
TEST(Initialiser, OrthogonalHasOrthonormalRowsOrColumns) {
  for (const Shape& shape : {Shape{7, 7}, Shape{5, 40}, Shape{40, 5}, Shape{4, 2, 3}}) {
    const std::int64_t rows = shape[0];
    const std::int64_t columns = shape.size() / rows;
    const auto m = Initialiser::orthogonal(2.0).draw(shape, DType::f64, {}, 3, 1).to_vector<double>();
    const bool by_rows = rows <= columns;
    const std::int64_t vectors = by_rows ? rows : columns;
    const std::int64_t length = by_rows ? columns : rows;
    const auto at = [&](std::int64_t v, std::int64_t i) {
      return m[static_cast<std::size_t>(by_rows ? v * columns + i : i * columns + v)];
    };
    for (std::int64_t a = 0; a < vectors; ++a) {
      for (std::int64_t b = 0; b < vectors; ++b) {
        double product = 0.0;
        for (std::int64_t i = 0; i < length; ++i) product += at(a, i) * at(b, i);
        EXPECT_NEAR(product, a == b ? 4.0 : 0.0, 1e-14) << shape.to_string() << a << b;
      }
    }
  }
}

TEST(Initialiser, OrthogonalDependsOnItsSeedAndWantsAMatrix) {
  const auto draw = [](std::uint64_t seed) {
    return Initialiser::orthogonal().draw({3, 4}, DType::f64, {}, seed, 0).to_vector<double>();
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
  nn_test::expect_error(ErrorKind::shape, "a parameter [3] is no matrix",
                        [] { Initialiser::orthogonal().draw({3}, DType::f64, {}, 1, 0); });
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

TEST(Initialisation, OfOneNameHasOneKind) {
  EXPECT_EQ(nn::initialisation("orthogonal").weight.kind(), Initialiser::Kind::orthogonal);
  EXPECT_EQ(nn::initialisation("lecun_normal").weight.kind(), Initialiser::Kind::fan_in);
  EXPECT_EQ(nn::initialisation("lecun-uniform").weight.kind(), Initialiser::Kind::lecun_uniform);
  EXPECT_EQ(nn::initialisation("truncated_normal").weight.kind(), Initialiser::Kind::truncated_fan_in);
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
