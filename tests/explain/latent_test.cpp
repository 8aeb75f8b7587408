// Models whose layers hand in penalties beside central differences.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/explain.h>
#include <retrograd/model_text.h>

#include <cmath>
#include <vector>

namespace {

namespace rg = retrograd;

rg::Array rows() {
  std::vector<float> x;
  for (int i = 0; i < 30; ++i) x.push_back(std::sin(1.7f * static_cast<float>(i)));
  return rg::Array::from(x, {6, 5});
}

// In evaluation a variance takes no part in what is given back: its gradient is that of the divergence.
TEST(CheckModel, TakesInTheDivergenceOfLatentVariables) {
  for (const char* text : {"linear(4), tanh, latent(2), linear(5)", "latent(3, 0.3), tanh, linear(5)"}) {
    const rg::nn::Sequential model = rg::nn::build_model(text, {5}, {.seed = 2});
    const rg::GradientCheck check = rg::explain::check_model(model, rows(), rows(), "half_squared_error", {});
    EXPECT_TRUE(check.passed) << text << ": " << check.max_relative_error;
    EXPECT_EQ(check.checked, rg::nn::parameter_count(model));
    EXPECT_GT(check.max_relative_error, 0);
  }
  // Of latent variables alone, which are its outputs: what is checked is not 0 in those of the variances.
  rg::nn::Sequential model = rg::nn::build_model("latent(5)", {5}, {.seed = 2});
  const rg::GradientCheckOptions strict{.tolerance = 1e-7};
  const rg::GradientCheck check =
      rg::explain::check_model(model, rows(), rows(), "half_squared_error", strict);
  EXPECT_TRUE(check.passed) << check.max_relative_error;
}

TEST(Explain, RefusesLatentVariables) {
  const rg::nn::Sequential model = rg::nn::build_model("linear(4), latent(2), linear(5)", {5});
  try {
    rg::explain::explain_step(model, rows(), rows(), "half_squared_error");
    ADD_FAILURE() << "no error";
  } catch (const rg::Error& error) {
    EXPECT_EQ(error.kind(), rg::ErrorKind::argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("latent_1 (latent(2)) is no activation of single units"));
  }
}

}  // namespace
