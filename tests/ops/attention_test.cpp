// Attention as a function, and what tells positions apart. Values and derivatives of the op stand with all
// others in golden_test.cpp and derivative_test.cpp.
#include <gtest/gtest.h>
#include <retrograd/attention.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>

#include <cmath>

#include "ops/samples.h"
#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

Array drawn(const Shape& shape, unsigned seed, DType dtype = DType::f64) {
  std::mt19937 generator(seed);
  return draw_direction({dtype, shape}, generator);
}

std::vector<double> numbers(const Array& x) { return values({x}, false)[0]; }

void expect_near(const Array& found, const Array& expected, double tolerance) {
  const std::vector<double> a = numbers(found), b = numbers(expected);
  ASSERT_EQ(found.shape(), expected.shape());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance * (1 + std::abs(b[i]))) << i;
}

// softmax(q k^T / sqrt(D)) v for each head, below the diagonal alone.
Array direct(const Array& q, const Array& k, const Array& v) {
  const std::int64_t T = q.shape()[1];
  const Array scores = einsum("nthd,nshd->nhts", {q, k}) / std::sqrt(static_cast<double>(q.shape()[3]));
  const Array place = cumulative_sum(ones(Shape{T}, DType::i32), 0);
  const Array seen = less_equal(reshape(place, {1, T}), reshape(place, {T, 1}));
  return einsum("nhts,nshd->nthd", {softmax(where(seen, scores, -1e9), 3), v});
}

// Sums of at most 130 terms near 1 in f64 (2e-16 each), f32 likewise (1.2e-7).
TEST(Attention, IsTheDirectFormInValueGradientAndSecondGradient) {
  for (const std::int64_t T : {1, 5, 67}) {
    const Array q = drawn({2, T, 3, 5}, 1), k = drawn({2, T, 3, 5}, 2), v = drawn({2, T, 3, 5}, 3);
    const auto both = [&](auto f) {
      const Array y = f(q, k, v);
      const std::vector<Array> first = gradients(sum(y * y), {q, k, v});
      std::vector<Array> all{y};
      Array slopes = zeros(Shape{}, DType::f64);
      for (const Array& d : first) {
        all.push_back(d);
        slopes = slopes + sum(square(d));
      }
      for (const Array& d : gradients(slopes, {q, k, v})) all.push_back(d);
      return all;
    };
    const auto found = both(
        [](const Array& a, const Array& b, const Array& c) { return attention(a, b, c, {.causal = true}); });
    const auto expected = both(direct);
    for (std::size_t i = 0; i < found.size(); ++i) expect_near(found[i], expected[i], 1e-11);
  }
}

TEST(Attention, InSinglePrecisionHasTheGradientsOfDouble) {
  const Array q = drawn({2, 70, 4, 8}, 1), k = drawn({2, 70, 2, 8}, 2), v = drawn({2, 70, 2, 6}, 3);
  const auto slopes = [](const Array& a, const Array& b, const Array& c) {
    return gradients(sum(square(attention(a, b, c, {.causal = true}))), {a, b, c});
  };
  const auto expected = slopes(q, k, v);
  const auto single = [](const Array& x) { return cast(x, DType::f32); };
  const Array a = single(q), b = single(k), c = single(v);
  const auto found = slopes(a, b, c);
  for (std::size_t i = 0; i < found.size(); ++i) expect_near(cast(found[i], DType::f64), expected[i], 2e-5);
}

TEST(Attention, AQueryThatSeesOneKeyGivesItsValue) {
  const Array q = drawn({1, 3, 1, 2}, 1), k = drawn({1, 4, 1, 2}, 2), v = drawn({1, 4, 1, 2}, 3);
  const Array lengths = Array::from(std::vector<std::int32_t>{1}, {1});
  const Array y = attention(q, k, v, {.lengths = lengths});
  expect_near(slice_axis(y, 1, 2, 3), slice_axis(v, 1, 0, 1), 1e-15);
}

TEST(Attention, MasksBroadcast) {
  const Array q = drawn({2, 3, 2, 4}, 1), k = drawn({2, 3, 2, 4}, 2), v = drawn({2, 3, 2, 4}, 3);
  const Array place = cumulative_sum(ones(Shape{3}, DType::i32), 0);
  const Array below = less_equal(reshape(place, {1, 3}), reshape(place, {3, 1}));
  expect_near(attention(q, k, v, {.mask = below}), attention(q, k, v, {.causal = true}), 1e-14);
}

TEST(Attention, NamesTheShapesThatDoNotFit) {
  const Array q = zeros({1, 2, 3, 4}), k = zeros({1, 2, 2, 4});
  try {
    attention(q, k, k);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::shape);
    EXPECT_STREQ(error.what(),
                 "attention: q f32[1, 2, 3, 4], k f32[1, 2, 2, 4], v f32[1, 2, 2, 4]; expected [N, T, H, D], "
                 "[N, S, H', D] and [N, S, H', V] with H a multiple of H'");
  }
}

TEST(Positions, SinusoidalRowsAreSinesAndCosines) {
  const std::vector<double> table = numbers(sinusoidal_positions(3, 4, DType::f64));
  const std::vector<double> expected{0,
                                     1,
                                     0,
                                     1,
                                     std::sin(1),
                                     std::cos(1),
                                     std::sin(.01),
                                     std::cos(.01),
                                     std::sin(2),
                                     std::cos(2),
                                     std::sin(.02),
                                     std::cos(.02)};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(table[i], expected[i], 1e-15);
}

// Rotations keep lengths, and products depend on the distance of positions alone.
TEST(Positions, RotaryProductsDependOnTheDistance) {
  const Array q = broadcast_to(drawn({1, 1, 1, 6}, 1), {1, 5, 1, 6});
  const Array k = broadcast_to(drawn({1, 1, 1, 6}, 2), {1, 5, 1, 6});
  const std::vector<double> products = numbers(einsum("nthd,nshd->ts", {rotary(q), rotary(k)}));
  EXPECT_NEAR(products[0 * 5 + 2], products[2 * 5 + 4], 1e-12);
  EXPECT_NEAR(products[3 * 5 + 1], products[4 * 5 + 2], 1e-12);
  EXPECT_GT(std::abs(products[0 * 5 + 2] - products[2 * 5 + 0]), 1e-3);
  expect_near(sum(square(rotary(q))), sum(square(q)), 1e-12);
  expect_near(slice_axis(rotary(q, 2), 1, 0, 3), slice_axis(rotary(q), 1, 2, 5), 1e-14);
}

}  // namespace
}  // namespace retrograd::testing
