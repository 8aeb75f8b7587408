// Values and gradients by name: what a compiled function shows of what it computed on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/tap.h>
#include <retrograd/variable.h>

#include <functional>

#include "runtime/allocations.h"

namespace retrograd {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return std::string(name(error.kind())) + "| " + error.what();
  }
  return "no error";
}

// E = sum (w x)^2 / 2, so dE/d(w x) = w x.
TEST(Tap, GivesTheValueAndTheGradientOfTheLastCall) {
  const Variable w(Array::of({1, 2}), "w");
  auto step = compile([&](Array x) {
    const Array y = tap(w.read() * x, "product");
    const Array E = 0.5 * sum(square(y));
    w.set_next(w.read() - 0.5 * gradient(E, w.read()));
    return E;
  });
  EXPECT_TRUE(step.taps().empty());
  step(Array::of({1, 3}));
  EXPECT_THAT(step.tap("product").value.to_vector<float>(), ElementsAre(1, 6));
  const Array kept = step.tap("product").gradient;
  EXPECT_THAT(kept.to_vector<float>(), ElementsAre(1, 6));
  EXPECT_THAT(w.read().to_vector<float>(), ElementsAre(0.5f, -7));
  step(Array::of({2, 1}));
  EXPECT_THAT(step.tap("product").gradient.to_vector<float>(), ElementsAre(1, -7));
  EXPECT_THAT(kept.to_vector<float>(), ElementsAre(1, 6));  // of the first call still
}

TEST(Tap, TheGradientIsTheSumOverAllUses) {
  auto f = compile([](Array x) {
    const Array y = tap(x * 2.0, "y");
    return gradient(sum(y * y) + sum(3.0 * y), x);
  });
  f(Array::of({1, 2}));
  EXPECT_THAT(f.tap("y").gradient.to_vector<float>(), ElementsAre(2 * 2 + 3, 2 * 4 + 3));
}

TEST(Tap, ChangesNoBitOfTheResultAndBreaksNoChain) {
  const auto chain = [](bool taps) {
    return compile([taps](Array x) {
      const Array y = tanh(x * 0.7);
      return exp((taps ? tap(y, "y") : y) - 1.0) * x;
    });
  };
  auto with = chain(true);
  auto without = chain(false);
  const Array x = Array::of({0.3f, -1.7f, 2.2f});
  EXPECT_EQ(with(x).to_vector<float>(), without(x).to_vector<float>());
  EXPECT_THAT(with.describe(), HasSubstr("multiply, tanh, subtract, exp, multiply"));
  EXPECT_THAT(with.tap("y").value.to_vector<float>()[0], FloatEq(std::tanh(0.3f * 0.7f)));
}

TEST(Tap, IsNamedAfterTheModulesInForce) {
  auto f = compile([](Array x) {
    const NameScope outer("net");
    const NameScope inner("linear_1");
    return tap(x, "in") + 1.0;
  });
  f(Array::of({1}));
  ASSERT_EQ(f.taps().size(), 1u);
  EXPECT_EQ(f.taps()[0].name, "net/linear_1/in");
  EXPECT_TRUE(f.taps()[0].gradient.empty());
  EXPECT_THAT(message_of([&] { f.tap("net/linear_2/in"); }), HasSubstr("did you mean \"net/linear_1/in\"?"));
}

TEST(Tap, OfAFunctionInsideOfAnotherIsTheOthers) {
  auto inner = compile([](Array x) { return tap(x * x, "square"); });
  auto outer = compile([&](Array x) { return gradient(sum(inner(x)), x); });
  outer(Array::of({3}));
  EXPECT_THAT(outer.tap("square").value.to_vector<float>(), ElementsAre(9));
  EXPECT_THAT(outer.tap("square").gradient.to_vector<float>(), ElementsAre(1));
  EXPECT_TRUE(inner.taps().empty());
}

TEST(Tap, TwoOfOneNameAreAnError) {
  auto f = compile([](Array x) { return tap(x, "a") + tap(x + 1.0, "a"); });
  EXPECT_THAT(message_of([&] { f(Array::of({1})); }), HasSubstr("argument| tap: two values"));
  EXPECT_THAT(message_of([] { tap(Array::of({1}), ""); }), HasSubstr("argument| tap: the name is empty"));
  EXPECT_THAT(message_of([] { tap(Array(), "a"); }), HasSubstr("argument| tap"));
}

TEST(Tap, OutsideOfATraceIsTheArrayItself) {
  const Array x = Array::of({1, 2});
  const Array y = tap(x, "y");
  EXPECT_THAT(y.to_vector<float>(), ElementsAre(1, 2));
  EXPECT_THAT(gradient(sum(square(tap(x, "y"))), x).to_vector<float>(), ElementsAre(2, 4));
}

TEST(Tap, LaterCallsAllocateNothing) {
  auto f = compile([](Array x) { return gradient(sum(square(tap(x * 2.0, "y"))), x); });
  const Array x = Array::of({1, 2, 3});
  f(x);
  f(x);
  const std::size_t before = testing::allocations();
  f(x);
  EXPECT_EQ(testing::allocations(), before);
}

}  // namespace
}  // namespace retrograd
