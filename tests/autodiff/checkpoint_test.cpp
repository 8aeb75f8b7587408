// Segments under checkpoint: the same bits as without, in less memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/checkpoint.h>
#include <retrograd/compile.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/tap.h>
#include <retrograd/variable.h>

#include <algorithm>
#include <cmath>

#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

using Numbers = std::vector<std::vector<double>>;

Array filled(const Shape& shape, float scale, DType dtype = DType::f32) {
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = scale * std::sin(1.0f + 0.7f * static_cast<float>(i));
  }
  const Array array = Array::from(values, shape);
  return dtype == DType::f32 ? array : cast(array, dtype);
}

// x + 0.5 tanh(x w) dropout(x w) * x: x and w are used more than once.
Array block(const Array& x, const Array& w, const Array& counter) {
  const Array z = matmul(x, w);
  const Array mask = cast(less(uniform(counter, z.shape()), 0.8), z.dtype());
  return x + 0.5 * tanh(z) * mask * (x + z);
}

// E, dE/dx and dE/dw of three blocks, each under checkpoint where `how` says so.
enum class How { plainly, each, nested };

Array blocks(const Array& x, const Array& w, const Array& counter, How how) {
  const auto one = [&](const Array& a) { return block(a, w, counter); };
  const auto maybe = [&](const Array& a) { return how == How::plainly ? one(a) : checkpoint(one)(a); };
  const auto two = [&](const Array& a) { return maybe(maybe(a)); };
  const Array both = how == How::nested ? checkpoint(two)(x) : two(x);
  return sum(square(maybe(both)));
}

// The ordinals of random ops count from the start of a trace.
Numbers values_in_trace(How how, DType dtype, bool plain, int order) {
  TraceState trace;
  const TraceScope scope(trace, Mode::training);
  const Array x = filled(Shape{5, 7}, 1.0f, dtype);
  const Array w = filled(Shape{7, 7}, 0.4f, dtype);
  const std::vector<std::int64_t> seed{3, 1};
  const Array E = blocks(x, w, Array::from(seed, Shape{2}), how);
  std::vector<Array> results{E};
  for (const Array& g : gradients(E, {x, w})) results.push_back(g);
  if (order == 2) {
    for (const Array& g : gradients(sum(square(results[1])) + sum(results[2]), {x, w})) results.push_back(g);
  }
  return values(results, plain);
}

TEST(Checkpoint, GradientsAreTheSameToTheBit) {
  for (bool plain : {true, false}) {
    const Numbers expected = values_in_trace(How::plainly, DType::f32, plain, 1);
    EXPECT_EQ(values_in_trace(How::each, DType::f32, plain, 1), expected);
    EXPECT_EQ(values_in_trace(How::nested, DType::f32, plain, 1), expected);
  }
}

// Recomputed values are other nodes than the kept ones, so that a second sweep adds in another order.
TEST(Checkpoint, SecondGradientsAreTheSame) {
  const Numbers expected = values_in_trace(How::plainly, DType::f64, true, 2);
  for (How how : {How::each, How::nested}) {
    const Numbers found = values_in_trace(how, DType::f64, true, 2);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) {
      for (std::size_t i = 0; i < found[k].size(); ++i) {
        EXPECT_NEAR(found[k][i], expected[k][i], 1e-11 * (1.0 + std::abs(expected[k][i])));
      }
    }
  }
}

std::ptrdiff_t count(const plan::Plan& plan, std::string_view op) {
  return std::count_if(plan.steps.begin(), plan.steps.end(), [&](const plan::PlannedStep& step) {
    return plan::ops_of(step).find(op) != std::string::npos;
  });
}

// A chain of `layers` layers tanh(x w) in segments of `each` layers (0: none), and the plan of its gradient.
std::shared_ptr<const plan::Plan> deep_plan(int layers, int each, const Shape& shape) {
  const Array input = filled(shape, 1.0f);
  std::vector<Array> weights;
  for (int k = 0; k < layers; ++k) weights.push_back(filled(Shape{shape[1], shape[1]}, 0.1f));
  Array x = input;
  for (int k = 0; k < layers; k += std::max(each, 1)) {
    const auto segment = [&](Array a) {
      for (int i = k; i < std::min(layers, k + std::max(each, 1)); ++i)
        a = tanh(matmul(a, weights[static_cast<std::size_t>(i)]));
      return a;
    };
    x = each == 0 ? segment(x) : checkpoint(segment)(x);
  }
  const Array E = sum(square(x));
  std::vector<Array> results = gradients(E, weights);
  return plan::make_plan({}, results, {}, {});
}

