// Types of columns: dates, words, what options say of them, and how files are written.
#include <retrograd/data.h>
#include <retrograd/threads.h>

#include <cmath>
#include <random>

#include "data/date.h"
#include "data/words.h"
#include "data_test.h"

namespace retrograd::data {
namespace {

double days(std::string_view text) {
  double number = 0;
  EXPECT_EQ(read_date(text, number), Value::number) << text;
  return number;
}

TEST(Date, CountsDaysSince1970) {
  EXPECT_EQ(days("1970-01-01"), 0);
  EXPECT_EQ(days("1969-12-31"), -1);
  EXPECT_EQ(days("2000-03-01"), 11017);  // date -d 2000-03-01 +%s, by 86400
  EXPECT_EQ(days("01.03.2000"), 11017);
  EXPECT_EQ(days("2000/03/01"), 11017);
  EXPECT_EQ(days("2000-03-01T12:00"), 11017.5);
  EXPECT_EQ(days("2000-03-01 06:00:00.000"), 11017.25);
  EXPECT_EQ(days("2000-03-01T00:00:00Z"), 11017);
  EXPECT_EQ(days("2000-03-01T12:00+12:00"), 11017);
  EXPECT_EQ(days("2000-03-01T12:00-1200"), 11018);
}

TEST(Date, RefusesWhatIsNone) {
  double number;
  for (const char* text :
       {"2023-02-29", "1900-02-29", "2023-13-01", "2023-00-10", "3/4/2023", "2023-1-1", "2023-01-01x",
        "2023-01-01T", "2023-01-01 25:00", "2023-01-01 12:61", "tomorrow"}) {
    EXPECT_EQ(read_date(text, number), Value::text) << text;
  }
  EXPECT_EQ(read_date("NA", number), Value::missing);
}

TEST(Date, EveryDayComesBackFromItsCivilDate) {
  for (int day = -200000; day < 200000; day += 7) {
    const CivilDate date = civil_date(day);
    ASSERT_EQ(days_of(date), day);
    ASSERT_TRUE(date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31);
  }
  EXPECT_EQ(date_text(days("2024-02-29 17:30")), "2024-02-29 17:30:00");
}

TEST(Words, AreRunsOfLettersAndDigits) {
  EXPECT_EQ(words_of("A good, GOOD day-2! \xC3\xA4"),
            (std::vector<std::string>{"2", "a", "day", "good", "\xC3\xA4"}));
  EXPECT_TRUE(words_of(" .,-").empty());
}

TEST(Columns, TypesAreTakenFromTheOptions) {
  const Table table =
      parse_csv("a,b,c,d\n1,2024-01-02,x y,3\n2,,y,4\n", "t.csv",
                {.types = {{"a", ColumnType::category}, {"b", ColumnType::date}, {"c", ColumnType::text}}});
  EXPECT_EQ(table["a"].words, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(table["b"].type, ColumnType::date);
  EXPECT_EQ(table["b"].text(0), "2024-01-02");
  EXPECT_TRUE(table["b"].is_missing(1));
  EXPECT_EQ(table["c"].type, ColumnType::text);
  EXPECT_EQ(table["d"].type, ColumnType::number);
}

TEST(Columns, AFieldOfAnotherTypeIsNamedWithItsLine) {
  const auto parse_as = [](ColumnType type) {
    parse_csv("a,b\n1,2\nx,3\n", "t.csv", {.types = {{"a", type}}});
  };
  expect_error(ErrorKind::data, "t.csv: line 3: column \"a\" has \"x\"; expected a number",
               [&] { parse_as(ColumnType::number); });
  expect_error(
      ErrorKind::data,
      "t.csv: line 2: column \"a\" has \"1\"; expected a date such as 2024-05-31 or 2024-05-31 17:30",
      [&] { parse_as(ColumnType::date); });
  expect_error(ErrorKind::argument, "type: t.csv has no column \"aa\": did you mean \"a\"?", [&] {
    parse_csv("a,b\n1,2\n", "t.csv", {.types = {{"aa", ColumnType::date}}});
  });
  expect_error(ErrorKind::argument,
               "type: \"dates\" is no type of a column; did you mean \"date\"? known are "
               "number, category, date, text",
               [&] { column_type("dates"); });
}

TEST(Columns, IgnoredOnesAreNotReadAtAll) {
  const Table table = parse_csv("a,b,c\n1,inf,3\n2,\xE4,4\n", "t.csv", {.ignore = {"b"}});
  EXPECT_EQ(table.names(), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(table["c"].numbers, (std::vector<double>{3, 4}));
  expect_error(ErrorKind::argument, "ignore: t.csv has no column \"bb\": did you mean \"b\"?",
               [&] { parse_csv("a,b\n1,2\n", "t.csv", {.ignore = {"bb"}}); });
}

TEST(Columns, WithoutAHeaderTheyAreNumbered) {
  const Table table = parse_csv("1,x\n2,y\n", "t.csv", {.header = false});
  EXPECT_EQ(table.names(), (std::vector<std::string>{"c1", "c2"}));
  EXPECT_EQ(table["c1"].numbers, (std::vector<double>{1, 2}));
  EXPECT_EQ(table.lines, (std::vector<std::int64_t>{1, 2}));
  expect_error(ErrorKind::data, "t.csv: line 2 has 1 field; expected 2 as in the first line",
               [&] { parse_csv("1,x\n2\n", "t.csv", {.header = false}); });
}

// Some rows of numbers, names, dates and words, with what is missing.
std::string mixed(int rows) {
  std::mt19937 random(5);
  std::string text = "n,whole,name,born,remark,w,g,y\n";
  const char* words[] = {"good", "bad", "ugly", "plain"};
  for (int row = 0; row < rows; ++row) {
    const auto pick = [&](unsigned below) { return static_cast<int>(random() % below); };
    text += pick(9) == 0 ? "" : std::to_string(1e9 + pick(1000) * 0.25);
    text += "," + std::to_string(pick(50)) + "," + (pick(8) == 0 ? "NA" : words[pick(4)]);
    text += ",20" + std::to_string(10 + pick(10)) + "-0" + std::to_string(1 + pick(9)) + "-1" +
            std::to_string(pick(10)) + (pick(2) == 0 ? " 17:30" : "");
    text += ",\"" + std::string(words[pick(4)]) + ", " + words[pick(4)] + "\"";
    text += "," + std::to_string(pick(3)) + "," + std::to_string(pick(30)) + "," +
            std::to_string(pick(10000) * 0.01) + "\n";
  }
  return text;
}

LoadOptions mixed_options() {
  LoadOptions options{.target = "y", .task = Task::regression, .weight = "w", .group = "g"};
  options.csv.types = {{"born", ColumnType::date}, {"remark", ColumnType::text}};
  return options;
}

std::vector<float> inputs_of(const Dataset& data) {
  std::vector<float> inputs(static_cast<std::size_t>(data.rows() * data.input_shape().size()));
  data.copy_inputs(all_rows(data.rows()), inputs.data());
  return inputs;
}

TEST(Columns, DatesAndWordsBecomeInputsWithNames) {
  const TemporaryFolder folder;
  const Parts parts = load_csv(folder.write("t.csv", mixed(500)), mixed_options());
  EXPECT_EQ(parts.encoder.input_names(),
            (std::vector<std::string>{"n", "n (missing)", "whole", "name = bad", "name = good",
                                      "name = plain", "name = ugly", "name = other", "born (days)",
                                      "born (year, sine)", "born (year, cosine)", "born (week, sine)",
                                      "born (week, cosine)", "born (day, sine)", "born (day, cosine)",
                                      "remark: bad", "remark: good", "remark: plain", "remark: ugly"}));
  EXPECT_EQ(Encoder::from_json(parts.encoder.to_json()), parts.encoder);
  // Sine and cosine lie on a circle.
  const std::vector<float> inputs = inputs_of(parts.train);
  for (std::size_t at = 9; at < inputs.size(); at += 19) {
    for (std::size_t k = 0; k < 6; k += 2) {
      ASSERT_NEAR(std::hypot(inputs[at + k], inputs[at + k + 1]), 1, 1e-6);  // f32
    }
  }
}

// Rows of a file that is packed are those of one that is not: 2^-24 of a spread of a few deviations, twice.
TEST(Columns, PackedRowsAreTheSameToF32) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", mixed(20000));
  LoadOptions options = mixed_options();
  const Parts plain = load_csv(path, options);
  options.pack_above = 0;
  const Parts packed = load_csv(path, options);
  ASSERT_EQ(packed.train.rows(), plain.train.rows());
  EXPECT_EQ(packed.encoder.input_names(), plain.encoder.input_names());
  EXPECT_EQ(packed.train.source().sha256, plain.train.source().sha256);
  const std::vector<float> a = inputs_of(plain.train), b = inputs_of(packed.train);
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-6) << i;
  for (std::int64_t row = 0; row < plain.train.rows(); ++row) {
    ASSERT_EQ(plain.train.target(row), packed.train.target(row));
  }
  // A packed file read again for its model.
  const Dataset again = load_csv(path, packed.encoder, Targets::wanted);
  const Dataset parts[] = {packed.train, packed.validation, packed.test};
  std::int64_t rows = 0;
  for (const Dataset& part : parts) rows += part.rows();
  EXPECT_LT(rows, again.rows());  // rows of weight 0 are not trained on
}

TEST(Columns, NumbersOfAFileDoNotDependOnThreads) {
  const std::string text = mixed(20000);
  const auto read = [&](int count) {
    set_threads(count);
    return parse_csv(text, "t.csv");
  };
  const int before = threads();
  const Table one = read(1), three = read(3);
  set_threads(before);
  EXPECT_EQ(one["y"].numbers, three["y"].numbers);
  EXPECT_EQ(one["name"].words, three["name"].words);
  EXPECT_EQ(one["born"].codes, three["born"].codes);
  EXPECT_EQ(one.lines, three.lines);
  EXPECT_EQ(one.notices, three.notices);
}

// The column is numbers for longer than what is read at once.
TEST(Columns, ATextFarBehindMakesTheColumnText) {
  std::string text = "a,b\n";
  for (int row = 0; row < 1200000; ++row) text += "01,1.5\n";
  const Table table = parse_csv(text + "x,2\n", "t.csv");
  EXPECT_EQ(table["a"].words, (std::vector<std::string>{"01", "x"}));
  EXPECT_EQ(table["b"].numbers.back(), 2);
  EXPECT_EQ(
      table.notices,
      (std::vector<std::string>{"t.csv: column \"a\" is read as text because of \"x\" in line 1200002."}));
}

TEST(Columns, AQuotedFieldLongerThanAPieceIsOneField) {
  const std::string field(std::size_t{3} << 20, 'x');
  const Table table = parse_csv("a,b\n\"" + field + "\n\",1\ny,2\n", "t.csv");
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table["a"].words[0], field + "\n");
  EXPECT_EQ(table.lines, (std::vector<std::int64_t>{2, 4}));
}

TEST(Columns, WeightsAndGroupsAreNoInputs) {
  const TemporaryFolder folder;
  const Parts parts = load_csv(folder.write("t.csv", mixed(2000)), mixed_options());
  for (const std::string& name : parts.encoder.input_names()) EXPECT_TRUE(name != "w" && name != "g") << name;
  ASSERT_TRUE(parts.train.has_weights());
  std::vector<float> weights(static_cast<std::size_t>(parts.train.rows()));
  parts.train.copy_weights(all_rows(parts.train.rows()), weights.data());
  for (const float weight : weights) EXPECT_TRUE(weight == 1 || weight == 2);
  expect_error(ErrorKind::data,
               folder.path() + "/w.csv: line 3: the weight \"w\" is \"-1\"; expected a number of at least 0",
               [&] { load_csv(folder.write("w.csv", "a,w,y\n1,1,2\n2,-1,3\n"), {.weight = "w"}); });
  expect_error(ErrorKind::data,
               folder.path() + "/w.csv: line 2: the group \"w\" is missing; every row needs one",
               [&] { load_csv(folder.write("w.csv", "a,w,y\n1,,2\n2,-1,3\n"), {.group = "w"}); });
}

TEST(Split, NoGroupIsInTwoParts) {
  std::mt19937 random(3);
  std::vector<std::int32_t> groups;
  for (int row = 0; row < 3000; ++row) groups.push_back(static_cast<std::int32_t>(random() % 100));
  const Split split = split_by_group(groups);
  std::vector<int> part_of(100, -1);
  int part = 0;
  std::size_t rows = 0;
  for (const auto* list : {&split.train, &split.validation, &split.test}) {
    rows += list->size();
    for (const std::int64_t row : *list) {
      int& of = part_of[static_cast<std::size_t>(groups[static_cast<std::size_t>(row)])];
      ASSERT_TRUE(of == -1 || of == part);
      of = part;
    }
    ++part;
  }
  EXPECT_EQ(rows, groups.size());
  // Groups have 30 rows or so: a part misses its share by half a group at most.
  EXPECT_NEAR(static_cast<double>(split.test.size()), 600, 25);
  EXPECT_NEAR(static_cast<double>(split.validation.size()), 240, 25);
  EXPECT_EQ(split_by_group(groups).test, split.test);
  EXPECT_NE(split_by_group(groups, {.seed = 2}).test, split.test);
  expect_error(ErrorKind::argument, "split: 1 group cannot be shared among 3 parts", [] {
    split_by_group(std::vector<std::int32_t>{0, 0, 0});
  });
}

}  // namespace
}  // namespace retrograd::data
