// A user's recurrence: the loop written out, its gradients, what it refuses. What plans make of it is in
// tests/runtime/loop_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/scan.h>
#include <retrograd/tap.h>
#include <retrograd/variable.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

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

enum class Way { written_out, unrolled, loop };

// h' = tanh(x w + h u), y = h' h: E, its gradients and those of their squares.
std::vector<Array> recurrence(const Array& xs, const Array& w, const Array& u, Way way,
                              const ScanOptions& given = {}) {
  const Array zero = zeros({2, 3}, DType::f64);
  const auto step = [&](const Array& h, const Array& x) {
    const Array next = tanh(matmul(x, w) + matmul(h, u));
    return std::pair<Array, Array>(next, next * h);
  };
  Array h = zero, ys;
  if (way == Way::written_out) {
    std::vector<Array> all;
    for (std::int64_t t = 0; t < xs.shape()[0]; ++t) {
      auto [next, y] = step(h, reshape(slice_axis(xs, 0, t, t + 1), Shape{2, 4}));
      h = next;
      all.push_back(y);
    }
    ys = stack(all, 0);
  } else {
    ScanOptions options = given;
    options.unroll = way == Way::unrolled;
    std::tie(h, ys) = scan(step, zero, xs, options);
  }
  const Array E = sum(square(ys)) + sum(h);
  std::vector<Array> results{E};
  for (const Array& g : gradients(E, {xs, w, u})) results.push_back(g);
  const Array second = sum(square(results[1])) + sum(square(results[2])) + sum(square(results[3]));
  for (const Array& g : gradients(second, {xs, w, u})) results.push_back(g);
  return results;
}

// Values of at most 100 in f64, from sums of a few hundred terms in another order.
void expect_near(const std::vector<std::vector<double>>& found,
                 const std::vector<std::vector<double>>& expected, std::size_t from = 0) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = from; k < found.size(); ++k) {
    ASSERT_EQ(found[k].size(), expected[k].size());
    for (std::size_t i = 0; i < found[k].size(); ++i) {
      EXPECT_NEAR(found[k][i], expected[k][i], 1e-12 * (1 + std::abs(expected[k][i]))) << k << " " << i;
    }
  }
}

TEST(Scan, ValuesGradientsAndSecondGradientsAreTheLoops) {
  const Array w = filled(Shape{4, 3}, 0.6), u = filled(Shape{3, 3}, 0.5);
  for (const std::int64_t length : {1, 2, 7}) {
    SCOPED_TRACE(length);
    const Array xs = filled(Shape{length, 2, 4}, 1.0);
    const auto expected = values(recurrence(xs, w, u, Way::written_out), true);
    EXPECT_EQ(values(recurrence(xs, w, u, Way::unrolled), true), expected);
    for (const bool plain : {true, false}) {
      for (const bool again : {true, false}) {
        SCOPED_TRACE(again ? "again" : "kept");
        for (const Way way : {Way::unrolled, Way::loop}) {
          const auto found = values(recurrence(xs, w, u, way, {.checkpoint = again}), plain);
          // In plain plans a step adds as the loop written out does; second gradients add in another order.
          for (std::size_t k = 0; plain && k < 4; ++k) EXPECT_EQ(found[k], expected[k]) << k;
          expect_near(found, expected);
        }
      }
    }
  }
}

TEST(Scan, FromTheEndItIsTheLoopOverTheReversedSequence) {
  const Array xs = filled(Shape{5, 3}, 1.0);
  const auto results = [&](bool unroll) {
    const auto step = [](const Array& s, const Array& x) {
      const Array next = tanh(s * 0.5 + x);
      return std::pair<Array, Array>(next, next * x);
    };
    const auto [last, ys] = scan(step, zeros({3}, DType::f64), xs, {.reverse = true, .unroll = unroll});
    const Array E = sum(last) + sum(square(ys));
    return std::vector<Array>{E, ys, gradient(E, xs), gradient(sum(square(gradient(E, xs))), xs)};
  };
  expect_near(values(results(false), false), values(results(true), false));
}

// A sum of powers by a scan inside a scan; both read w from outside.
TEST(Scan, OneInsideAnotherHasTheGradientsOfTheLoops) {
  const Array xs = filled(Shape{4, 2}, 0.8), w = filled(Shape{2}, 0.7);
  const auto results = [&](bool unroll) {
    const ScanOptions options{.unroll = unroll}, inner_options{.length = 3, .unroll = unroll};
    const auto outer = [&](std::span<const Array> carry, std::span<const Array> x) {
      const auto inner = [&](std::span<const Array> power, std::span<const Array>) {
        return ScanStep{{power[0] * x[0] + w}, {}};
      };
      return ScanStep{{carry[0] + scan(inner, {carry[0]}, {}, inner_options).carry[0] * w}, {}};
    };
    const Array E = sum(scan(outer, {ones({2}, DType::f64)}, {xs}, options).carry[0]);
    std::vector<Array> all{E};
    for (const Array& g : gradients(E, {xs, w})) all.push_back(g);
    const Array second = sum(square(all[1])) + sum(square(all[2]));
    for (const Array& g : gradients(second, {xs, w})) all.push_back(g);
    return all;
  };
  const auto expected = values(results(true), true);
  expect_near(values(results(false), true), expected);
  expect_near(values(results(false), false), expected);
}

