// retrograd train --from: going on from a trained network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;

class From : public testing::Test {
 protected:
  From() {
    here.write("rows.csv", two_classes(200));
    EXPECT_EQ(here.run({"train", "rows.csv", "--epochs", "20", "--out", "a", "-q"}).exit_code, 0);
  }
  Workplace here;
};

TEST_F(From, GoesOnWithAllWeightsOfTheRun) {
  const auto before = here.run({"eval", "a", "--json"}).json()["train"]["loss"].get<double>();
  // A rate this small changes nothing that a loss would show.
  const Outcome outcome =
      here.run({"train", "rows.csv", "--from", "a", "--lr", "1e-9", "--epochs", "1", "--out", "b", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NEAR(outcome.json()["train"]["loss"].get<double>(), before, 1e-4 * before);
  EXPECT_THAT(outcome.err, HasSubstr("trained values for linear_1, linear_2, linear_3, all layers"));
}

TEST_F(From, TellsWhichLayersStartAnew) {
  here.write("three.csv",
             "a,b,class\n1,2,x\n3,1,y\n5,9,z\n2,2,x\n4,1,y\n6,8,z\n1,1,x\n3,2,y\n7,9,z\n2,1,x\n");
  const Outcome outcome =
      here.run({"train", "three.csv", "--from", "a", "--freeze", "0, 1", "--epochs", "1"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("trained values for linear_1, linear_2; anew linear_3"),
                                 HasSubstr("[64, 3] here and [64, 2]"), HasSubstr("linear(3)")));
}

TEST_F(From, IsRepeatedByTheConfigurationOfTheRun) {
  ASSERT_EQ(here.run({"train", "rows.csv", "--from", "a", "--epochs", "2", "--out", "b", "-q"}).exit_code, 0);
  ASSERT_EQ(here.run({"train", "b/config.toml", "--out", "c", "-q"}).exit_code, 0);
  EXPECT_TRUE(here.read("b/model.safetensors") == here.read("c/model.safetensors"));
  EXPECT_THAT(here.read("b/config.toml"), HasSubstr("from = "));
  EXPECT_EQ(here.run({"eval", "b"}).exit_code, 0) << "its data has the encoder of the model";
}

TEST_F(From, RefusesWhatDoesNotFit) {
  const Outcome shape =
      here.run({"train", "rows.csv", "--from", "a", "--model", "linear(5), relu, linear(2)"});
  EXPECT_EQ(shape.exit_code, 2);
  EXPECT_THAT(shape.err, HasSubstr("linear_1.weight is [2, 5] here and [2, 64] in the trained model"));
  EXPECT_EQ(here.run({"train", "rows.csv", "--from", "nothing"}).exit_code, 3);
  here.write("columns.csv", two_classes(40).replace(0, 1, "c"));
  const Outcome columns = here.run({"train", "columns.csv", "--from", "a"});
  EXPECT_EQ(columns.exit_code, 3);
  EXPECT_THAT(columns.err, HasSubstr("\"a\""));
}

}  // namespace
