// retrograd bench: what it prints, and what it refuses.
#include <gtest/gtest.h>

#include "tool.h"

namespace {

using namespace cli_test;

TEST(Bench, GivesTheStepsTimeBesideTheLimitAndThePeers) {
  const Workplace place;
  const Outcome outcome = place.run({"bench", "a", "--threads", "1", "--json", "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json json = outcome.json();
  EXPECT_GT(json.at("machine").at("peak_gflops").get<double>(), 0);
  ASSERT_EQ(json.at("rows").size(), 1u);
  const nlohmann::json& row = json.at("rows").at(0);
  EXPECT_EQ(row.at("workload"), "a");
  EXPECT_EQ(row.at("threads"), 1);
  EXPECT_EQ(row.at("peers").at("pytorch 1.13"), 155.0);
  const double us = row.at("us"), bound = row.at("bound_us");
  EXPECT_GT(us, 0);
  EXPECT_NEAR(row.at("share").get<double>(), bound / us, 1e-9);
  EXPECT_NEAR(row.at("ratio").get<double>(), us / 60.0, 1e-9);  // dlib's is the fastest
  // 2 (784 30 + 30 10) 10 for the forward pass, as much for each gradient but that of the input.
  const double flops = 2.0 * 10 * (2 * 784 * 30 + 3 * 30 * 10);
  EXPECT_NEAR(bound, flops / json.at("machine").at("peak_gflops").get<double>() / 1e3, 1e-6 * bound);
}

// Products of a step: 64 N characters, thrice, of 2 (64 1024 + 256 1024 + 256 65) operations, what LSTM and
// bias do besides within a twentieth of it.
TEST(Bench, CountsTheOperationsOfSequences) {
  const Workplace place;
  const nlohmann::json json = place.run({"bench", "e", "--threads", "1", "--json", "-q"}).json();
  const double flops = 3.0 * 64 * 32 * 2 * (64 * 1024 + 256 * 1024 + 256 * 65);
  const double bound = flops / json.at("machine").at("peak_gflops").get<double>() / 1e3;
  EXPECT_NEAR(json.at("rows").at(0).at("bound_us").get<double>(), bound, 0.05 * bound);
}

TEST(Bench, AnUnknownWorkloadIsAnErrorOfUsage) {
  const Workplace place;
  const Outcome outcome = place.run({"bench", "z"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("unknown workload \"z\"; known are a, b, c, d, e, f"), std::string::npos)
      << outcome.err;
}

}  // namespace
