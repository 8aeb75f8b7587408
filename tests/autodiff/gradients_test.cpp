// Gradients: totals, errors, higher orders, long chains. Every op's own rule is tested over the table in
// tests/ops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <retrograd/error.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>

#include <functional>
#include <string>

namespace retrograd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return std::string(name(error.kind())) + "| " + error.what();
  }
  return "no error";
}

TEST(Gradients, AreTotalOverAllPaths) {
  const Array x = scalar(3.0);
  const Array y = square(x);
  const Array E = y * x;  // x^3
  const std::vector<Array> dE = gradients(E, {x, y});
  EXPECT_EQ(dE[0].item<float>(), 27.0f);
  EXPECT_EQ(dE[1].item<float>(), 3.0f);
}

TEST(Gradients, CanBeDifferentiatedAgain) {
  const Array x = scalar(2.0, DType::f64);
  const Array first = gradient(x * x * x, x);
  const Array second = gradient(first, x);
  const Array third = gradient(second, x);
  EXPECT_EQ(second.item<double>(), 12.0);
  EXPECT_EQ(third.item<double>(), 6.0);
}

TEST(Gradients, WantAScalar) {
  const Array x = Array::of({1, 2});
  EXPECT_THAT(message_of([&] { gradient(x * 2.0, x); }), HasSubstr("shape| gradients: the error must be"));
}

TEST(Gradients, AnUnreachedTargetIsAnErrorUnlessAllowed) {
  const Array x = Array::of({1, 2});
  const Array y = Array::of({1, 2});
  EXPECT_THAT(message_of([&] { gradient(sum(x), y); }),
              HasSubstr("argument| gradients: the result does not depend"));
  EXPECT_THAT(gradient(sum(x), y, {.allow_unused = true}).to_vector<float>(), ElementsAre(0, 0));
}

TEST(Gradients, OfAnEvaluatedErrorSayThatItsGraphIsCut) {
  const Array x = Array::of({1, 2});
  const Array E = sum(square(x));
  eval({E});
  EXPECT_THAT(message_of([&] { gradient(E, x); }), HasSubstr("evaluated already"));
}

TEST(Gradients, AnIntegerTargetIsAnError) {
  const std::vector<std::int64_t> values{1, 2};
  const Array x = Array::from(values, Shape{2});
  EXPECT_THAT(message_of([&] { gradient(scalar(1.0), x); }),
              HasSubstr("dtype| gradients: target 0 is i64[2]"));
}

TEST(Gradients, StopGradientStops) {
  const Array x = scalar(3.0);
  EXPECT_EQ(gradient(stop_gradient(x) * x, x).item<float>(), 3.0f);
}

TEST(Vjp, OfALinearMapIsItsTranspose) {
  const Array a = Array::from(std::vector<float>{1, 2, 3, 4, 5, 6}, Shape{2, 3});
  const Array x = Array::from(std::vector<float>{1, 1, 1}, Shape{3, 1});
  const Array outputs[] = {matmul(a, x)};
  const Array inputs[] = {x};
  const Array cotangents[] = {Array::from(std::vector<float>{1, 10}, Shape{2, 1})};
  EXPECT_THAT(vjp(outputs, inputs, cotangents)[0].to_vector<float>(), ElementsAre(41, 52, 63));
}

TEST(Jvp, OfALinearMapIsTheMap) {
  const Array a = Array::from(std::vector<float>{1, 2, 3, 4, 5, 6}, Shape{2, 3});
  const Array x = Array::from(std::vector<float>{1, 1, 1}, Shape{3, 1});
  const Array outputs[] = {square(matmul(a, x))};
  const Array inputs[] = {x};
  const Array tangents[] = {Array::from(std::vector<float>{1, 0, 2}, Shape{3, 1})};
  // d (a x)^2 = 2 (a x) (a v) with a x = (6, 15), a v = (7, 16)
  EXPECT_THAT(jvp(outputs, inputs, tangents)[0].to_vector<float>(), ElementsAre(84, 480));
}

// Builds, differentiates and drops y = x c c ... c (1,000,000 products).
void* long_chain(void* passed) {
  constexpr int length = 1'000'000;
  const Array c = Array::from(std::vector<float>{1.0f}, Shape{});
  Array y = Array::from(std::vector<float>{1.0f}, Shape{});
  const Array first = y;
  for (int i = 0; i < length; ++i) y = y * c;
  Array dy = gradient(y, first);
  *static_cast<bool*>(passed) = !dy.empty() && dy.shape() == Shape{};
  return nullptr;
}

TEST(Gradients, AChainOfAMillionNodesNeedsNoDeepStack) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
  bool passed = false;
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, long_chain, &passed), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  EXPECT_TRUE(passed);
}

}  // namespace
}  // namespace retrograd