TEST(Scan, EachStepDrawsItsOwnNumbersAndAGradientTheSameAgain) {
  const Array counter = Array::from(std::vector<std::int64_t>{5, 7}, Shape{2});
  const Array xs = ones({50, 4});
  for (const bool again : {true, false}) {
    const auto step = [&](const Array& s, const Array& x) {
      const Array kept = x * cast(less(uniform(counter, Shape{4}), 0.5), DType::f32);
      return std::pair<Array, Array>(s + kept, kept);
    };
    const auto [last, ys] = scan(step, zeros({4}), xs, {.checkpoint = again});
    const auto found = values({ys, gradient(sum(last), xs)}, false);
    EXPECT_EQ(found[1], found[0]);  // the mask
    const double share = std::accumulate(found[0].begin(), found[0].end(), 0.0) / 200;
    EXPECT_NEAR(share, 0.5, 4 * std::sqrt(0.25 / 200));  // four deviations
    const auto row = [&](std::size_t t) {
      return std::vector<double>(&found[0][4 * t], &found[0][4 * t] + 4);
    };
    std::size_t equal = 0;
    for (std::size_t t = 1; t < 50; ++t) equal += row(t) == row(t - 1) ? 1 : 0;
    EXPECT_LE(equal, 12U);  // of 49 with a chance of 1/16 each: a chance below 1e-4 for more
  }
}

TEST(Scan, StepsOfAScanInsideAScanDrawDifferentNumbers) {
  const Array counter = Array::from(std::vector<std::int64_t>{5, 7}, Shape{2});
  const auto outer = [&](std::span<const Array>, std::span<const Array>) {
    const auto inner = [&](std::span<const Array>, std::span<const Array>) {
      return ScanStep{{}, {uniform(counter, Shape{})}};
    };
    return ScanStep{{}, scan(inner, {}, {}, {.length = 4}).ys};
  };
  std::vector<double> drawn = values({scan(outer, {}, {}, {.length = 5}).ys[0]}, false)[0];
  EXPECT_EQ(drawn.size(), 20U);
  std::sort(drawn.begin(), drawn.end());
  EXPECT_EQ(std::unique(drawn.begin(), drawn.end()), drawn.end());
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

TEST(Scan, ATransposedSequenceIsSlicedAlongItsFirstAxis) {
  const Array xs = filled(Shape{3, 5}, 1.0);
  const auto total = [](const Array& s, const Array& x) { return std::pair<Array, Array>(s + x, s * x); };
  const auto all = [&](bool unroll) {
    const auto [last, ys] = scan(total, zeros({3}, DType::f64), transpose(xs), {.unroll = unroll});
    return std::vector<Array>{last, ys, gradient(sum(ys), xs)};
  };
  expect_near(values(all(false), false), values(all(true), false));
}

TEST(Scan, AStepThatUpdatesAVariableByWhatItComputesIsRefused) {
  const Variable seen(Array::of({0, 0}), "seen");
  const auto trained = [&](bool unroll) {
    auto f = compile([&](const Array& xs) {
      return scan(
                 [&](const Array& s, const Array& x) {
                   seen.set_next(seen.next() + x);
                   return std::pair<Array, Array>(s + x, s);
                 },
                 zeros({2}), xs, {.unroll = unroll})
          .first;
    });
    return f(reshape(Array::of({1, 2, 3, 4}), Shape{2, 2}));
  };
  EXPECT_THAT(message_of([&] { trained(false); }),
              HasSubstr("argument| scan: the step updates variable seen with what it computes"));
  trained(true);
  EXPECT_THAT(seen.read().to_vector<float>(), ElementsAre(4, 6));
}

TEST(Scan, ATapInsideTheStepIsRefused) {
  auto f = compile([&](const Array& xs) {
    return scan([](const Array& s, const Array& x) { return std::pair(tap(s + x, "sum"), s); }, zeros({2}),
                xs)
        .first;
  });
  EXPECT_THAT(message_of([&] {
                f(reshape(Array::of({1, 2, 3, 4}), Shape{2, 2}));
              }),
              HasSubstr("argument| scan: tap \"sum\" is inside the step"));
}

// As nn's Generator does.
TEST(Scan, AnUpdateThatDoesNotDependOnTheStepHappensOnce) {
  const auto pair = [](std::int64_t seed, std::int64_t step) {
    return Array::from(std::vector<std::int64_t>{seed, step}, Shape{2});
  };
  const Variable counter(pair(3, 0), "counter");
  auto f = compile([&](const Array& xs) {
    const auto step = [&](const Array& s, const Array& x) {
      if (counter.next().same_as(counter.read())) counter.set_next(counter.read() + pair(0, 1));
      return std::pair<Array, Array>(s + x, uniform(counter.read(), Shape{}));
    };
    return scan(step, scalar(0.0), xs).second;
  });
  const std::vector<float> first = f(ones({3})).to_vector<float>(), second = f(ones({3})).to_vector<float>();
  EXPECT_NE(first, second);
  EXPECT_THAT(counter.read().to_vector<std::int64_t>(), ElementsAre(3, 2));
}

TEST(Scan, AnIndexOutOfRangeInsideIsFoundAndNothingIsUpdated) {
  const Variable steps(Array::of({0}), "steps");
  const Array table = Array::of({1, 2, 3});
  auto f = compile([&](const Array& indices) {
    steps.set_next(steps.read() + 1.0);
    const auto step = [&](const Array& s, const Array& i) {
      return std::pair<Array, Array>(s + take(table, i), s);
    };
    return scan(step, scalar(0.0), indices).first;
  });
  const auto indices = [](std::vector<std::int32_t> values) {
    return Array::from(values, Shape{static_cast<std::int64_t>(values.size())});
  };
  EXPECT_EQ(f(indices({0, 2, 1})).item<float>(), 6.0f);
  EXPECT_THAT(message_of([&] { f(indices({0, 7, 1})); }), HasSubstr("index 7 is out of range"));
  EXPECT_THAT(steps.read().to_vector<float>(), ElementsAre(1));
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
