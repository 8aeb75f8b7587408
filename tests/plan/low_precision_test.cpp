// Products of bf16 numbers: which steps round what, how often, and what the values are then. The fast kernels
// on bf16 themselves are tested in kernels/matmul_test.cpp.
#include "kernels/low_precision.h"

#include <gtest/gtest.h>
#include <retrograd/attention.h>
#include <retrograd/compile.h>
#include <retrograd/convolution.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/variable.h>

#include <cmath>
#include <set>

#include "core/bf16.h"
#include "plan/plan.h"
#include "runtime/plans.h"

namespace retrograd::plan {
namespace {

std::vector<float> waves(const Shape& shape, double phase) {
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(std::sin(1.3 * static_cast<double>(i) + phase));
  return values;
}

Array numbers(const Shape& shape, double phase) { return Array::from(waves(shape, phase), shape); }

std::shared_ptr<const Plan> plan_of(const std::vector<Array>& outputs, bool plain = false, bool low = true) {
  return make_plan({}, outputs, {}, {.plain = plain, .low_precision = low});
}

std::vector<double> values_of(const std::shared_ptr<const Plan>& plan, std::size_t output = 0) {
  return testing::as_doubles(plan->results[output], testing::run(plan)[output]);
}

// The steps that round to bf16.
std::vector<const PlannedStep*> roundings(const Plan& plan) {
  std::vector<const PlannedStep*> found;
  for (const auto* steps : {&plan.once, &plan.steps}) {
    for (const PlannedStep& step : *steps) {
      if (step.op->name == "cast" && step.call.outputs[0].dtype == DType::bf16) found.push_back(&step);
    }
  }
  return found;
}

double rounded(float value) { return from_bf16(to_bf16(value)); }

// Each product of two numbers of bf16 is exact in f32; a sum of K of them, in any order, is off by at most
// K 2^-24 of the sum of their magnitudes, to first order.
TEST(LowPrecision, AProductIsThatOfRoundedOperandsWithSumsInF32) {
  struct Sizes {
    std::int64_t M, K, N;
  };
  for (const auto& [M, K, N] : {Sizes{7, 50, 9}, Sizes{64, 300, 200}, Sizes{1, 1, 1}}) {
    const std::vector<float> a = waves({M, K}, 0.1), b = waves({K, N}, 0.2);
    const Array product = matmul(Array::from(a, {M, K}), Array::from(b, {K, N}));
    for (const bool plain : {false, true}) {
      const std::vector<double> y = values_of(plan_of({product}, plain));
      double distance_of_exact = 0;
      for (std::int64_t m = 0; m < M; ++m) {
        for (std::int64_t n = 0; n < N; ++n) {
          double sum = 0, magnitude = 0, exact = 0;
          for (std::int64_t k = 0; k < K; ++k) {
            const float x = a[static_cast<std::size_t>(m * K + k)],
                        w = b[static_cast<std::size_t>(k * N + n)];
            sum += rounded(x) * rounded(w);
            magnitude += std::abs(rounded(x) * rounded(w));
            exact += static_cast<double>(x) * w;
          }
          EXPECT_NEAR(y[static_cast<std::size_t>(m * N + n)], sum,
                      static_cast<double>(K) * 0x1p-24 * magnitude + 1e-30);
          distance_of_exact = std::max(distance_of_exact, std::abs(sum - exact) / magnitude);
        }
      }
      EXPECT_GT(distance_of_exact, 1e-4) << "the numbers of the test are not those of bf16 already";
    }
  }
}

// In bf16 the sum would stop at 256, and its result be even.
TEST(LowPrecision, SumsAndResultsHaveTheDigitsOfF32) {
  const std::vector<float> ones(4097, 1.0f);
  const Array product = matmul(Array::from(ones, {1, 4097}), Array::from(ones, {4097, 1}));
  for (const bool plain : {false, true}) EXPECT_EQ(values_of(plan_of({product}, plain))[0], 4097);
}

TEST(LowPrecision, IsForThosePlansAloneThatAskForIt) {
  const Array product = matmul(numbers({7, 50}, 0.1), numbers({50, 9}, 0.2));
  EXPECT_TRUE(roundings(*plan_of({product}, false, false)).empty());
  EXPECT_TRUE(roundings(*plan_of({product}, true, false)).empty());
  EXPECT_NE(values_of(plan_of({product}, false, false)), values_of(plan_of({product})));
}

TEST(LowPrecision, LeavesOtherOpsAndOtherDtypesAsTheyAre) {
  const Array x = numbers({6, 8}, 0.3), w = numbers({8, 5}, 0.4);
  const std::vector<Array> outputs{softmax(x), sum(x), exp(x) * x, mean(square(x), 1),
                                   matmul(cast(x, DType::f64), cast(w, DType::f64))};
  const auto plan = plan_of(outputs), full = plan_of(outputs, false, false);
  EXPECT_TRUE(roundings(*plan).empty());
  for (std::size_t i = 0; i < outputs.size(); ++i) EXPECT_EQ(values_of(plan, i), values_of(full, i)) << i;
}

// Forward product and both gradients read x, w and dy, as they lie or transposed.
TEST(LowPrecision, RoundsEachValueOnceForAllItsReaders) {
  const Array x = numbers({40, 30}, 0.1), w = numbers({30, 20}, 0.2);
  const Array y = matmul(x, w);
  std::vector<Array> outputs =
      vjp(std::vector<Array>{y}, std::vector<Array>{x, w}, std::vector<Array>{tanh(numbers({40, 20}, 0.5))});
  outputs.push_back(y);
  EXPECT_EQ(roundings(*plan_of(outputs)).size(), 3u);
}

TEST(LowPrecision, GivesBf16ToKernelsThatMultiplyItAndElseF32) {
  const auto plan = plan_of({matmul(numbers({40, 30}, 0.1), numbers({30, 20}, 0.2))});
  const bool multiplies = !std::string_view(kernels::bf16_instructions()).empty();
  const PlannedStep& product = plan->steps.back();
  ASSERT_EQ(product.op->name, "matmul");
  EXPECT_NE(product.kernel->backend, "reference");
  for (const kernels::View& factor : product.call.inputs) {
    EXPECT_EQ(factor.dtype, multiplies ? DType::bf16 : DType::f32);
  }
  EXPECT_EQ(product.call.outputs[0].dtype, DType::f32);
}

TEST(LowPrecision, BiasAndActivationStayWithTheProductInF32) {
  const Array y = relu(matmul(numbers({40, 30}, 0.1), numbers({30, 20}, 0.2)) + numbers({20}, 0.3));
  const auto plan = plan_of({y});
  const PlannedStep& product = plan->steps.back();
  ASSERT_EQ(product.op->name, "matmul");
  EXPECT_EQ(product.call.epilogue.size(), 2u);
  EXPECT_EQ(product.call.inputs.back().dtype, DType::f32);
  EXPECT_EQ(roundings(*plan).size(), 2u);
}

// The same numbers as a convolution of operands that were rounded before, for the gradients too. Images and
// kernels of 3 x 3 with 4 channels: sums of at most 36 terms forward, 8 * 100 for the weights; magnitudes are
// at most 1.
TEST(LowPrecision, ConvolutionsAndTheirGradientsRoundTheirOperands) {
  const auto round = [](const Array& x) { return cast(cast(x, DType::bf16), DType::f32); };
  const Array x = numbers({8, 4, 10, 10}, 0.1), w = numbers({6, 4, 3, 3}, 0.2),
              dy = numbers({8, 6, 8, 8}, 0.3);
  const auto outputs = [&](const Array& image, const Array& weights, const Array& slope) {
    const Array y = convolution(image, weights);
    std::vector<Array> all =
        vjp(std::vector<Array>{y}, std::vector<Array>{image, weights}, std::vector<Array>{slope});
    all.push_back(y);
    return all;
  };
  const auto plan = plan_of(outputs(x, w, dy));
  const auto wanted = plan_of(outputs(round(x), round(w), round(dy)), true, false);
  EXPECT_EQ(roundings(*plan).size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<double> a = values_of(plan, i), b = values_of(wanted, i);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t j = 0; j < a.size(); ++j) EXPECT_NEAR(a[j], b[j], 800 * 2 * 0x1p-24) << i;
  }
}

// Its sums and its softmax are one kernel in f32; so are they where it is taken apart.
TEST(LowPrecision, ACompositeWithoutTheTraitKeepsItsPrecisionInItsParts) {
  const Array q = numbers({2, 9, 2, 8}, 0.1), k = numbers({2, 9, 2, 8}, 0.2), v = numbers({2, 9, 2, 8}, 0.3);
  const std::vector<Array> outputs{attention(q, k, v)};
  for (const bool plain : {false, true}) {
    const auto plan = plan_of(outputs, plain);
    EXPECT_TRUE(roundings(*plan).empty());
    EXPECT_EQ(values_of(plan), values_of(plan_of(outputs, plain, false)));
  }
}

// A recomputation rounds again what it reads, so that nothing is kept for it.
TEST(LowPrecision, ARecomputationRoundsAnew) {
  const Array x = numbers({6, 8}, 0.3), w = numbers({8, 5}, 0.4);
  const Array once = matmul(x, w), again = matmul(x, w);
  again.node()->region = new_region();
  EXPECT_EQ(roundings(*plan_of({tanh(once), exp(again)})).size(), 4u);
}

TEST(LowPrecision, ChangesBelowTheDigitsOfBf16ReachTheParameters) {
  const Variable w(Array::from(std::vector<float>(12, 1.0f), {4, 3}), "w");
  auto step = compile(
      [&](Array x) {
        const Array E = sum(matmul(x, w.read()));
        w.set_next(w.read() - 0x1p-12 * gradient(E, w.read()));
        return E;
      },
      {.precision = Precision::bf16_forced});
  const Array x = Array::from(std::vector<float>(8, 0.5f), {2, 4});
  EXPECT_EQ(step(x).item<float>(), 12.0f);
  // dE/dw = 1; near 1 numbers of bf16 are 2^-8 apart or more.
  for (const float value : w.read().to_vector<float>()) EXPECT_EQ(value, 1.0f - 0x1p-12f);
  EXPECT_NE(step.describe().find("-> arena+0 bf16["), std::string::npos) << step.describe();
}

}  // namespace
}  // namespace retrograd::plan
