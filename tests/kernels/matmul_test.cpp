// Matrix products: against sums in double, for every kernel that can do them.
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/harness.h"

namespace retrograd::kernels::testing {
namespace {

struct Sizes {
  std::int64_t M, K, N;
};

// [rows, columns], rows `gap` elements further apart than they are long; transposed: stored by columns.
Operand matrix(std::int64_t rows, std::int64_t columns, bool transposed, std::int64_t gap,
               std::uint32_t seed) {
  if (transposed) {
    return seen_as(floats(Shape{columns, rows + gap}, random_floats(seed)), Shape{rows, columns},
                   {1, rows + gap});
  }
  return seen_as(floats(Shape{rows, columns + gap}, random_floats(seed)), Shape{rows, columns},
                 {columns + gap, 1});
}

float element(const Operand& x, std::int64_t row, std::int64_t column) {
  return x.at(row * x.view.layout.strides[0] + column * x.view.layout.strides[1]);
}

double activated(std::string_view activation, double x) {
  if (activation == "relu") return x > 0 ? x : 0;
  if (activation == "sigmoid") return 1 / (1 + std::exp(-x));
  if (activation == "tanh") return std::tanh(x);
  return x;
}

Problem product(const Sizes& s, bool a_transposed, bool b_transposed, std::int64_t gap = 0) {
  return problem("matmul", {},
                 {matrix(s.M, s.K, a_transposed, gap, 1), matrix(s.K, s.N, b_transposed, gap, 2)},
                 {output(Shape{s.M, s.N})});
}

void add_epilogue(Problem& made, bool bias, std::string_view activation) {
  const std::int64_t N = made.call.outputs[0].shape()[1];
  if (bias) {
    made.inputs.push_back(seen_as(floats(Shape{N}, random_floats(3)), made.call.outputs[0].shape(), {0, 1}));
    made.call.inputs.push_back(made.inputs.back().view);
    made.call.epilogue.push_back({"add", 2});
  }
  if (!activation.empty()) made.call.epilogue.push_back({activation, -1});
}

// A sum of n products, in any order and with or without fused steps, is off by at most n u sum |a b| with
// u = 2^-24 (to first order); none of the activations has a slope above 1, and their own error is 4 ulp.
void expect_right(const Problem& made, std::string_view activation, bool bias) {
  const Shape& shape = made.call.outputs[0].shape();
  const std::int64_t K = made.call.inputs[0].shape()[1];
  const std::vector<const KernelDef*> kernels = fast_kernels(made.call);
  ASSERT_FALSE(kernels.empty());
  for (const KernelDef* kernel : kernels) {
    const Outcome outcome = run(*kernel, made);
    for (std::int64_t i = 0; i < shape.size(); ++i) {
      const std::int64_t m = i / shape[1], n = i % shape[1];
      double sum = bias ? made.inputs[2].at(n) : 0.0;
      double size = std::abs(sum);
      for (std::int64_t k = 0; k < K; ++k) {
        const double term =
            static_cast<double>(element(made.inputs[0], m, k)) * element(made.inputs[1], k, n);
        sum += term;
        size += std::abs(term);
      }
      const double expected = activated(activation, sum);
      const double tolerance = static_cast<double>(K + 1) * 0x1p-24 * size + 4 * 0x1p-23 * std::abs(expected);
      ASSERT_NEAR(outcome.outputs[0].at(i), expected, tolerance)
          << kernel->backend << " [" << shape[0] << ", " << K << ", " << shape[1] << "] at " << m << ", "
          << n;
    }
  }
}

TEST(MatmulKernels, SizesAroundTheVectorWidth) {
  on_every_instruction_set([&] {
    for (std::int64_t M : {1, 2, 5, 12, 13, 25}) {
      for (std::int64_t K : {1, 3, 16, 17}) {
        for (std::int64_t N : {1, 4, 8, 15, 16, 17, 31, 32, 33, 47, 65}) {
          expect_right(product({M, K, N}, false, false), "", false);
        }
      }
    }
  });
}

TEST(MatmulKernels, TransposedAndPaddedOperands) {
  on_every_instruction_set([&] {
    for (const Sizes& sizes : {Sizes{1, 1, 1}, Sizes{1, 7, 5}, Sizes{7, 1, 5}, Sizes{7, 5, 1},
                               Sizes{10, 33, 30}, Sizes{65, 20, 64}, Sizes{130, 70, 257}}) {
      for (bool a : {false, true}) {
        for (bool b : {false, true}) {
          for (std::int64_t gap : {0, 3}) expect_right(product(sizes, a, b, gap), "", false);
        }
      }
    }
  });
}

TEST(MatmulKernels, BiasAndActivationOnTheWayOut) {
  for (const Sizes& sizes : {Sizes{10, 84, 30}, Sizes{3, 5, 7}, Sizes{130, 100, 300}}) {
    for (bool bias : {false, true}) {
      for (std::string_view activation : {"", "relu", "sigmoid", "tanh"}) {
        Problem made = product(sizes, false, false);
        add_epilogue(made, bias, activation);
        expect_right(made, activation, bias);
      }
    }
  }
}

TEST(MatmulKernels, LargeProductsInEveryUse) {
  expect_right(product({128, 300, 512}, false, false), "", false);
  expect_right(product({128, 512, 300}, false, true), "", false);
  expect_right(product({300, 128, 512}, true, false), "", false);
}

TEST(MatmulKernels, NaNAndInfinityPass) {
  Problem made = product({4, 6, 20}, false, false);
  made.inputs[0].as<float>()[0] = std::numeric_limits<float>::quiet_NaN();
  made.inputs[0].as<float>()[6] = std::numeric_limits<float>::infinity();
  for (const KernelDef* kernel : fast_kernels(made.call)) {
    const Outcome outcome = run(*kernel, made);
    for (std::int64_t n = 0; n < 20; ++n) {
      EXPECT_TRUE(std::isnan(outcome.outputs[0].at(n)));
      EXPECT_TRUE(std::isinf(outcome.outputs[0].at(20 + n)));
      EXPECT_TRUE(std::isfinite(outcome.outputs[0].at(40 + n)));
    }
  }
}

TEST(MatmulKernels, GiveTheSameBitsForAnyThreads) {
  for (const Sizes& sizes :
       {Sizes{10, 784, 30}, Sizes{64, 128, 64}, Sizes{128, 784, 512}, Sizes{100, 1000, 10}}) {
    for (bool a : {false, true}) {
      for (bool b : {false, true}) {
        Problem made = product(sizes, a, b);
        add_epilogue(made, true, "sigmoid");
        expect_same_bits_for_any_threads(made);
      }
    }
  }
}

}  // namespace
}  // namespace retrograd::kernels::testing
