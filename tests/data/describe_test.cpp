// What is said of a table before anything is learned from it.
#include <gmock/gmock.h>
#include <retrograd/describe.h>

#include <cmath>

#include "data_test.h"

namespace retrograd::data {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TableDescription describe_text(const std::string& text, const CsvOptions& options = {}) {
  return describe(parse_csv(text, "t.csv", options));
}

TEST(Describe, CountsEachColumn) {
  const TableDescription of = describe_text("a,b,y\n1,x,1.5\n3,y,2\n,x,2.5\n5,,4\n");
  EXPECT_EQ(of.rows, 4);
  EXPECT_EQ(of.columns[0].missing, 1);
  EXPECT_EQ(of.columns[0].distinct, 3);
  EXPECT_EQ(of.columns[0].mean, 3);
  EXPECT_NEAR(of.columns[0].deviation, std::sqrt(8.0 / 3), 1e-15);  // rounding of a few operations
  EXPECT_EQ(of.columns[0].min, 1);
  EXPECT_EQ(of.columns[0].max, 5);
  EXPECT_EQ(of.columns[1].top, (std::vector<std::pair<std::string, std::int64_t>>{{"x", 2}, {"y", 1}}));
  EXPECT_EQ(of.target, "y");
  EXPECT_EQ(of.task, Task::regression);
  EXPECT_THAT(of.warnings, IsEmpty());
}

TEST(Describe, TakesTheTaskThatIsNamed) {
  const Table table = parse_csv("x,y\n1,0\n2,1\n3,0\n4,1\n", "t.csv", {});
  EXPECT_EQ(describe(table).task, Task::classification);
  EXPECT_EQ(describe(table, "", Task::regression).task, Task::regression);
  const Table words = parse_csv("x,y\n1,a\n2,b\n", "t.csv", {});
  EXPECT_THROW(describe(words, "", Task::regression), Error);
}

TEST(Describe, WarnsOfWhatIsSuspicious) {
  std::string text = "id,code,same,day,y\n";
  for (int row = 0; row < 30; ++row) {
    text += std::to_string(row + 7) + ",k" + std::to_string(row) + ",5,2024-01-" +
            std::to_string(10 + row % 20) + "," + (row % 2 == 0 ? "p" : "q") + "\n";
  }
  const std::vector<std::string> warnings = describe_text(text + text.substr(text.rfind("36,"))).warnings;
  EXPECT_THAT(warnings,
              Contains("1 row repeats an earlier row; if they are the same observations, the test part is "
                       "not independent of the training part."));
  EXPECT_THAT(warnings, Contains("Column \"same\" is constant; it says nothing."));
  EXPECT_THAT(warnings, Contains(HasSubstr("--type \"day=date\"")));
  const std::vector<std::string> ids = describe_text(text).warnings;
  EXPECT_THAT(ids, Contains(HasSubstr("Column \"id\" counts the rows")));
  EXPECT_THAT(ids, Contains(HasSubstr("Column \"code\" has another text in each row")));
}

TEST(Describe, ATargetThatCannotBeLearnedIsAWarning) {
  const TableDescription of = describe_text("a,y\n1,x\n2,\n");
  EXPECT_EQ(of.target, "");
  EXPECT_THAT(of.warnings, Contains("t.csv: line 3: the target \"y\" is missing; every row needs one"));
  EXPECT_THAT(describe_text("a,y\n1,x\n2,z\n3,x\n").warnings,
              Contains("The target \"y\" has 1 class with a single row, which cannot be tested."));
}

}  // namespace
}  // namespace retrograd::data
