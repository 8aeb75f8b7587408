// softmax, log_softmax and the cross-entropy of logits, against double.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attributes/axis.h"
#include "kernels/harness.h"

namespace retrograd::kernels::testing {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

FloatOf logits(std::uint32_t seed) {
  return [value = random_floats(seed)](std::int64_t i) { return 20 * value(i); };
}

Problem rows(std::string_view op, std::int64_t N, std::int64_t K, const FloatOf& value, int skew = 0) {
  return problem(op, attributes::Axis{1}, {floats(Shape{N, K}, value, skew)}, {output(Shape{N, K})});
}

// Row n of x [N, K] in double.
struct Row {
  double largest = -infinity;
  double sum = 0;  // of exp(x - largest)
  Row(const Operand& x, std::int64_t n, std::int64_t K) {
    for (std::int64_t k = 0; k < K; ++k) largest = std::max<double>(largest, x.at(n * K + k));
    for (std::int64_t k = 0; k < K; ++k) sum += std::exp(x.at(n * K + k) - largest);
  }
};

// x - largest is off by half an ulp of itself, which the exponential turns into a relative error of |x -
// largest| 2^-24; on top of it come 1 ulp of the exponential, the sum's rounding and half an ulp of the
// division.
double relative_tolerance(double distance, std::int64_t K) {
  return (distance + 20 + 4 + static_cast<double>(K) / 4) * 0x1p-24;
}

void expect_softmax(std::int64_t N, std::int64_t K, int skew) {
  const Problem made = rows("softmax", N, K, logits(1), skew);
  const Outcome outcome = run_fast(made, skew);
  for (std::int64_t i = 0; i < N * K; ++i) {
    const Row row(made.inputs[0], i / K, K);
    const double distance = row.largest - made.inputs[0].at(i);
    const double expected = std::exp(-distance) / row.sum;
    ASSERT_NEAR(outcome.outputs[0].at(i), expected, relative_tolerance(distance, K) * expected)
        << N << " x " << K << " at " << i;
  }
}

void expect_log_softmax(std::int64_t N, std::int64_t K, int skew) {
  const Problem made = rows("log_softmax", N, K, logits(2), skew);
  const Outcome outcome = run_fast(made, skew);
  for (std::int64_t i = 0; i < N * K; ++i) {
    const Row row(made.inputs[0], i / K, K);
    const double distance = row.largest - made.inputs[0].at(i);
    const double expected = -distance - std::log(row.sum);
    // Two roundings of numbers no larger than these, and the sum's relative error.
    const double tolerance = 2 * 0x1p-24 * (distance + std::log(row.sum)) + relative_tolerance(20, K);
    ASSERT_NEAR(outcome.outputs[0].at(i), expected, tolerance) << N << " x " << K << " at " << i;
  }
}

TEST(SoftmaxKernels, RowsOfEveryLength) {
  on_every_instruction_set([&] {
    for (std::int64_t K = 1; K <= 70; ++K) {
      expect_softmax(3, K, static_cast<int>(K % 4));
      expect_log_softmax(3, K, static_cast<int>(K % 4));
    }
    expect_softmax(2, 5000, 0);
    expect_log_softmax(2, 5000, 0);
  });
}

TEST(SoftmaxKernels, RowsSumToOne) {
  const Outcome outcome = run_fast(rows("softmax", 40, 33, logits(3)));
  for (std::int64_t n = 0; n < 40; ++n) {
    double sum = 0;
    for (std::int64_t k = 0; k < 33; ++k) sum += outcome.outputs[0].at(n * 33 + k);
    EXPECT_NEAR(sum, 1.0, 34 * 0x1p-24);  // each element within an ulp or so of its share
  }
}

TEST(SoftmaxKernels, NothingOverflows) {
  const auto huge = [](std::int64_t i) { return i % 20 == 3 ? 3e38f : -3e38f; };
  const Outcome outcome = run_fast(rows("softmax", 2, 20, huge));
  for (std::int64_t i = 0; i < 40; ++i) EXPECT_EQ(outcome.outputs[0].at(i), i % 20 == 3 ? 1.0f : 0.0f);
}

TEST(SoftmaxKernels, ANanSpoilsItsRowAlone) {
  on_every_instruction_set([&] {
    for (std::int64_t K : {1, 10, 16, 40}) {
      for (std::int64_t at : {std::int64_t{0}, K - 1}) {
        const auto value = [&](std::int64_t i) { return i == at ? nan : 1.0f; };
        for (std::string_view op : {"softmax", "log_softmax"}) {
          const Outcome outcome = run_fast(rows(op, 2, K, value));
          for (std::int64_t i = 0; i < 2 * K; ++i) EXPECT_EQ(std::isnan(outcome.outputs[0].at(i)), i < K);
        }
      }
    }
  });
}

TEST(SoftmaxKernels, MinusInfinityHasNoShare) {
  const auto value = [](std::int64_t i) { return i == 1 ? -infinity : 0.0f; };
  const Outcome outcome = run_fast(rows("softmax", 1, 5, value));
  EXPECT_EQ(outcome.outputs[0].at(1), 0.0f);
  EXPECT_EQ(outcome.outputs[0].at(0), 0.25f);
}

TEST(SoftmaxKernels, GiveTheSameBitsForAnyThreads) {
  for (std::string_view op : {"softmax", "log_softmax"}) {
    expect_same_bits_for_any_threads(rows(op, 3001, 10, logits(4)));
    expect_same_bits_for_any_threads(rows(op, 7, 10'007, logits(5)));
  }
}

// Labels are 7 n mod K.
Problem cross_entropy(std::int64_t N, std::int64_t K, DType dtype, const FloatOf& value) {
  std::vector<std::int64_t> labels;
  for (std::int64_t n = 0; n < N; ++n) labels.push_back(7 * n % K);
  return problem("cross_entropy_with_logits", {}, {floats(Shape{N, K}, value), integers(dtype, labels)},
                 {output(Shape{N})});
}

TEST(CrossEntropyKernel, IsTheNegativeLogOfTheShareOfTheLabel) {
  on_every_instruction_set([&] {
    for (DType dtype : {DType::i32, DType::i64}) {
      for (std::int64_t K : {1, 2, 10, 16, 17, 100}) {
        constexpr std::int64_t N = 70;
        const Problem made = cross_entropy(N, K, dtype, logits(6));
        const Outcome outcome = run_fast(made);
        EXPECT_EQ(outcome.fault, Fault::Kind::none);
        for (std::int64_t n = 0; n < N; ++n) {
          const Row row(made.inputs[0], n, K);
          const double distance = row.largest - made.inputs[0].at(n * K + 7 * n % K);
          const double expected = distance + std::log(row.sum);
          ASSERT_NEAR(outcome.outputs[0].at(n), expected, 2 * 0x1p-24 * expected + relative_tolerance(20, K));
        }
      }
    }
  });
}

TEST(CrossEntropyKernel, ReadsLogitsOfAnyLayout) {
  Problem made = cross_entropy(12, 20, DType::i32, logits(7));
  const Outcome expected = run_fast(made);
  Operand columns =
      floats(Shape{20, 12}, [&](std::int64_t i) { return made.inputs[0].at(i % 12 * 20 + i / 12); });
  made.inputs[0] = seen_as(columns, Shape{12, 20}, {1, 12});
  made.call.inputs[0] = made.inputs[0].view;
  EXPECT_EQ(run_fast(made).outputs[0].storage, expected.outputs[0].storage);
}

TEST(CrossEntropyKernel, ALabelOutOfRangeIsAFault) {
  for (std::int64_t label : {-1, 10, 1'000'000}) {
    Problem made = cross_entropy(5, 10, DType::i32, logits(8));
    made.inputs[1].as<std::int32_t>()[3] = static_cast<std::int32_t>(label);
    const Outcome outcome = run_fast(made);
    EXPECT_EQ(outcome.fault, Fault::Kind::index_out_of_range);
    EXPECT_EQ(outcome.fault_value, label);
  }
}

TEST(CrossEntropyKernel, GivesTheSameBitsForAnyThreads) {
  expect_same_bits_for_any_threads(cross_entropy(5000, 10, DType::i32, logits(9)));
}

}  // namespace
}  // namespace retrograd::kernels::testing
