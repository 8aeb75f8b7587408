// The updates of Adam and of gradient descent with momentum, against their equations in double.
#include <gtest/gtest.h>

#include <cmath>

#include "core/attributes/adam_update.h"
#include "core/attributes/sgd_momentum_update.h"
#include "kernels/harness.h"

namespace retrograd::kernels::testing {
namespace {

using attributes::AdamUpdate;
using attributes::SgdMomentumUpdate;

constexpr float learning_rate = 0.01f, correction1 = 0.19f, correction2 = 0.002f;

Operand scalar(float value) {
  return floats(Shape{}, [=](std::int64_t) { return value; });
}
FloatOf positive(std::uint32_t seed) {
  return [value = random_floats(seed)](std::int64_t i) { return std::abs(value(i)); };
}

Problem adam(const AdamUpdate& constants, std::int64_t length, int skew = 0) {
  const Shape shape{length};
  return problem("adam_update", constants,
                 {floats(shape, random_floats(1), skew), floats(shape, random_floats(2), skew),
                  floats(shape, random_floats(3), skew), floats(shape, positive(4), skew),
                  scalar(learning_rate), scalar(correction1), scalar(correction2)},
                 {output(shape), output(shape), output(shape)});
}

Problem momentum(const SgdMomentumUpdate& constants, std::int64_t length, int skew = 0) {
  const Shape shape{length};
  return problem("sgd_momentum_update", constants,
                 {floats(shape, random_floats(1), skew), floats(shape, random_floats(2), skew),
                  floats(shape, random_floats(3), skew), scalar(learning_rate)},
                 {output(shape), output(shape)});
}

// Three roundings of numbers no larger than the terms.
double near(double a, double b) { return 3 * 0x1p-24 * (std::abs(a) + std::abs(b)); }

void expect_adam(const AdamUpdate& c, std::int64_t length, int skew) {
  const Problem made = adam(c, length, skew);
  const Outcome outcome = run_fast(made, skew);
  for (std::int64_t i = 0; i < length; ++i) {
    const double w = made.inputs[0].at(i), g = made.inputs[1].at(i);
    const double m = c.beta1 * made.inputs[2].at(i) + (1 - c.beta1) * g;
    const double v = c.beta2 * made.inputs[3].at(i) + (1 - c.beta2) * g * g;
    const double step = m / correction1 / (std::sqrt(v / correction2) + c.epsilon);
    const double direction = step + c.weight_decay * w;
    ASSERT_NEAR(outcome.outputs[1].at(i), m, near(made.inputs[2].at(i), g));
    ASSERT_NEAR(outcome.outputs[2].at(i), v, near(made.inputs[3].at(i), g * g));
    // m' may be the small difference of its terms; its error reaches the step in the same ratio.
    const double error_of_step = near(made.inputs[2].at(i), g) / std::abs(m) + 16 * 0x1p-24;
    const double tolerance =
        near(w, learning_rate * direction) + learning_rate * std::abs(step) * error_of_step;
    ASSERT_NEAR(outcome.outputs[0].at(i), w - learning_rate * direction, tolerance) << "element " << i;
  }
}

TEST(AdamKernel, FollowsItsEquationAtEveryLength) {
  on_every_instruction_set([&] {
    for (std::int64_t length = 1; length <= 130; ++length) {
      expect_adam({}, length, static_cast<int>(length % 4));
      expect_adam({.beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.1}, length, 0);
    }
    expect_adam({}, 100'000, 0);
  });
}

void expect_momentum(const SgdMomentumUpdate& c, std::int64_t length, int skew) {
  const Problem made = momentum(c, length, skew);
  const Outcome outcome = run_fast(made, skew);
  for (std::int64_t i = 0; i < length; ++i) {
    const double w = made.inputs[0].at(i);
    const double d = made.inputs[1].at(i) + c.weight_decay * w;
    const double u = c.momentum * made.inputs[2].at(i) + d;
    const double direction = c.nesterov ? d + c.momentum * u : u;
    ASSERT_NEAR(outcome.outputs[1].at(i), u, near(made.inputs[2].at(i), d) + near(made.inputs[1].at(i), w));
    ASSERT_NEAR(outcome.outputs[0].at(i), w - learning_rate * direction, near(w, learning_rate * 3));
  }
}

TEST(MomentumKernel, FollowsItsEquationAtEveryLength) {
  on_every_instruction_set([&] {
    for (std::int64_t length = 1; length <= 130; ++length) {
      expect_momentum({}, length, static_cast<int>(length % 4));
      expect_momentum({.momentum = 0.8, .nesterov = true, .weight_decay = 0.1}, length, 0);
    }
    expect_momentum({}, 100'000, 0);
  });
}

TEST(UpdateKernels, ReadGradientsOfAnyLayout) {
  // 30 x 50 elements; the gradient is stored by columns.
  for (const bool is_adam : {true, false}) {
    Problem made = is_adam ? adam({}, 1500) : momentum({}, 1500);
    const Outcome expected = run_fast(made);
    const Operand gradient = made.inputs[1];
    made.inputs[1] =
        seen_as(floats(Shape{1500}, [&](std::int64_t i) { return gradient.at(i % 30 * 50 + i / 30); }),
                Shape{30, 50}, {1, 30});
    for (std::size_t i = 0; i < 4; ++i) {
      if (i != 1 && made.inputs[i].view.size() > 1)
        made.inputs[i] = seen_as(made.inputs[i], Shape{30, 50}, {50, 1});
    }
    for (std::size_t i = 0; i < made.inputs.size(); ++i) made.call.inputs[i] = made.inputs[i].view;
    for (View& view : made.call.outputs) view = output(Shape{30, 50});
    const Outcome outcome = run_fast(made);
    for (std::size_t i = 0; i < outcome.outputs.size(); ++i) {
      EXPECT_EQ(outcome.outputs[i].storage, expected.outputs[i].storage) << made.call.op << " " << i;
    }
  }
}

TEST(UpdateKernels, WriteOverTheirOperandsAndLeaveOutUnusedOutputs) {
  const Problem made = adam({}, 77);
  const Outcome expected = run_fast(made);
  const KernelDef& kernel = *fast_kernels(made.call).front();
  for (std::size_t i : {0u, 2u, 3u}) ASSERT_TRUE(kernel.in_place(made.call, i));
  EXPECT_FALSE(kernel.in_place(made.call, 4));
  Problem own = made;
  std::vector<const std::byte*> in;
  for (const Operand& x : own.inputs) in.push_back(x.storage.data());
  std::byte* out[3] = {own.inputs[0].storage.data(), own.inputs[2].storage.data(), nullptr};
  Fault fault;
  kernel.bind(own.call, kernel.choose(own.call))
      ->run({.inputs = in.data(), .outputs = out, .scratch = nullptr, .workspace = nullptr, .fault = &fault},
            0);
  EXPECT_EQ(own.inputs[0].storage, expected.outputs[0].storage);
  EXPECT_EQ(own.inputs[2].storage, expected.outputs[1].storage);
  EXPECT_EQ(own.inputs[3].storage, made.inputs[3].storage);
}

TEST(UpdateKernels, GiveTheSameBitsForAnyThreads) {
  expect_same_bits_for_any_threads(adam({}, 100'003));
  expect_same_bits_for_any_threads(momentum({.nesterov = true}, 100'003));
}

}  // namespace
}  // namespace retrograd::kernels::testing