TEST(Checkpoint, TheInsideIsComputedAgain) {
  const auto kept = deep_plan(4, 0, Shape{8, 8});
  const auto again = deep_plan(4, 2, Shape{8, 8});
  // Forward 4, backward 4 for the weights and 3 for the inputs; of each segment of two layers both again.
  EXPECT_EQ(count(*kept, "matmul"), 11);
  EXPECT_EQ(count(*again, "matmul"), 15);
  EXPECT_EQ(count(*again, "tanh") - count(*kept, "tanh"), 4);
}

// n layers keep n activations; in segments of k, n / k borders and the k of one segment. Beside them stand a
// few of the sweep itself (cotangent, product): at most 4.
TEST(Checkpoint, TheArenaFallsWithTheNumberOfSegments) {
  const Shape shape{512, 32};
  const double activation = 512 * 32 * 4;
  const auto kept = deep_plan(32, 0, shape);
  EXPECT_GE(static_cast<double>(kept->arena_bytes), 31 * activation);
  for (int each : {2, 4, 6, 8, 16}) {
    const auto again = deep_plan(32, each, shape);
    const double segments = std::ceil(32.0 / each);
    EXPECT_LE(static_cast<double>(again->arena_bytes), (segments + each + 4) * activation) << each;
  }
}

TEST(Checkpoint, AStepOfTrainingUpdatesAndChecksOnce) {
  const Variable w(Array::of({0.5f, -0.5f}), "w");
  const Variable calls(Array::of({0.0f}), "calls");
  auto step = compile([&](Array x) {
    const auto inside = checkpoint([&](const Array& a) {
      calls.set_next(calls.next() + 1.0);
      return tap(check_finite(tanh(a * w.read())), "inside");
    });
    const Array E = sum(square(inside(x)));
    w.set_next(w.read() - gradient(E, w.read()));
    return E;
  });
  step(Array::of({1, 2}));
  EXPECT_EQ(calls.read().item<float>(), 1.0f);
  const float y = std::tanh(0.5f);
  EXPECT_FLOAT_EQ(w.read().to_vector<float>()[0], 0.5f - 2.0f * y * (1.0f - y * y));
  EXPECT_FLOAT_EQ(step.tap("inside").gradient.to_vector<float>()[0], 2.0f * y);
  EXPECT_THROW(step(Array::of({NAN, 1})), Error);
  EXPECT_EQ(calls.read().item<float>(), 1.0f);
}

TEST(Checkpoint, GradientsOfValuesInsideAreThoseOfTheGraph) {
  const Array x = Array::of({1, 2});
  Array inside;
  const auto f = checkpoint([&](const Array& a) { return square(inside = a * 3.0); });
  const Array E = sum(f(x));
  const std::vector<Array> found = gradients(E, {inside, x});
  EXPECT_EQ(found[0].to_vector<float>(), (std::vector<float>{6, 12}));
  EXPECT_EQ(found[1].to_vector<float>(), (std::vector<float>{18, 36}));
}

TEST(Checkpoint, ALongSegmentIsCopiedWithoutRecursion) {
  const Array x = Array::of({0.5f});
  const Array y = checkpoint([](Array a) {
    for (int i = 0; i < 200000; ++i) a = negative(a);
    return square(a);
  })(x);
  EXPECT_FALSE(gradient(sum(y), x).empty());
}

TEST(Checkpoint, AnErrorInsideLeavesTheScope) {
  const Array x = Array::of({1, 2});
  const auto bad = checkpoint([](const Array& a) { return matmul(a, a); });
  EXPECT_THROW(bad(x), Error);
  EXPECT_EQ(current_segment(), nullptr);
}

// Each of two inputs that are one array has its own part of the gradient.
TEST(Gradients, OfACompositeOfOneArrayTwiceAreNotCountedTwice) {
  const Array x = Array::of({2.0f});
  // d x^x = x^x (ln x + 1)
  EXPECT_FLOAT_EQ(gradient(sum(pow(x, x)), x).item<float>(), 4.0f * (std::log(2.0f) + 1.0f));
}

}  // namespace
}  // namespace retrograd::testing
