// An op with a kernel of its own, defined outside the library.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>
#include <retrograd/kernel.h>
#include <retrograd/ops.h>

#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

using ::testing::ElementsAre;

// The name of an op of the library, which is another op all the same.
struct Scale {
  double factor = 1.0;
  template <class F>
  void fields(F& f) const {
    f("factor", factor);
  }
};

template <typename T>
void scale(const KernelArgs& args) noexcept {
  const auto factor = static_cast<T>(args.attributes().as<Scale>().factor);
  for (std::size_t i = 0; i < args.out<T>().size(); ++i) args.out<T>()[i] = factor * args.in<T>()[i];
}

void scale_kernel(const KernelArgs& args) noexcept {
  scale<float>(args);
  scale<double>(args);
}

std::vector<TensorType> same(const ShapeArgs& args) { return {args.inputs[0]}; }

Array scaled(const Array& x, double factor);

constinit const OpDef scale_op{
    .name = "softmax",
    .summary = "A number times x.",
    .equation = "y = c x",
    .latex = "y = c x",
    .source = "Elementary",
    .shape = same,
    .vjp =
        +[](const VjpArgs& v) { return std::vector<Array>{scaled(v.dy(), v.attributes.as<Scale>().factor)}; },
    .kernel = scale_kernel};

Array scaled(const Array& x, double factor) { return apply1(scale_op, {x}, Scale{factor}); }

TEST(OwnOp, ItsKernelRunsInBothKindsOfPlan) {
  const Array x = Array::of({1, 2, 3});
  for (bool plain : {false, true}) {
    EXPECT_THAT(values({scaled(x, 2.0)}, plain)[0], ElementsAre(2, 4, 6));
    EXPECT_THAT(values({scaled(cast(x, DType::f64), 0.1)}, plain)[0], ElementsAre(0.1, 0.2, 0.1 * 3));
  }
}

TEST(OwnOp, GetsItsInputsInRowMajorOrder) {
  const Array x = reshape(Array::of({1, 2, 3, 4, 5, 6}), Shape{2, 3});
  EXPECT_THAT(values({scaled(transpose(x), 2.0)}, false)[0], ElementsAre(2, 8, 4, 10, 6, 12));
  EXPECT_THAT(values({scaled(broadcast_to(Array::of({1, 2}), Shape{2, 2}), 3.0)}, false)[0],
              ElementsAre(3, 6, 3, 6));
}

TEST(OwnOp, IsDifferentiatedByItsRule) {
  const Array x = Array::of({1, 2, 3});
  EXPECT_THAT(gradient(sum(square(scaled(x, 2.0))), x).to_vector<float>(), ElementsAre(8, 16, 24));
}

TEST(OwnOp, RunsInACompiledStepBesideOthers) {
  auto f = compile([](Array x) { return exp(scaled(x + 1.0, 0.0)) + x; });
  for (int call = 0; call < 2; ++call) {
    EXPECT_THAT(f(Array::of({1, 2})).to_vector<float>(), ElementsAre(2, 3));
  }
}

// As a dtype that the kernel does not write leaves nothing to be read.
TEST(OwnOp, OperandsOfAnotherDtypeAreEmpty) {
  float number = 1;
  const KernelOperand operand[] = {{Shape{}, DType::f32, &number}, {Shape{}, DType::f32, nullptr}};
  const Attributes none;
  const KernelArgs args({operand, 1}, operand, none);
  EXPECT_EQ(args.in<float>().size(), 1u);
  EXPECT_TRUE(args.in<double>().empty());
  EXPECT_TRUE(args.out<double>(0).empty());
  EXPECT_TRUE(args.out<float>(1).empty());
  EXPECT_EQ(args.out_dtype(1), DType::f32);
  EXPECT_EQ(args.inputs(), 1u);
}

}  // namespace
}  // namespace retrograd::testing
