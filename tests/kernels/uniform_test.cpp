// Random numbers: the fast kernel against the reference kernel, to the bit.
#include "core/attributes/uniform.h"

#include <gtest/gtest.h>

#include "kernels/harness.h"

namespace retrograd::kernels::testing {
namespace {

Problem uniform(std::int64_t length, std::int64_t seed, std::int64_t step, std::int64_t ordinal) {
  return problem("uniform", attributes::Uniform{Shape{length}, ordinal}, {integers(DType::i64, {seed, step})},
                 {output(Shape{length})});
}

void expect_reference_bits(const Problem& made, int skew) {
  const Outcome expected = run(*reference_kernel(made.call), made);
  EXPECT_EQ(run_fast(made, skew).outputs[0].storage, expected.outputs[0].storage)
      << made.call.outputs[0].size() << " elements";
}

TEST(UniformKernel, GivesTheBitsOfTheReference) {
  on_every_instruction_set([&] {
    for (std::int64_t length = 1; length <= 200; ++length) {
      expect_reference_bits(uniform(length, 5, 7, 1), static_cast<int>(length % 4));
    }
    expect_reference_bits(uniform(100'001, 1, 2, 3), 0);
    expect_reference_bits(uniform(1000, -1, std::int64_t{1} << 40, 0xffffffff), 0);
  });
}

TEST(UniformKernel, LiesBetweenZeroAndOneWithTheMomentsOfTheUniform) {
  const std::int64_t length = 100'000;
  const Outcome outcome = run_fast(uniform(length, 11, 0, 0));
  double sum = 0, squares = 0;
  for (float x : outcome.outputs[0].as<float>()) {
    ASSERT_GE(x, 0.0f);
    ASSERT_LT(x, 1.0f);
    sum += x;
    squares += static_cast<double>(x) * x;
  }
  // Five standard errors of the mean of x (sqrt(1/12 / n)) and of x^2 (sqrt(4/45 / n)).
  EXPECT_NEAR(sum / length, 0.5, 5 * 0.2887 / 316.2);
  EXPECT_NEAR(squares / length, 1.0 / 3, 5 * 0.2981 / 316.2);
}

TEST(UniformKernel, GivesTheSameBitsForAnyThreads) {
  expect_same_bits_for_any_threads(uniform(100'003, 3, 4, 5));
}

}  // namespace
}  // namespace retrograd::kernels::testing
