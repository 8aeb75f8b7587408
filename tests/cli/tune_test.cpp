// retrograd tune: the search, its leaderboard, going on after a kill, the best one again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "cli/schema.h"
#include "cli/tool.h"

namespace {

using cli_test::digits;
using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::HasSubstr;
using testing::IsEmpty;

// The leaderboard without times.
nlohmann::json leaders(const nlohmann::json& json) {
  nlohmann::json board = json.at("leaderboard");
  for (auto& one : board) one.erase("seconds");
  return board;
}

class Tune : public testing::Test {
 protected:
  Tune() { here.write("rows.csv", two_classes(200)); }
  std::vector<std::string> arguments(const std::string& out) const {
    return {"tune",     "rows.csv",
            "--search", "lr = 1e-4..1e-1, model = linear(8)|linear(16), relu, linear(2), dropout=0..0.3",
            "--trials", "6",
            "--epochs", "9",
            "--out",    out,
            "--json",   "-q"};
  }
  Workplace here;
};

TEST_F(Tune, RanksTrialsAndKeepsTheBest) {
  const Outcome outcome = here.run(arguments("a"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json json = outcome.json();
  EXPECT_THAT(cli_test::problems(json, "tune"), IsEmpty());
  EXPECT_EQ(json["rungs"].size(), 3u);  // 6 trials of 1 epoch, 2 of 3, 1 of 9
  EXPECT_EQ(json["rungs"][2]["epochs"], 9);
  double last = 0;
  for (const auto& one : json["leaderboard"]) {
    EXPECT_TRUE(one["error"].is_null()) << one["error"];
    EXPECT_GE(one["loss"].get<double>(), last);
    last = one["loss"].get<double>();
  }
  EXPECT_NEAR(json["best"]["validation"]["log_loss"].get<double>(),
              json["leaderboard"][0]["loss"].get<double>(), 1e-12);
  const std::string csv = here.read("a/leaderboard.csv");
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "rank,trial,rung,epochs,log_loss,accuracy,seconds,lr,model,dropout,error");
  EXPECT_EQ(nlohmann::json::parse(here.read("a/leaderboard.json"))["leaderboard"], json["leaderboard"]);
  EXPECT_TRUE(here.has("a/best/report.html"));
}

TEST_F(Tune, TheBestIsRepeatedByItsConfiguration) {
  ASSERT_EQ(here.run(arguments("a")).exit_code, 0);
  ASSERT_EQ(here.run({"train", "a/best/config.toml", "--out", "b", "-q"}).exit_code, 0);
  EXPECT_TRUE(here.read("a/best/model.safetensors") == here.read("b/model.safetensors"));
}

TEST_F(Tune, GoesOnFromItsJournalToTheSameEnd) {
  const nlohmann::json whole = here.run(arguments("a")).json();
  const std::string journal = here.read("a/journal.jsonl");
  ASSERT_EQ(here.run(arguments("b")).exit_code, 0);
  // As a kill leaves it: three trainings, and a part of a line.
  std::size_t end = 0;
  for (int line = 0; line < 4; ++line) end = journal.find('\n', end) + 1;
  here.write("b/journal.jsonl", journal.substr(0, end + 20));
  const Outcome resumed = here.run({"tune", "b", "--resume", "--json", "-q"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(leaders(resumed.json()), leaders(whole));
  EXPECT_TRUE(here.read("a/best/model.safetensors") == here.read("b/best/model.safetensors"));
  const Outcome other = here.run({"tune", "b", "--resume", "--l2", "0.5"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("other settings"));
}

TEST_F(Tune, AnInterruptSaysHowToGoOn) {
  std::vector<std::string> all{"tune",  digits(),   "--search", "lr=1e-4..1e-2", "--trials",
                               "300",   "--method", "random",   "--epochs",      "10",
                               "--out", "a",        "-q"};
  // The best one's metrics come with the first training that is done.
  const Outcome stopped = here.run_until(all, "a/best", 1, SIGINT);
  ASSERT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("retrograd tune a --resume"));
  const std::string journal = here.read("a/journal.jsonl");
  EXPECT_GE(std::count(journal.begin(), journal.end(), '\n'), 1);
}

TEST_F(Tune, TrainWithSearchIsTheSame) {
  std::vector<std::string> all = arguments("b");
  all[0] = "train";
  EXPECT_EQ(leaders(here.run(all).json()), leaders(here.run(arguments("a")).json()));
}

TEST_F(Tune, RefusesWhatCannotBeSearched) {
  const auto refused = [&](const char* space) {
    const Outcome outcome = here.run({"tune", "rows.csv", "--search", space});
    EXPECT_EQ(outcome.exit_code, 2) << space << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(refused("droput=0..0.5"), HasSubstr("did you mean \"dropout\"?"));
  EXPECT_THAT(refused("optimizer=adam|sdg"), HasSubstr("sgd"));
  EXPECT_THAT(refused("model=liner(8)"), HasSubstr("linear"));
  EXPECT_THAT(refused("batch=0.5..8"), HasSubstr("whole numbers"));
  EXPECT_THAT(refused("schedule=1..2"), HasSubstr("choices"));
  EXPECT_THAT(refused("test=0.1..0.5"), HasSubstr("cannot be compared"));
  EXPECT_EQ(here.run({"tune", "rows.csv"}).exit_code, 2);
  EXPECT_EQ(here.run({"tune", "rows.csv", "--search", "lr=1..2", "--val", "0"}).exit_code, 2);
  EXPECT_FALSE(here.has("runs")) << "nothing is left";
}

}  // namespace
