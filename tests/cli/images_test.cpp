// Networks for images from the command line: by name, from columns of a table, and texts that do not fit.
#include <gtest/gtest.h>

#include "tool.h"

namespace {

using namespace cli_test;

TEST(ImageModels, AreTrainedByAConvolutionalNetworkWhereNoModelIsNamed) {
  const Workplace place;
  write_idx(place, "images", 60);
  const Outcome outcome =
      place.run({"train", "images", "--epochs", "5", "--batch", "10", "--out", "run", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_GE(outcome.json().at("test").at("accuracy").get<double>(), 0.95);
  EXPECT_NE(place.read("run/config.toml").find("conv(20, 5, padding=same), relu, max_pool(2)"),
            std::string::npos);
}

TEST(ImageModels, AreMadeOfTheColumnsOfATable) {
  const Workplace place;
  const Outcome outcome = place.run({"train", digits(), "--model",
                                     "image(1, 8, 8), conv(16, 3), relu, max_pool(2), flatten, linear(10)",
                                     "--epochs", "10", "--lr", "0.01", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  // 96.4 to 97.5 % for the first three seeds.
  EXPECT_GE(outcome.json().at("test").at("accuracy").get<double>(), 0.93);
}

TEST(ImageModels, ATextThatDoesNotFitNamesTheLayerAndTheShape) {
  const Workplace place;
  const Outcome outcome = place.run({"train", digits(), "--model", "conv(8, 3), flatten, linear(10)"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("column 1: conv for a sample [64]"), std::string::npos) << outcome.err;
  const Outcome small = place.run({"summary", "--data", digits(), "--model", "image(1, 8, 8), conv(8, 9)"});
  EXPECT_EQ(small.exit_code, 2);
  EXPECT_NE(
      small.err.find("conv for a sample [1, 8, 8]: convolution: a window of 9 does not fit in 8 elements"),
      std::string::npos)
      << small.err;
}

TEST(ImageModels, ANetworkByNameThatDoesNotFitIsAnErrorOfUsage) {
  const Workplace place;
  const Outcome outcome = place.run({"summary", "--data", digits(), "--model", "lenet5"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("lenet5: takes images [channels, height, width] of at least 28 x 28"),
            std::string::npos)
      << outcome.err;
}

}  // namespace
