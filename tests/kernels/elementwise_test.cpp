// Element-wise kernels: every function of kernels/elementwise/ within its declared error, at every length.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "kernels/harness.h"
#include "kernels/reference/scalar_functions.h"

namespace retrograd::kernels::testing {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// Half of them between -1 and 1, the others of any magnitude that `exponent` powers of two reach.
FloatOf wide_floats(std::uint32_t seed, int exponent) {
  return [=](std::int64_t i) {
    const float x = random_floats(seed)(i);
    if (i % 2 == 0) return x;
    return std::ldexp(x, static_cast<int>(random_floats(seed + 1000)(i) * static_cast<float>(exponent)));
  };
}

FloatOf special_floats(std::int64_t step) {
  static constexpr float values[] = {0.0f,    -0.0f,      1.0f,     -1.0f,    infinity, -infinity, nan,
                                     1e-40f,  -1e-40f,    1e-30f,   -1e-30f,  88.0f,    88.73f,    -88.0f,
                                     -103.0f, -104.0f,    1e4f,     -1e4f,    3.4e38f,  -3.4e38f,  0.5f,
                                     10.0f,   16.635532f, -17.329f, 1.17e-38f};
  return [=](std::int64_t i) { return values[static_cast<std::size_t>(i / step) % std::size(values)]; };
}

// The call of F on operands of one shape; booleans of a selection are 1, 0, 0, 1, 0, 0, ...
template <typename F>
Problem problem_of(const std::vector<Operand>& operands, const Shape& shape) {
  const DType result = F::form == Form::comparison ? DType::boolean : DType::f32;
  return problem(F::op, {}, operands, {output(shape, result)});
}

Operand condition(const Shape& shape, int skew) {
  Operand made = zeros(DType::boolean, shape, skew);
  for (std::size_t i = 0; i < made.as<std::uint8_t>().size(); ++i) made.as<std::uint8_t>()[i] = i % 3 == 0;
  return made;
}

// `first` and `second` are the values of the operands that are numbers.
template <typename F>
std::vector<Operand> operands_for(const Shape& shape, const FloatOf& first, const FloatOf& second, int skew) {
  std::vector<Operand> made;
  if (F::form == Form::selection) made.push_back(condition(shape, skew));
  made.push_back(floats(shape, first, skew));
  if (operands_of(F::form) > 1) made.push_back(floats(shape, second, skew));
  return made;
}

// F in double at the elements of the operands that the views show at `index`.
template <typename F>
double truth(const std::vector<Operand>& x, const std::array<std::int64_t, 3>& at) {
  const auto number = [&](std::size_t i) { return static_cast<double>(x[i].at(at[i])); };
  if constexpr (F::form == Form::selection) {
    return F()(x[0].as<bool>()[static_cast<std::size_t>(at[0])], number(1), number(2));
  } else if constexpr (operands_of(F::form) == 2) {
    return static_cast<double>(F()(number(0), number(1)));
  } else {
    return F()(number(0));
  }
}

// The largest error over all elements of shape [rows, columns].
template <typename F>
double largest_error(const std::vector<Operand>& operands, std::int64_t rows, std::int64_t columns,
                     int skew) {
  const Shape shape{rows, columns};
  const Problem made = problem_of<F>(operands, shape);
  const Outcome outcome = run_fast(made, skew);
  double largest = 0;
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    std::array<std::int64_t, 3> at{};
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const auto& strides = operands[k].view.layout.strides;
      at[k] = i / columns * strides[0] + i % columns * strides[1];
    }
    const double expected = truth<F>(operands, at);
    const float value =
        F::form == Form::comparison
            ? static_cast<float>(outcome.outputs[0].as<std::uint8_t>()[static_cast<std::size_t>(i)])
            : outcome.outputs[0].at(i);
    const double error = ulps(value, expected);
    largest = std::max(largest, error);
    if (error <= F::max_ulp) continue;
    ADD_FAILURE() << F::op << " at " << operands.back().at(at[operands.size() - 1]) << ": " << value
                  << " instead of " << expected << " (" << error << " ulp), " << rows << " x " << columns
                  << ", skew " << skew;
    return largest;
  }
  return largest;
}

template <typename F>
class ElementwiseKernels : public ::testing::Test {};

#define RETROGRAD_COMMA(Function) , reference::Function
template <typename Ignored, typename... F>
struct TypesOf {
  using Types = ::testing::Types<F...>;
};
using Functions = TypesOf<void RETROGRAD_ELEMENTWISE(RETROGRAD_COMMA)>::Types;
#undef RETROGRAD_COMMA
TYPED_TEST_SUITE(ElementwiseKernels, Functions);

