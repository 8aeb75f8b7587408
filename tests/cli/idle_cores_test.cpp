// Threads where none are named: the physical cores that others leave idle.
#include "cli/idle_cores.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <string>

#include "cli/tool.h"

namespace {

using cli::Load;
using cli_test::Workplace;

// A second of `processors` hardware threads of a hundred ticks each, of which `busy` are busy in part, with
// `own` seconds of this process.
int idle_of(int most, int processors, double busy, double own = 0) {
  Load before, now;
  before.seconds = 10;
  now.seconds = 11;
  before.own = 3;
  now.own = 3 + own;
  for (int i = 0; i < processors; ++i) {
    const double part = std::clamp(busy - i, 0.0, 1.0);
    before.processors[i] = {.idle = 700, .total = 1000};
    now.processors[i] = {.idle = 800 - static_cast<std::int64_t>(100 * part), .total = 1100};
  }
  return cli::idle_cores(before, now, most);
}

TEST(IdleCores, AreAllWhereNothingRuns) {
  EXPECT_EQ(idle_of(2, 2, 0), 2);
  EXPECT_EQ(idle_of(8, 8, 0.3), 8);  // now and then a moment's work
}

TEST(IdleCores, LackThoseThatOthersUse) {
  EXPECT_EQ(idle_of(2, 2, 1), 1);
  EXPECT_EQ(idle_of(8, 8, 3), 5);
}

TEST(IdleCores, AreOneWhereAllAreBusy) {
  EXPECT_EQ(idle_of(2, 2, 2), 1);
  EXPECT_EQ(idle_of(8, 8, 8), 1);
}

TEST(IdleCores, CountThoseThatThisProcessUses) {
  EXPECT_EQ(idle_of(2, 2, 1, 1), 2);
  EXPECT_EQ(idle_of(8, 8, 4, 1), 5);
  EXPECT_EQ(idle_of(2, 2, 0.5, 1.5), 2);  // the two clocks need not agree
}

TEST(IdleCores, AreNeverMoreThanThePhysicalOnes) {
  EXPECT_EQ(idle_of(4, 8, 0), 4);  // two hardware threads each
  EXPECT_EQ(idle_of(4, 8, 1), 3);
  EXPECT_EQ(idle_of(4, 8, 8), 1);
}

TEST(IdleCores, AreAllWhereTheSystemDoesNotTell) {
  const Workplace workplace;
  const Load nothing = cli::read_load(workplace.file("missing"));
  EXPECT_TRUE(nothing.processors.empty());
  EXPECT_EQ(cli::idle_cores(nothing, nothing, 4), 4);
  const Load zeros = cli::read_load(workplace.write("zeros", "cpu 0 0 0 0\ncpu0 0 0 0 0\ncpu1 0 0 0 0\n"));
  EXPECT_EQ(cli::idle_cores(zeros, zeros, 4), 4);
  const Load other = cli::read_load(workplace.write("other", "no such form\n"));
  EXPECT_EQ(cli::idle_cores(other, other, 4), 4);
}

TEST(IdleCores, AreReadFromTheColumnsOfProcStat) {
  const Workplace workplace;
  const int here = sched_getcpu();
  ASSERT_GE(here, 0);
  const std::string cpu = "cpu" + std::to_string(here);
  // user nice system idle iowait irq softirq steal guest guest_nice: guests are in user already.
  const Load load = cli::read_load(workplace.write("stat", "cpu  11 22 33 44 55 66 77 88 99 99\n" + cpu +
                                                               " 1 2 3 40 50 6 7 8 9 9\nintr 5 4 3\n" + cpu +
                                                               "1 1 1 1 1 1 1 1 1\n"));
  ASSERT_EQ(load.processors.size(), 1u);  // what follows is of another kind
  EXPECT_EQ(load.processors.at(here).idle, 90);
  EXPECT_EQ(load.processors.at(here).total, 117);
  EXPECT_GT(load.seconds, 0);
  EXPECT_GE(load.own, 0);
}

TEST(IdleCores, AreTheThreadsOfATrainingThatNamesNone) {
  const Workplace workplace;
  const auto doctor = workplace.run({"doctor", "--json"});
  ASSERT_EQ(doctor.exit_code, 0) << doctor.err;
  const int cores = doctor.json()["machine"]["cores"];
  workplace.write("t.csv", cli_test::two_classes(60));
  const auto trained = workplace.run({"train", "t.csv", "--epochs", "1", "--json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_GE(trained.json()["threads"], 1);
  EXPECT_LE(trained.json()["threads"], cores);
  const auto named = workplace.run({"train", "t.csv", "--epochs", "1", "--threads", "3", "--json"});
  EXPECT_EQ(named.json()["threads"], 3);
}

}  // namespace
