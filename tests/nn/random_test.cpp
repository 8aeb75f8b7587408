// The random counter and dropout.
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>
#include <retrograd/random.h>

#include <cmath>
#include <vector>

#include "nn/expect_error.h"

namespace {

using namespace retrograd;
using Floats = std::vector<float>;
using Integers = std::vector<std::int64_t>;

Integers state(const Generator& generator) { return generator.variable().read().to_vector<std::int64_t>(); }

TEST(Generator, AdvancesOncePerStepHoweverOftenItIsUsed) {
  const Generator generator(9);
  auto draw = compile([&] {
    return std::pair<Array, Array>(uniform(generator.counter(), {4}), uniform(generator.counter(), {4}));
  });
  const auto [a, b] = draw();
  EXPECT_EQ(state(generator), (Integers{9, 1}));
  EXPECT_NE(a.to_vector<float>(), b.to_vector<float>());
  const auto [c, d] = draw();
  EXPECT_EQ(state(generator), (Integers{9, 2}));
  EXPECT_NE(a.to_vector<float>(), c.to_vector<float>());
}

TEST(Generator, AdvancesAtEveryCallOutsideATrace) {
  const Generator generator(9);
  const Array a = uniform(generator.counter(), {4});
  const Array b = uniform(generator.counter(), {4});
  EXPECT_NE(a.to_vector<float>(), b.to_vector<float>());
  EXPECT_EQ(state(generator), (Integers{9, 2}));
}

TEST(Generator, RepeatsItselfFromARestoredState) {
  Generator generator(3);
  auto draw = compile([&] { return uniform(generator.counter(), {100}); });
  draw();
  const Array saved = Array::from(state(generator), {2});
  const Floats first = draw().to_vector<float>();
  generator.variable().assign(saved);
  EXPECT_EQ(draw().to_vector<float>(), first);
  generator.seed(3);
  EXPECT_EQ(state(generator), (Integers{3, 0}));
}

TEST(GeneratorScope, NestsAndEnds) {
  const Generator a(1), b(2);
  const Generator* const before = &Generator::current();
  {
    const GeneratorScope outer(a);
    EXPECT_EQ(&Generator::current(), &a);
    {
      const GeneratorScope inner(b);
      EXPECT_EQ(&Generator::current(), &b);
    }
    EXPECT_EQ(&Generator::current(), &a);
  }
  EXPECT_EQ(&Generator::current(), before);
}

TEST(Dropout, IsTheIdentityInEvaluation) {
  const Array x = Array::of({1, 2, 3});
  EXPECT_TRUE(nn::Dropout(0.5)(x).same_as(x));
}

// Of 100,000 elements the kept number is within 5 deviations (0.0023 each) of 1 - p, except with probability
// 6e-7; the seed is fixed.
TEST(Dropout, ZeroesTheShareAndScalesTheRest) {
  const Generator generator(5);
  const GeneratorScope scope(generator);
  const nn::Dropout dropout(0.3);
  auto run = compile([&](const Array& x) { return dropout(x); });
  const Floats y = run(ones({1000, 100})).to_vector<float>();
  std::size_t kept = 0;
  for (const float value : y) {
    if (value != 0.0f) {
      EXPECT_FLOAT_EQ(value, static_cast<float>(1.0 / 0.7));
      ++kept;
    }
  }
  EXPECT_NEAR(static_cast<double>(kept) / 100000, 0.7, 0.0075);
  EXPECT_NE(run(ones({1000, 100})).to_vector<float>(), y);
}

TEST(Dropout, PassesTheGradientWhereItPassedTheValue) {
  const Generator generator(5);
  const GeneratorScope scope(generator);
  const nn::Dropout dropout(0.5);
  auto run = compile([&](const Array& x) {
    const Array y = dropout(x);
    return std::pair<Array, Array>(y, gradient(sum(y), x));
  });
  const auto [y, dx] = run(ones({64}));
  EXPECT_EQ(y.to_vector<float>(), dx.to_vector<float>());
}

TEST(Dropout, RefusesProbabilitiesOutsideItsRange) {
  for (const double p : {-0.1, 1.0, 2.0, std::nan("")}) {
    nn_test::expect_error(ErrorKind::argument, "expected 0 <= p < 1", [&] { nn::Dropout dropout(p); });
  }
}

}  // namespace
