// Lines of results keep to the width of the screen, also with long names; numbers stand below each other.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <sstream>

#include "cli/letters.h"
#include "cli/tool.h"

namespace {

using cli_test::digits;
using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// 120 rows of numbers with names that no screen holds, one of which is another's but for its end.
std::string long_names() {
  std::string text =
      "a_name_of_a_column_that_is_longer_than_a_quarter_of_a_line_1,"
      "a_name_of_a_column_that_is_longer_than_a_quarter_of_a_line_2,"
      "K\u00fcrze ist \u00fcberall gefragt,the_target_in_kilowatt_hours_of_a_day\n";
  for (int i = 0; i < 120; ++i) {
    text += fmt::format("{},{},{},{}\n", 1e6 + 12345.678 * (i * 7 % 31), 1e-7 * (i * 13 % 17),
                        i % 2 == 0 ? "\u00fcberaus lang und breit erz\u00e4hlt" : "kurz", 1000.5 + i % 30);
  }
  return text;
}

std::string long_classes() {
  std::string text = "x,y,class\n";
  for (int i = 0; i < 120; ++i) {
    const char* names[] = {"a_class_whose_name_is_as_long_as_a_sentence_and_then_goes_on_and_on_for_a_while",
                           "b", "c"};
    text += fmt::format("{},{},{}\n", i * 7 % 31, i * 13 % 17, names[i % 3]);
  }
  return text;
}

class Width : public testing::TestWithParam<int> {
 protected:
  Width() {
    ::setenv("COLUMNS", std::to_string(GetParam()).c_str(), 1);
    here.write("long.csv", long_names());
    here.write("classes.csv", long_classes());
    here.write("two.csv", two_classes(100));
  }
  ~Width() override { ::unsetenv("COLUMNS"); }

  // The text of the verb, no line of which is too long.
  std::string fits(const std::vector<std::string>& words) {
    const Outcome outcome = here.run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(cli::letters(line), static_cast<std::size_t>(GetParam())) << words[0] << ": " << line;
    }
    return outcome.out;
  }
  Workplace here;
};

TEST_P(Width, HoldsTheResultsOfTrainingAndWhatLooksAtThem) {
  for (const std::string& data : {digits(), std::string("long.csv"), std::string("classes.csv")}) {
    const std::string run = data == digits() ? "digits" : data.substr(0, data.find('.'));
    fits({"train", data, "--epochs", "2", "--out", run, "--importance"});
    fits({"eval", run});
    fits({"eval", run, "--importance"});
    fits({"summary", run});
  }
  fits({"train", "two.csv", "--epochs", "1", "--out", "profiled", "--profile"});
  fits({"compare", "digits", "long", "classes"});
  fits({"predict", "profiled", "--data", "two.csv"});
}

TEST_P(Width, HoldsWhatIsSaidOfDataRatesAndMachine) {
  for (const std::string& data : {digits(), std::string("long.csv"), std::string("classes.csv")}) {
    fits({"data", data});
    fits({"lr-find", data});
  }
  fits({"doctor"});
  fits({"summary", "--data", "two.csv", "--model",
        "residual(linear(32), tanh, linear(32), tanh, linear(2)), linear(100), relu, linear(2)"});
}

TEST_P(Width, HoldsALeaderboardWithItsSettings) {
  const std::string space =
      "lr = 1e-4..1e-1, model = linear(32)|linear(64), dropout = 0..0.5, batch = 16..64";
  const std::string text =
      fits({"tune", "two.csv", "--search", space, "--trials", "3", "--epochs", "2", "--out", "tuned"});
  EXPECT_THAT(text, HasSubstr("batch = "));
}

INSTANTIATE_TEST_SUITE_P(Columns, Width, testing::Values(80, 120));

TEST(Columns, OfNamesThatDifferAtTheirEndsAreToldApart) {
  const Workplace here;
  here.write("long.csv", long_names());
  EXPECT_THAT(here.run({"data", "long.csv"}).out, AllOf(HasSubstr("_line_1 "), HasSubstr("_line_2 ")));
}

TEST(Columns, OfTrainingsWithOtherTargetsHaveNoBest) {
  const Workplace here;
  here.write("a.csv", "x,y,z\n1,0.5,2\n2,1.5,5\n3,2.5,7\n4,3.5,1\n5,4.5,9\n6,5.5,3\n");
  for (const std::string target : {"y", "z"}) {
    ASSERT_EQ(here.run({"train", "a.csv", "--target", target, "--epochs", "2", "--task", "regression",
                        "--out", target, "-q"})
                  .exit_code,
              0);
  }
  EXPECT_THAT(here.run({"compare", "y", "z"}).out, AllOf(HasSubstr("test RMSE"), Not(HasSubstr("*"))));
}

TEST(Letters, AreCutPaddedAndWrappedByLettersNotBytes) {
  const std::string word = "\u00fcb\u00e9rall";  // 9 bytes
  EXPECT_EQ(cli::letters(word), 7u);
  EXPECT_EQ(cli::shortened(word, 7), word);
  EXPECT_EQ(cli::shortened(word, 6), "\u00fcb\u00e9...");
  EXPECT_EQ(cli::shortened_front("/a/b/\u00fcb\u00e9r", 6), "...b\u00e9r");
  EXPECT_EQ(cli::shortened_middle("abcdefgh1", 7), "ab...h1");
  EXPECT_EQ(cli::padded("\u00fc", 3) + "|", "\u00fc  |");
  EXPECT_EQ(cli::padded_front("\u00fc", 3), "  \u00fc");
  EXPECT_EQ(cli::hanging("aaaaaaaaaa bbbbbbbbbbbbb", 2, 22), "aaaaaaaaaa\n  bbbbbbbbbbbbb");
}

TEST(Letters, OfNumbersAreTheSameNumberOfDigits) {
  EXPECT_EQ(cli::significant(0.173, 4), "0.1730");
  EXPECT_EQ(cli::significant(1234.4, 4), "1234");
  EXPECT_EQ(cli::significant(12346, 4), "1.235e+04");
  EXPECT_EQ(cli::significant(0, 3), "0.00");
  EXPECT_EQ(cli::significant(-2, 3), "-2.00");
}

}  // namespace
