// A user's recurrence: the loop written out, its gradients, what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/scan.h>
#include <retrograd/variable.h>

#include <cmath>
#include <functional>

#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return std::string(name(error.kind())) + "| " + error.what();
  }
  return "no error";
}

Array filled(const Shape& shape, double scale) {
  std::vector<double> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = scale * std::sin(1.0 + 0.7 * static_cast<double>(i));
  return Array::from(values, shape);
}

std::pair<Array, Array> add_up(const Array& s, const Array& x) { return {s + x, s * x}; }

TEST(Scan, CarriesFromStepToStepAndStacksTheOutputs) {
  const Array xs = reshape(Array::of({1, 2, 3, 4, 5, 6}), Shape{3, 2});
  const auto [last, ys] = scan(add_up, zeros({2}), xs);
  EXPECT_THAT(last.to_vector<float>(), ElementsAre(9, 12));
  EXPECT_EQ(ys.shape(), (Shape{3, 2}));
  EXPECT_THAT(ys.to_vector<float>(), ElementsAre(0, 0, 3, 8, 20, 36));
  const auto [first, reversed] = scan(add_up, zeros({2}), xs, {.reverse = true});
  EXPECT_THAT(first.to_vector<float>(), ElementsAre(9, 12));
  EXPECT_THAT(reversed.to_vector<float>(), ElementsAre(8, 20, 15, 24, 0, 0));
}

// h' = tanh(x w + h u), y = h' h: E, its gradients and those of their squares, by a scan or by a loop.
std::vector<Array> recurrence(const Array& xs, const Array& w, const Array& u, bool by_scan, bool again) {
  const Array zero = zeros({2, 3}, DType::f64);
  const auto step = [&](const Array& h, const Array& x) {
    const Array next = tanh(matmul(x, w) + matmul(h, u));
    return std::pair<Array, Array>(next, next * h);
  };
  Array h = zero, ys;
  if (by_scan) {
    std::tie(h, ys) = scan(step, zero, xs, {.checkpoint = again});
  } else {
    std::vector<Array> all;
    for (std::int64_t t = 0; t < xs.shape()[0]; ++t) {
      auto [next, y] = step(h, reshape(slice_axis(xs, 0, t, t + 1), Shape{2, 4}));
      h = next;
      all.push_back(y);
    }
    ys = stack(all, 0);
  }
  const Array E = sum(square(ys)) + sum(h);
  std::vector<Array> results{E};
  for (const Array& g : gradients(E, {xs, w, u})) results.push_back(g);
  const Array second = sum(square(results[1])) + sum(square(results[2])) + sum(square(results[3]));
  for (const Array& g : gradients(second, {xs, w, u})) results.push_back(g);
  return results;
}

TEST(Scan, ValuesGradientsAndSecondGradientsAreTheLoops) {
  const Array w = filled(Shape{4, 3}, 0.6), u = filled(Shape{3, 3}, 0.5);
  for (const std::int64_t length : {1, 2, 7}) {
    const Array xs = filled(Shape{length, 2, 4}, 1.0);
    const auto expected = values(recurrence(xs, w, u, false, false), true);
    EXPECT_EQ(values(recurrence(xs, w, u, true, false), true), expected) << length;
    const auto again = values(recurrence(xs, w, u, true, true), true);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(again[k], expected[k]) << length;
    // Second gradients add what was computed twice in another order.
    for (std::size_t k = 4; k < again.size(); ++k) {
      for (std::size_t i = 0; i < again[k].size(); ++i) EXPECT_NEAR(again[k][i], expected[k][i], 1e-12);
    }
  }
}

// E = sum_t w s_t with s_t = w + ... = (t + 1) w: E = w^2 (1 + 2 + 3).
TEST(Scan, GradientsReachVariablesThatTheStepReads) {
  const Variable w(Array::of({2.0f}), "w");
  auto slope = compile([&] {
    const auto step = [&](std::span<const Array> carry, std::span<const Array>) {
      const Array s = carry[0] + w.read();
      return ScanStep{{s}, {s * w.read()}};
    };
    const ScanStep all = scan(step, {zeros({1})}, {}, {.length = 3});
    return gradient(sum(all.ys[0]), w.read());
  });
  EXPECT_THAT(slope().to_vector<float>(), ElementsAre(2 * 2 * 6));
}

TEST(Scan, SeveralCarriesAndSequencesOfSeveralDtypes) {
  const Array a = Array::of({1, 2, 3});
  const Array n = Array::from(std::vector<std::int32_t>{4, 5, 6}, Shape{3});
  const auto step = [](std::span<const Array> carry, std::span<const Array> x) {
    return ScanStep{{carry[0] + x[1], carry[1] * x[0]}, {}};
  };
  const ScanStep all = scan(step, {scalar(0, DType::i32), scalar(1.0)}, {a, n});
  EXPECT_EQ(all.carry[0].item<std::int32_t>(), 15);
  EXPECT_EQ(all.carry[1].item<float>(), 6.0f);
  EXPECT_TRUE(all.ys.empty());
}

TEST(Scan, RefusesWhatChangesOrIsMissing) {
  const Array xs = reshape(Array::of({1, 2, 3, 4}), Shape{2, 2});
  const auto grows = [](const Array& s, const Array& x) {
    return std::pair<Array, Array>(concatenate({s, x}), x);
  };
  EXPECT_THAT(message_of([&] { scan(grows, zeros({2}), xs); }),
              HasSubstr("shape| scan: carry 0 is f32[4] at step 0; expected f32[2] as before"));
  const auto turns = [](const Array& s, const Array& x) {
    return std::pair<Array, Array>(cast(s, DType::f64), x);
  };
  EXPECT_THAT(message_of([&] { scan(turns, zeros({2}), xs); }), HasSubstr("dtype| scan: carry 0 is f64[2]"));
  const auto keeps = [](std::span<const Array> carry, std::span<const Array>) {
    return ScanStep{{carry.begin(), carry.end()}, {}};
  };
  EXPECT_THAT(message_of([&] { scan(keeps, {zeros({2})}, {}); }), HasSubstr("argument| scan: no sequence"));
  EXPECT_THAT(message_of([&] {
                scan(keeps, {zeros({2})}, {xs, zeros({3})});
              }),
              HasSubstr("shape| scan: sequence 1 is [3]; expected 2"));
  EXPECT_THAT(message_of([&] {
                scan(keeps, {zeros({2})}, {zeros({0, 2})});
              }),
              HasSubstr("sequences are empty"));
  EXPECT_THAT(message_of([&] { scan(keeps, {zeros({2})}, {scalar(1.0)}); }), HasSubstr("is a scalar"));
  const auto drops = [](std::span<const Array>, std::span<const Array>) { return ScanStep{}; };
  EXPECT_THAT(message_of([&] { scan(drops, {zeros({2})}, {xs}); }),
              HasSubstr("argument| scan: step 0 gave 0 arrays as carry; expected 1"));
}

}  // namespace
}  // namespace retrograd::testing