// The reference kernel in f64 is the function itself, here beside the same in long double.
TYPED_TEST(ElementwiseKernels, FunctionsInDoubleAreWithinTheirError) {
  if (std::numeric_limits<long double>::digits < 60) GTEST_SKIP() << "long double is no wider than double";
  if (TypeParam::form == Form::comparison || TypeParam::form == Form::selection)
    return;  // they round nothing
  for (std::int64_t i = 0; i < 30'000; ++i) {
    const double a = wide_floats(3, 7)(i), b = wide_floats(4, 7)(i);
    const auto of = [&]<typename T>(T) -> T {
      if constexpr (operands_of(TypeParam::form) == 1) {
        return TypeParam()(static_cast<T>(a));
      } else if constexpr (operands_of(TypeParam::form) == 2) {
        return static_cast<T>(TypeParam()(static_cast<T>(a), static_cast<T>(b)));
      }
      return T{0};
    };
    const double found = of(double{});
    const long double truth = of(0.0L);
    if (!std::isfinite(found) || !(std::abs(truth) > 0x1p-1000L))
      continue;  // beyond the range, denormal or 0
    const long double unit = std::ldexp(1.0L, std::ilogb(truth) - 52);
    ASSERT_LE(std::abs(found - truth) / unit, TypeParam::max_ulp + 1e-3)
        << TypeParam::op << "(" << a << ", " << b << ")";
  }
}

TYPED_TEST(ElementwiseKernels, EveryLengthAndAlignment) {
  on_every_instruction_set([&] {
    for (std::int64_t length = 0; length <= 130; ++length) {
      const int skew = static_cast<int>(length % 5);
      const auto operands =
          operands_for<TypeParam>(Shape{1, length}, wide_floats(1, 6), wide_floats(2, 6), skew);
      largest_error<TypeParam>(operands, 1, length, (skew + 1) % 4);
      if (this->HasFailure()) return;
    }
  });
}

TYPED_TEST(ElementwiseKernels, StayWithinTheirErrorOverTheRange) {
  on_every_instruction_set([&] {
    const std::int64_t length = 30'000;
    // Up to 2^7, beyond which exp overflows; then over all magnitudes.
    for (int exponent : {7, 120}) {
      const auto operands =
          operands_for<TypeParam>(Shape{1, length}, wide_floats(3, exponent), wide_floats(4, exponent), 0);
      const double error = largest_error<TypeParam>(operands, 1, length, 0);
      if (exponent == 7) this->RecordProperty("largest_error_in_ulp", std::to_string(error));
    }
  });
}

TYPED_TEST(ElementwiseKernels, TakeEveryKindOfNumber) {
  on_every_instruction_set([&] {
    // Every pair of the special values.
    const std::int64_t values = 25;
    const auto operands =
        operands_for<TypeParam>(Shape{1, values * values}, special_floats(1), special_floats(values), 0);
    largest_error<TypeParam>(operands, 1, values * values, 0);
  });
}

TYPED_TEST(ElementwiseKernels, RowsColumnsAndSinglesAreRepeated) {
  on_every_instruction_set([&] {
    constexpr std::int64_t rows = 7, columns = 37;
    const Shape shape{rows, columns};
    const std::array<std::int64_t, 2> kinds[] = {{columns, 1}, {0, 1}, {1, 0}, {0, 0}};
    const auto whole = operands_for<TypeParam>(shape, wide_floats(5, 6), wide_floats(6, 6), 0);
    for (const auto& first : kinds) {
      for (const auto& second : kinds) {
        std::vector<Operand> operands = whole;
        operands.front() = seen_as(operands.front(), shape, {first[0], first[1]});
        operands.back() = seen_as(operands.back(), shape, {second[0], second[1]});
        largest_error<TypeParam>(operands, rows, columns, 1);
        if (this->HasFailure()) return;
      }
    }
  });
}

TYPED_TEST(ElementwiseKernels, MayOverwriteAnOperand) {
  const Shape shape{1, 77};
  const auto operands = operands_for<TypeParam>(shape, wide_floats(7, 6), wide_floats(8, 6), 0);
  const Problem made = problem_of<TypeParam>(operands, shape);
  if (TypeParam::form == Form::comparison) return;  // its bytes cannot take the place of floats
  const KernelDef& kernel = *fast_kernels(made.call).front();
  const Outcome expected = run(kernel, made);
  const std::size_t overwritten = operands.size() - 1;
  ASSERT_TRUE(kernel.in_place(made.call, overwritten));
  Problem own = made;
  const Choice choice = kernel.choose(own.call);
  std::vector<const std::byte*> in;
  for (const Operand& x : own.inputs) in.push_back(x.storage.data());
  std::byte* out = own.inputs[overwritten].storage.data();
  Fault fault;
  kernel.bind(own.call, choice)
      ->run({.inputs = in.data(), .outputs = &out, .scratch = nullptr, .workspace = nullptr, .fault = &fault},
            0);
  EXPECT_EQ(own.inputs[overwritten].storage, expected.outputs[0].storage);
}

TYPED_TEST(ElementwiseKernels, GiveTheSameBitsForAnyThreads) {
  const Shape shape{1, 100'003};
  expect_same_bits_for_any_threads(
      problem_of<TypeParam>(operands_for<TypeParam>(shape, wide_floats(9, 6), wide_floats(10, 6), 0), shape));
}

}  // namespace
}  // namespace retrograd::kernels::testing
