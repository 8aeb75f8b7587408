// Sums and maxima: against double, over layouts, lengths and numbers of threads.
#include "core/attributes/reduce.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/harness.h"

namespace retrograd::kernels::testing {
namespace {

// Over axis 1 of x [O, R, I].
Problem reduction(std::string_view op, std::int64_t O, std::int64_t R, std::int64_t I, const FloatOf& value,
                  int skew = 0) {
  return problem(op, attributes::Reduce{{1}, false}, {floats(Shape{O, R, I}, value, skew)},
                 {output(Shape{O, I})});
}

// A sum of R numbers in any order is off by at most R u sum |x|, u = 2^-24, to first order.
void expect_sums(std::int64_t O, std::int64_t R, std::int64_t I, int skew) {
  const Problem made = reduction("sum", O, R, I, random_floats(1), skew);
  const Outcome outcome = run_fast(made, skew);
  for (std::int64_t i = 0; i < O * I; ++i) {
    double sum = 0, size = 0;
    for (std::int64_t r = 0; r < R; ++r) {
      const double x = made.inputs[0].at((i / I * R + r) * I + i % I);
      sum += x;
      size += std::abs(x);
    }
    ASSERT_NEAR(outcome.outputs[0].at(i), sum, static_cast<double>(R) * 0x1p-24 * size)
        << O << " x " << R << " x " << I << " at " << i;
  }
}

void expect_maxima(std::int64_t O, std::int64_t R, std::int64_t I, int skew) {
  const Problem made = reduction("max", O, R, I, random_floats(2), skew);
  const Outcome outcome = run_fast(made, skew);
  for (std::int64_t i = 0; i < O * I; ++i) {
    float largest = -1;
    for (std::int64_t r = 0; r < R; ++r) {
      largest = std::max(largest, made.inputs[0].at((i / I * R + r) * I + i % I));
    }
    ASSERT_EQ(outcome.outputs[0].at(i), largest) << O << " x " << R << " x " << I << " at " << i;
  }
}

TEST(ReduceKernels, RowsOfEveryLength) {
  on_every_instruction_set([&] {
    for (std::int64_t length = 2; length <= 130; ++length) {
      expect_sums(3, length, 1, static_cast<int>(length % 4));
      expect_maxima(3, length, 1, static_cast<int>(length % 4));
    }
  });
}

TEST(ReduceKernels, ColumnsOfEveryNumber) {
  on_every_instruction_set([&] {
    for (std::int64_t columns = 2; columns <= 150; ++columns) {
      expect_sums(1, 5 + columns % 7, columns, static_cast<int>(columns % 4));
      expect_maxima(1, 5 + columns % 7, columns, static_cast<int>(columns % 4));
    }
  });
}

TEST(ReduceKernels, AxesInTheMiddle) {
  on_every_instruction_set([&] {
    expect_sums(4, 9, 21, 0);
    expect_maxima(4, 9, 21, 0);
    expect_sums(40, 30, 100, 0);
    expect_maxima(40, 30, 100, 0);
  });
}

TEST(ReduceKernels, LongAxesAreCutToo) {
  for (const auto& [O, R, I] : {std::array<std::int64_t, 3>{1, 200'000, 1},
                                {1, 30'000, 10},
                                {2, 50'000, 3},
                                {1, 128, 512},
                                {300, 700, 1}}) {
    expect_sums(O, R, I, 0);
    expect_maxima(O, R, I, 0);
  }
}

// A plain sum in f32 of 2^20 numbers 0.1 is off by about 1 %; of parts it is not.
TEST(ReduceKernels, LongSumsAreSumsOfParts) {
  on_every_instruction_set([&] {
    const auto tenth = [](std::int64_t) { return 0.1f; };
    const double expected = 0x1p20 * static_cast<double>(0.1f);
    EXPECT_NEAR(run_fast(reduction("sum", 1, 1 << 20, 1, tenth)).outputs[0].at(0), expected, 1e-5 * expected);
    EXPECT_NEAR(run_fast(reduction("sum", 1, 1 << 20, 2, tenth)).outputs[0].at(1), expected, 1e-5 * expected);
  });
}

TEST(ReduceKernels, NanIsTheLargestWhereverItStands) {
  on_every_instruction_set([&] {
    for (std::int64_t I : {1, 3, 70}) {
      for (std::int64_t at : {0, 1, 17, 68, 69}) {
        const auto value = [&](std::int64_t i) {
          return i == at * I ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(i % 100);
        };
        const Outcome outcome = run_fast(reduction("max", 1, 70, I, value));
        EXPECT_TRUE(std::isnan(outcome.outputs[0].at(0))) << I << " columns, NaN in row " << at;
        if (I > 1) {
          EXPECT_FALSE(std::isnan(outcome.outputs[0].at(1)));
        }
      }
    }
  });
}

TEST(ReduceKernels, TheMaximumMayBeMinusInfinity) {
  const auto value = [](std::int64_t) { return -std::numeric_limits<float>::infinity(); };
  EXPECT_EQ(run_fast(reduction("max", 1, 70, 1, value)).outputs[0].at(0), value(0));
  EXPECT_EQ(run_fast(reduction("max", 1, 70, 3, value)).outputs[0].at(2), value(0));
}

TEST(ReduceKernels, GiveTheSameBitsForAnyThreads) {
  for (std::string_view op : {"sum", "max"}) {
    for (const auto& [O, R, I] : {std::array<std::int64_t, 3>{1, 200'000, 1},
                                  {1, 30'000, 10},
                                  {1, 128, 512},
                                  {300, 700, 1},
                                  {5, 77, 200}}) {
      expect_same_bits_for_any_threads(reduction(op, O, R, I, random_floats(3)));
    }
  }
}

}  // namespace
}  // namespace retrograd::kernels::testing
