// Compiled functions: one plan for forward, backward and update; state; faults; steady state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/error.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/variable.h>

#include <cmath>
#include <functional>
#include <string>
#include <thread>

#include "core/buffer.h"
#include "runtime/allocations.h"

namespace retrograd {
namespace {

using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return std::string(name(error.kind())) + "| " + error.what();
  }
  return "no error";
}

TEST(Compile, OneCallIsForwardBackwardAndUpdate) {
  const Variable w(Array::of({1.0f, 2.0f}), "w");
  auto step = compile([&](Array x) {
    const Array E = 0.5 * sum(square(w.read() * x));
    w.set_next(w.read() - 0.1 * gradient(E, w.read()));
    return E;
  });
  const Array x = Array::of({1.0f, 3.0f});
  EXPECT_FLOAT_EQ(step(x).item<float>(), 0.5f * (1 + 36));
  EXPECT_THAT(w.read().to_vector<float>(),
              ::testing::ElementsAre(0.9f, ::testing::FloatEq(2.0f - 0.1f * 18)));
  EXPECT_FLOAT_EQ(step(x).item<float>(), 0.5f * (0.81f + 9 * 0.2f * 0.2f));
}

TEST(Compile, TracesOnceForEachSetOfInputTypes) {
  int traces = 0;
  auto twice = compile([&](Array x) {
    ++traces;
    return x * 2.0;
  });
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(twice(Array::of({1, 2})).to_vector<float>(), (std::vector<float>{2, 4}));
    EXPECT_EQ(twice(Array::of({1, 2, 3})).to_vector<float>(), (std::vector<float>{2, 4, 6}));
  }
  EXPECT_EQ(traces, 2);
  EXPECT_EQ(twice.plans(), 2u);
}

TEST(Compile, ReadsSeeTheValueAtTheStepsStart) {
  const Variable a(Array::of({1.0f}), "a");
  const Variable b(Array::of({2.0f}), "b");
  auto swap = compile([&] {
    a.set_next(b);
    b.set_next(a);
    return std::pair<Array, Array>(a.read() * 1.0, b.read());
  });
  const auto [a0, b0] = swap();
  EXPECT_EQ(a0.item<float>(), 1.0f);
  EXPECT_EQ(b0.item<float>(), 2.0f);
  EXPECT_EQ(a.read().item<float>(), 2.0f);
  EXPECT_EQ(b.read().item<float>(), 1.0f);
}

TEST(Compile, ASnapshotIsNotOverwritten) {
  const Variable w(Array::of({1.0f}), "w");
  auto step = compile([&] { w.set_next(w.read() + 1.0); });
  const std::shared_ptr<const Buffer> before = w.snapshot();
  const Array lazy = w.read() * 10.0;
  step();
  EXPECT_EQ(before->as<float>()[0], 1.0f);
  EXPECT_EQ(lazy.item<float>(), 10.0f);
  EXPECT_EQ(w.read().item<float>(), 2.0f);
}

TEST(Compile, NextGivesThePendingValue) {
  const Variable w(Array::of({1.0f}), "w");
  auto step = compile([&] {
    w.set_next(w.read() + 1.0);
    w.set_next(w.next() * 10.0);
  });
  step();
  EXPECT_EQ(w.read().item<float>(), 20.0f);
}

TEST(Compile, ASecondUpdateMustBuildOnTheFirst) {
  const Variable w(Array::of({1.0f}), "w");
  auto step = compile([&] {
    w.set_next(w.read() + 1.0);
    w.set_next(w.read() * 10.0);
  });
  EXPECT_THAT(message_of([&] { step(); }), HasSubstr("argument| set_next: variable w was updated before"));
  EXPECT_THAT(message_of([&] { w.set_next(w.read()); }), HasSubstr("only inside a compiled function"));
}

TEST(Compile, AFailedCheckLeavesVariablesAlone) {
  const Variable w(Array::of({1.0f}), "w");
  auto step = compile([&](Array labels) {
    const Array picked = sum(one_hot(labels, 3));
    w.set_next(w.read() + picked);
    return picked;
  });
  const std::vector<std::int32_t> bad{0, 7};
  EXPECT_THAT(message_of([&] { step(Array::from(bad, Shape{2})); }), HasSubstr("index 7 is out of range"));
  EXPECT_EQ(w.read().item<float>(), 1.0f);
  const std::vector<std::int32_t> good{0, 2};
  step(Array::from(good, Shape{2}));
  EXPECT_EQ(w.read().item<float>(), 3.0f);
}

