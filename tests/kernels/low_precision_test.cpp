// Products of bf16 numbers with sums in f32: the kernels that the processor has for them beside the reference
// kernels, which widen their operands. Which steps of a plan take bf16 is tested in
// plan/low_precision_test.cpp.
#include "kernels/low_precision.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/attributes/convolution.h"
#include "core/bf16.h"
#include "kernels/harness.h"

namespace retrograd::kernels::testing {
namespace {

constexpr const char* missing = "this processor has neither avx512_bf16 nor amx_bf16";

bool multiplies_bf16() { return !std::string_view(bf16_instructions()).empty(); }

// Numbers of bf16, row-major; their sizes alone where `sizes`.
Operand bf16(const Shape& shape, std::uint32_t seed, bool sizes) {
  Operand made = zeros(DType::bf16, shape);
  const FloatOf draw = random_floats(seed);
  const std::span<std::uint16_t> numbers = made.as<std::uint16_t>();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const float number = draw(static_cast<std::int64_t>(i));
    numbers[i] = to_bf16(sizes ? std::abs(number) : number);
  }
  return made;
}

Operand matrix(std::int64_t rows, std::int64_t columns, bool transposed, std::uint32_t seed, bool sizes) {
  if (!transposed) return bf16(Shape{rows, columns}, seed, sizes);
  return seen_as(bf16(Shape{columns, rows}, seed, sizes), Shape{rows, columns}, {1, rows});
}

// The same problem on the sizes of its numbers, by which a sum of `terms` may be off: two orders of
// summation, each by at most terms u of the sum of sizes, u = 2^-24 (Higham 2002, 3.1). The bias and a slope
// of at most 1 add to it less than a term.
template <typename MakeProblem>
void expect_as_by_reference(double terms, MakeProblem make) {
  const Problem made = make(false), sizes = make(true);
  const Outcome expected = run(*reference_kernel(made.call), made);
  const Outcome bound = run(*reference_kernel(sizes.call), sizes);
  const std::vector<const KernelDef*> kernels = fast_kernels(made.call);
  ASSERT_FALSE(kernels.empty());
  for (const KernelDef* kernel : kernels) {
    const Outcome outcome = run(*kernel, made);
    for (std::int64_t i = 0; i < made.call.outputs[0].size(); ++i) {
      ASSERT_NEAR(outcome.outputs[0].at(i), expected.outputs[0].at(i),
                  2 * terms * 0x1p-24 * bound.outputs[0].at(i) + 1e-30)
          << kernel->backend << " at " << i;
    }
    expect_same_bits_for_any_threads(made);
  }
}

Problem product(std::int64_t M, std::int64_t K, std::int64_t N, bool a, bool b, bool sizes) {
  return problem("matmul", {}, {matrix(M, K, a, 1, sizes), matrix(K, N, b, 2, sizes)}, {output(Shape{M, N})});
}

TEST(Bf16Kernels, MultiplyMatricesAsTheReferenceDoes) {
  if (!multiplies_bf16()) GTEST_SKIP() << missing;
  using Extents = std::array<int, 3>;  // M, K, N
  for (const Extents& e : {Extents{1, 1, 1}, Extents{7, 33, 5}, Extents{65, 20, 64}, Extents{128, 300, 512},
                           Extents{300, 128, 100}}) {
    for (const bool a : {false, true}) {
      for (const bool b : {false, true}) {
        expect_as_by_reference(e[1], [&](bool sizes) { return product(e[0], e[1], e[2], a, b, sizes); });
      }
    }
  }
}

TEST(Bf16Kernels, MultiplyStacksOfMatricesAsTheReferenceDoes) {
  if (!multiplies_bf16()) GTEST_SKIP() << missing;
  expect_as_by_reference(48, [](bool sizes) {
    return problem("matmul", {}, {bf16(Shape{6, 30, 48}, 1, sizes), bf16(Shape{6, 48, 20}, 2, sizes)},
                   {output(Shape{6, 30, 20})});
  });
}

// Images with the channels last; kernels of 3 x 3.
TEST(Bf16Kernels, ConvolveAsTheReferenceDoes) {
  if (!multiplies_bf16()) GTEST_SKIP() << missing;
  const Shape image{5, 9, 8, 32}, weights{16, 32, 3, 3}, places{5, 9, 8, 16};
  attributes::Convolution a{{1, 1}, {1, 1}, {1, 1}, {1, 1}, 1, {}, true};
  expect_as_by_reference(9 * 32, [&](bool sizes) {
    return problem("convolution", a, {bf16(image, 1, sizes), bf16(weights, 2, sizes)}, {output(places)});
  });
  a.extents = {9, 8};
  expect_as_by_reference(9 * 16, [&](bool sizes) {
    return problem("convolution_input_gradient", a, {bf16(places, 1, sizes), bf16(weights, 2, sizes)},
                   {output(image)});
  });
  a.extents = {3, 3};
  expect_as_by_reference(5 * 9 * 8, [&](bool sizes) {
    return problem("convolution_weight_gradient", a, {bf16(image, 1, sizes), bf16(places, 2, sizes)},
                   {output(weights)});
  });
}

// A kernel in f32 would read bf16 as numbers of four bytes.
TEST(Bf16Kernels, AreThereOnlyWhereTheProcessorMultipliesBf16) {
  if (multiplies_bf16()) GTEST_SKIP() << "this processor has " << bf16_instructions();
  EXPECT_TRUE(fast_kernels(product(65, 20, 64, false, false, false).call).empty());
  EXPECT_TRUE(fast_kernels(product(7, 5, 9, false, false, false).call).empty());
  EXPECT_TRUE(
      fast_kernels(problem("matmul", {}, {bf16(Shape{6, 30, 48}, 1, false), bf16(Shape{6, 48, 20}, 2, false)},
                           {output(Shape{6, 30, 20})})
                       .call)
          .empty());
  const attributes::Convolution a{{1, 1}, {1, 1}, {1, 1}, {1, 1}, 1, {}, true};
  EXPECT_TRUE(fast_kernels(problem("convolution", a,
                                   {bf16(Shape{5, 9, 8, 32}, 1, false), bf16(Shape{16, 32, 3, 3}, 2, false)},
                                   {output(Shape{5, 9, 8, 16})})
                               .call)
                  .empty());
}

}  // namespace
}  // namespace retrograd::kernels::testing
