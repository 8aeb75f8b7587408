// The verbs that look into the arithmetic: explain and gradcheck.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::HasSubstr;

TEST(Explain, WithoutARunShowsMazursExample) {
  const Workplace here;
  const Outcome outcome = here.run({"explain"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::ifstream golden(std::string(RETROGRAD_SOURCE_DIR) + "/tests/explain/mazur.txt");
  EXPECT_EQ(outcome.out, std::string(std::istreambuf_iterator<char>(golden), {}));
}

TEST(Explain, GivesTheRecordAsJson) {
  const Workplace here;
  const nlohmann::json record = here.run({"explain", "--json"}).json();
  EXPECT_NEAR(record["error"], .298371109, .5e-9);  // half a unit of the last printed digit
  EXPECT_EQ(record["layers"].size(), 2u);
}

class Explained : public testing::Test {
 protected:
  Explained() {
    here.write("rows.csv", two_classes(60));
    trained = here.run(
        {"train", "rows.csv", "--model", "linear(5), tanh, linear(2)", "--epochs", "2", "--out", "run"});
  }
  Workplace here;
  Outcome trained;
};

TEST_F(Explained, ARowOfARun) {
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const Outcome outcome = here.run({"explain", "run", "--row", "7", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json record = outcome.json();
  EXPECT_EQ(record["loss"], "cross_entropy");
  EXPECT_EQ(record["samples"][0]["row"], 7);
  EXPECT_EQ(record["samples"][0]["inputs"][1]["name"], "b");
  EXPECT_EQ(record["samples"][0]["terms"].size(), 2u);
  EXPECT_EQ(record["layers"][0]["weights"].size(), 10u);
  EXPECT_TRUE(record["check"]["agrees"]);
}

TEST_F(Explained, SeveralRowsAreABatch) {
  const Outcome outcome = here.run({"explain", "run", "--row", "3,9", "--data", "rows.csv", "--units", "2"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("2 samples; E is the mean of their errors E_n"));
  EXPECT_THAT(outcome.out, HasSubstr("sample 2 (row 9)"));
  EXPECT_THAT(outcome.out, HasSubstr("(3 more units left out"));
}

TEST_F(Explained, WrongUseIsSaid) {
  const Outcome outside = here.run({"explain", "run", "--row", "61"});
  EXPECT_EQ(outside.exit_code, 2);
  EXPECT_THAT(outside.err, HasSubstr("--row: 61 is out of range"));
  EXPECT_EQ(here.run({"explain", "--row", "1"}).exit_code, 2);
  EXPECT_EQ(here.run({"explain", "nowhere"}).exit_code, 3);
  EXPECT_EQ(here.run({"explain", "run", "--lr", "-1"}).exit_code, 2);
}

TEST_F(Explained, GradcheckPassesOnARun) {
  const Outcome outcome = here.run({"gradcheck", "run", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["checked"], 2 * 5 + 5 + 5 * 2 + 2);
  EXPECT_EQ(result["passed"], true);
  EXPECT_LE(result["max_relative_error"], 1e-6);
  EXPECT_THAT(here.run({"gradcheck", "run"}).out, HasSubstr("passed: 27 gradients"));
}

TEST_F(Explained, GradcheckTakesANetworkAsText) {
  const Outcome outcome = here.run({"gradcheck", "--model", "linear(4), sigmoid, linear(2)", "--data",
                                    "rows.csv", "--elements", "3", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["checked"], 3 + 3 + 3 + 2);
}

// The last four bytes of a model file are a weight; 7fc00000 is a NaN.
TEST_F(Explained, GradcheckFailsWhereAGradientIsNoNumber) {
  std::string model = here.read("run/model.safetensors");
  const std::string entry = "\"crc32\":\"";  // out of the file: it would say that it is damaged
  ASSERT_NE(model.find(entry), std::string::npos);
  model.replace(model.find(entry), entry.size() + 10, std::string(entry.size() + 10, ' '));
  model.replace(model.size() - 4, 4, std::string("\x00\x00\xc0\x7f", 4));
  here.write("broken.safetensors", model);
  const Outcome outcome = here.run({"gradcheck", "broken.safetensors", "--data", "rows.csv", "--json"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.json()["passed"], false);
  EXPECT_TRUE(outcome.json()["max_relative_error"].is_null());
}

TEST_F(Explained, GradcheckWantsARunOrANetworkWithRows) {
  EXPECT_EQ(here.run({"gradcheck"}).exit_code, 2);
  EXPECT_EQ(here.run({"gradcheck", "run", "--model", "linear(2)"}).exit_code, 2);
  EXPECT_EQ(here.run({"gradcheck", "run", "--rows", "0"}).exit_code, 2);
  EXPECT_EQ(here.run({"gradcheck", "run", "--data", "nowhere.csv"}).exit_code, 3);
}

}  // namespace