TEST(Compile, DivergenceNamesTheOpAndTheModuleThatMadeTheFirstBadNumber) {
  const Variable w(Array::of({-1.0f}), "w");
  auto step = compile([&](Array x) {
    Array h;
    {
      const NameScope scope("encoder");
      h = log(w.read() * x);
    }
    const Array E = check_finite(sum(h * 2.0));
    w.set_next(w.read() - E);
    return E;
  });
  EXPECT_THAT(message_of([&] { step(Array::of({1.0f})); }), HasSubstr("diverged| encoder: log f32[1]"));
  EXPECT_EQ(w.read().item<float>(), -1.0f);
}

TEST(Compile, ACheckWhoseResultNobodyUsesStillCounts) {
  const Variable w(Array::of({-1.0f}), "w");
  auto step = compile([&](Array x) {
    const Array E = sum(log(w.read() * x));
    check_finite(E);
    w.set_next(w.read() - 1.0);
  });
  EXPECT_THAT(message_of([&] { step(Array::of({1.0f})); }), HasSubstr("diverged| log"));
  EXPECT_EQ(w.read().item<float>(), -1.0f);
  step(Array::of({-1.0f}));
  EXPECT_EQ(w.read().item<float>(), -2.0f);
}

TEST(Compile, ModeComesFromTheTrace) {
  const auto f = [](Array x) { return mode() == Mode::training ? x * 2.0 : x * 3.0; };
  auto training = compile(f);
  auto evaluation = compile(f, {.mode = Mode::evaluation});
  EXPECT_EQ(training(Array::of({1})).item<float>(), 2.0f);
  EXPECT_EQ(evaluation(Array::of({1})).item<float>(), 3.0f);
}

TEST(Compile, ACompiledFunctionInsideAnotherBecomesPartOfIt) {
  auto inner = compile([](Array x) { return x * 2.0; });
  auto outer = compile([&](Array x) { return gradient(sum(square(inner(x))), x); });
  EXPECT_EQ(outer(Array::of({3})).item<float>(), 24.0f);
}

TEST(Compile, LaterCallsAllocateNothing) {
#ifdef RETROGRAD_THREAD_SANITIZER
  GTEST_SKIP() << "the thread sanitizer has its own operator new";
#endif
  const Variable w(Array::from(std::vector<float>(12, 0.5f), Shape{4, 3}), "w");
  const Variable b(Array::of({0, 0, 0}), "b");
  auto step = compile([&](Array x, Array labels) {
    const Array logits = matmul(tanh(x), w) + b.read();
    const Array E = check_finite(mean(cross_entropy_with_logits(logits, labels)));
    const std::vector<Array> dE = gradients(E, {w.read(), b.read()});
    w.set_next(w.read() - 0.1 * dE[0]);
    b.set_next(b.read() - 0.1 * dE[1]);
    return E;
  });
  const Array x = Array::from(std::vector<float>(20, 0.25f), Shape{5, 4});
  const std::vector<std::int32_t> classes{0, 1, 2, 1, 0};
  const Array labels = Array::from(classes, Shape{5});
  float first = step(x, labels).item<float>();
  float last = step(x, labels).item<float>();
  const std::size_t before = testing::allocations();
  for (int i = 0; i < 100; ++i) {
    const Array E = step(x, labels);
    last = E.item<float>();
  }
  EXPECT_EQ(testing::allocations(), before);
  EXPECT_LT(last, first);
}

TEST(Compile, AResultThatIsHeldIsNotOverwritten) {
  const Variable w(Array::of({0.0f}), "w");
  auto step = compile([&] {
    w.set_next(w.read() + 1.0);
    return w.read() + 0.5;
  });
  const Array first = step();
  const Array second = step();
  EXPECT_EQ(first.item<float>(), 0.5f);
  EXPECT_EQ(second.item<float>(), 1.5f);
}

TEST(Compile, SeveralThreadsCanCallOneFunction) {
  auto f = compile([](Array x) { return sum(square(x)); }, {.mode = Mode::evaluation});
  std::vector<std::thread> threads;
  std::array<int, 4> wrong{};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const float v = static_cast<float>(t + 1);
        if (f(Array::of({v, v})).item<float>() != 2 * v * v) ++wrong[static_cast<std::size_t>(t)];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, ::testing::Each(0));
}

}  // namespace
}  // namespace retrograd
