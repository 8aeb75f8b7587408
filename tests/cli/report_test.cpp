// The report of a training: report.html, which needs nothing from outside, and the terminal's version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "cli/tool.h"

namespace {

using cli_test::digits;
using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// Every element that is opened is closed, in the right order; those of HTML that have no end left out.
void expect_well_formed(const std::string& page) {
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != page.npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    ASSERT_NE(end, page.npos);
    std::string tag = page.substr(at + 1, end - at - 1);
    if (tag[0] == '!' || tag.back() == '/') continue;
    const bool closes = tag[0] == '/';
    tag = tag.substr(closes ? 1 : 0, tag.find(' ') - (closes ? 1 : 0));
    if (tag == "meta" || tag == "br" || tag == "img") continue;
    if (!closes) {
      open.push_back(tag);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag;
    ASSERT_EQ(open.back(), tag);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

class ReportPage : public testing::Test {
 protected:
  std::string page(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"train"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.end(), {"--out", "run"});
    outcome = here.run(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return here.read("run/report.html");
  }
  Workplace here;
  Outcome outcome;
};

TEST_F(ReportPage, HoldsAllItShows) {
  const std::string text = page({digits(), "--epochs", "3"});
  expect_well_formed(text);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("http")), Not(HasSubstr("<link")),
                          Not(HasSubstr("@import")), HasSubstr("name=\"viewport\""),
                          HasSubstr("prefers-color-scheme: dark")));
  EXPECT_EQ(count(text, "src="), count(text, "src=\"data:image/png;base64,"));
}

TEST_F(ReportPage, HasTheSectionsOfAClassification) {
  const std::string text = page({digits(), "--epochs", "3"});
  for (const char* part : {"Loss", "Learning rate", "Confusion matrix", "Calibration", "baseline: always",
                           "Worst rows of the test part", "linear_1", "SHA-256",
                           "retrograd train run/config.toml", "weight_decay"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_EQ(count(text, "<img"), 12u) << "digits are drawn";
  EXPECT_EQ(count(text, "<svg"), count(text, "role=\"img\" aria-labelledby"));
  EXPECT_THAT(text, HasSubstr("--epochs 3 --out run")) << "the line as it was given";
}

TEST_F(ReportPage, ShowsRowsOfATableInTheirUnits) {
  here.write("rows.csv", two_classes(100));
  const std::string text = page({"rows.csv", "--epochs", "3"});
  EXPECT_EQ(count(text, "<img"), 0u);
  EXPECT_THAT(text, HasSubstr("<th>a</th><th>b</th>"));
  // two_classes() has whole numbers from 0 to 19, which standardising may not change on the page.
  const std::size_t table = text.find("<th>a</th><th>b</th>");
  const std::size_t end = text.find("</table>", table);
  EXPECT_THAT(text.substr(table, end - table),
              AllOf(Not(HasSubstr("e-0")), Not(HasSubstr("e+0")), HasSubstr("<td>1")));
}

TEST_F(ReportPage, ShowsResidualsOfARegression) {
  std::string rows = "x,y\n";
  for (int i = 0; i < 100; ++i) rows += std::to_string(i) + "," + std::to_string(10.5 * i) + "\n";
  here.write("line.csv", rows);
  const std::string text = page({"line.csv", "--epochs", "5"});
  expect_well_formed(text);
  EXPECT_THAT(text, AllOf(HasSubstr("y: prediction against truth"), HasSubstr("prediction − truth"),
                          HasSubstr("always the mean"), Not(HasSubstr("Confusion"))));
}

TEST_F(ReportPage, HasATableOfSeveralTargets) {
  std::string rows = "x,near,far\n";
  for (int i = 0; i < 100; ++i) {
    rows += std::to_string(i) + "," + std::to_string(2.5 * i) + "," + std::to_string(-7.5 * i) + "\n";
  }
  here.write("two.csv", rows);
  const std::string text = page({"two.csv", "--target", "near,far", "--epochs", "5", "--json", "-q"});
  expect_well_formed(text);
  const auto targets = outcome.json()["test"]["targets"];
  ASSERT_EQ(targets.size(), 2u);
  char r2[16];
  std::snprintf(r2, sizeof r2, "%.4f", targets[1]["r2"].get<double>());
  EXPECT_THAT(text, AllOf(HasSubstr("<th>target</th><th>R2</th>"),
                          HasSubstr("<tr><td>far</td><td>" + std::string(r2) + "</td>")));
}

TEST_F(ReportPage, EscapesNamesOfTheData) {
  here.write(
      "odd.csv",
      "\"<b>a</b>\",kind\n1,<i>&\n2,'x'\n3,<i>&\n4,'x'\n5,<i>&\n6,'x'\n7,<i>&\n8,'x'\n9,<i>&\n10,'x'\n");
  const std::string text = page({"odd.csv", "--epochs", "2"});
  expect_well_formed(text);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("<i>&")), HasSubstr("&lt;i&gt;&amp;"), Not(HasSubstr("<b>a"))));
}

TEST_F(ReportPage, IsWrittenWithoutATestPart) {
  here.write("rows.csv", two_classes(60));
  EXPECT_THAT(page({"rows.csv", "--epochs", "2", "--test", "0"}),
              HasSubstr("Worst rows of the validation part"));
  EXPECT_THAT(here.read("run/result.json"), HasSubstr("\"test\": null"));
}

TEST_F(ReportPage, ResultHoldsWhatJsonSays) {
  page({digits(), "--epochs", "2", "--json", "-q"});
  EXPECT_EQ(nlohmann::json::parse(here.read("run/result.json")), outcome.json());
}

TEST_F(ReportPage, TerminalShowsCurvesAndClasses) {
  page({digits(), "--epochs", "5"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("baseline"), HasSubstr("validation loss"), HasSubstr("taken for"),
                                 HasSubstr("precision"), Not(HasSubstr("\x1b"))));
  for (std::size_t at = 0; at < outcome.out.size();) {
    const std::size_t end = std::min(outcome.out.find('\n', at), outcome.out.size());
    std::size_t letters = 0;
    for (std::size_t i = at; i < end; ++i) letters += (outcome.out[i] & 0xc0) != 0x80 ? 1u : 0u;
    EXPECT_LE(letters, 80u) << outcome.out.substr(at, end - at);
    at = end + 1;
  }
}

TEST_F(ReportPage, QuietTerminalShowsFiguresAlone) {
  page({digits(), "--epochs", "5", "-q"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("accuracy"), Not(HasSubstr("taken for"))));
}

}  // namespace
