// A composite is what its expansion says: types, and values by whatever kernel serves the composite.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/samples.h"
#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

class Composites : public ::testing::TestWithParam<Case> {};

// Sums of few terms of size near 1: a fused kernel may round in other places than the expansion, by some
// units in the last place (6e-8 in f32, 1.1e-16 in f64).
TEST_P(Composites, AreTheirExpansions) {
  const Case& c = GetParam();
  for (DType floating : {DType::f32, DType::f64}) {
    const double tolerance = floating == DType::f32 ? 2e-6 : 1e-14;
    const std::vector<Array> inputs = draw(c, floating);
    const std::vector<Array> outputs = apply(*c.op, inputs, c.sample().attributes);
    const std::vector<Array> expanded = c.op->expand({inputs, c.sample().attributes});
    ASSERT_EQ(expanded.size(), outputs.size());
    const std::vector<std::vector<double>> expected = values(expanded, true);
    const std::vector<std::vector<double>> found = values(outputs, false);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      EXPECT_EQ(expanded[k].type(), outputs[k].type()) << k;
      for (std::size_t i = 0; i < expected[k].size(); ++i) {
        EXPECT_NEAR(found[k][i], expected[k][i], tolerance * (1.0 + std::abs(expected[k][i])))
            << k << ", " << i;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, Composites, ::testing::ValuesIn(cases_where([](const Case& c) {
                           return c.op->expand != nullptr;
                         })),
                         [](const auto& tested) { return name_of(tested.param); });

}  // namespace
}  // namespace retrograd::testing
