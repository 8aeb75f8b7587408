// Splits and orders.
#include <retrograd/data.h>

#include <algorithm>
#include <set>

#include "data/random.h"
#include "data_test.h"

namespace retrograd::data {
namespace {

std::vector<std::int64_t> joined(const Split& split) {
  std::vector<std::int64_t> rows = split.train;
  rows.insert(rows.end(), split.validation.begin(), split.validation.end());
  rows.insert(rows.end(), split.test.begin(), split.test.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

TEST(Split, IsAPartition) {
  for (std::int64_t rows : {1, 2, 3, 10, 97, 1000}) {
    for (double fraction : {0.0, 0.1, 0.5, 0.99}) {
      const SplitOptions options{.test = fraction, .validation = fraction, .seed = 3};
      EXPECT_EQ(joined(split(rows, options)), all_rows(rows));
      std::vector<std::int32_t> labels;
      for (std::int64_t row = 0; row < rows; ++row)
        labels.push_back(static_cast<std::int32_t>(row * row % 5));
      const Split stratified = split(labels, options);
      EXPECT_EQ(joined(stratified), all_rows(rows));
      EXPECT_FALSE(stratified.train.empty());
      EXPECT_FALSE(split(rows, options).train.empty());
    }
  }
}

TEST(Split, PartsHaveTheirShareOfTheRows) {
  const Split parts = split(std::int64_t{1797});
  EXPECT_EQ(parts.test.size(), 359u);        // 0.2 of 1797 is 359.4
  EXPECT_EQ(parts.validation.size(), 144u);  // 0.1 of 1438 is 143.8
  const Split tiny = split(std::int64_t{3});
  EXPECT_EQ(tiny.test.size(), 1u);
  EXPECT_EQ(tiny.validation.size(), 1u);
  EXPECT_TRUE(split(std::int64_t{10}, {.test = 0, .validation = 0}).test.empty());
}

TEST(Split, StratifiedPartsHaveEachClassInProportion) {
  std::vector<std::int32_t> labels;
  const std::vector<std::size_t> counts{700, 213, 77, 10};
  for (std::size_t c = 0; c < counts.size(); ++c)
    labels.insert(labels.end(), counts[c], static_cast<std::int32_t>(c));
  const Split parts = split(labels, {.test = 0.3, .validation = 0.2});
  EXPECT_EQ(parts.test.size(), 300u);
  EXPECT_EQ(parts.validation.size(), 140u);
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const auto is_class = [&](std::int64_t row) {
      return labels[static_cast<std::size_t>(row)] == static_cast<int>(c);
    };
    const auto tests = std::count_if(parts.test.begin(), parts.test.end(), is_class);
    const auto validations = std::count_if(parts.validation.begin(), parts.validation.end(), is_class);
    const double count = static_cast<double>(counts[c]);
    // The largest remainder rounds each class's share up or down; the second share is of the rounded rest.
    EXPECT_LT(std::abs(static_cast<double>(tests) - 0.3 * count), 1);
    EXPECT_LT(std::abs(static_cast<double>(validations) - 0.2 * (count - static_cast<double>(tests))), 1);
  }
}

TEST(Split, EveryClassStaysInTheTrainingPart) {
  const std::vector<std::int32_t> labels{0, 1, 1, 2, 2, 2, 2, 2};
  const Split parts = split(labels, {.test = 0.9, .validation = 0.9});
  std::set<std::int32_t> classes;
  for (std::int64_t row : parts.train) classes.insert(labels[static_cast<std::size_t>(row)]);
  EXPECT_EQ(classes, (std::set<std::int32_t>{0, 1, 2}));
}

TEST(Split, DependsOnTheSeedAlone) {
  EXPECT_EQ(split(std::int64_t{100}).test, split(std::int64_t{100}).test);
  EXPECT_NE(split(std::int64_t{100}).test, split(std::int64_t{100}, {.seed = 2}).test);
  // Computed by a second implementation, in Python: any platform must give these rows.
  EXPECT_EQ(split(std::int64_t{10}, {.test = 0.3, .seed = 1}).test, (std::vector<std::int64_t>{1, 7, 9}));
}

TEST(Split, RefusesFractionsOutsideTheirRange) {
  expect_error(ErrorKind::argument, "split: the test fraction is 1; expected 0 <= fraction < 1",
               [] { split(std::int64_t{10}, {.test = 1}); });
  expect_error(ErrorKind::argument, "split: the validation fraction is -0.1; expected 0 <= fraction < 1",
               [] { split(std::int64_t{10}, {.validation = -0.1}); });
  expect_error(ErrorKind::argument, "split: there are no rows", [] { split(std::int64_t{0}); });
}

TEST(ReadSplit, GivesEachRowThePartThatItsLineNames) {
  const TemporaryFolder folder;
  for (const char* text :
       {"train\ntest\nvalidation\ntrain\n", "split\r\ntrain\r\ntest\r\nvalidation\r\ntrain",
        "\xEF\xBB\xBF\"train\"\n\ntest \nvalidation\n\ntrain\n\n"}) {
    const Split parts = read_split(folder.write("split.csv", text), 4);
    EXPECT_EQ(parts.train, (std::vector<std::int64_t>{0, 3})) << text;
    EXPECT_EQ(parts.validation, (std::vector<std::int64_t>{2})) << text;
    EXPECT_EQ(parts.test, (std::vector<std::int64_t>{1})) << text;
  }
}

TEST(ReadSplit, RefusesWhatIsNoSplitOfTheRows) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/split.csv";
  const auto expect = [&](const std::string& text, const std::string& message) {
    folder.write("split.csv", text);
    expect_error(ErrorKind::data, path + ": " + message, [&] { read_split(path, 3); });
  };
  expect("train\ntest\n", "names the parts of 2 rows, but the data has 3");
  expect("split\ntrain\ntest\ntest\ntest\n", "names the parts of 4 rows, but the data has 3");
  expect("train\ntset\ntest\n",
         "line 2: \"tset\" is no part; expected train, validation or test; did you mean \"test\"?");
  expect("train\ntest\nsplit\n", "line 3: \"split\" is no part; expected train, validation or test;");
  expect("1,train\n2,test\n3,test\n", "line 1 has 2 fields; expected one word: train, validation or test");
  expect("test\ntest\nvalidation\n", "no row is in the training part");
  expect_error(ErrorKind::data, folder.path() + "/no.csv: no such file",
               [&] { read_split(folder.path() + "/no.csv", 3); });
}

TEST(ReadSplit, IsTheSplitThatLoadCsvTakes) {
  const TemporaryFolder folder;
  const std::string rows = folder.write("rows.csv", "x,y\n1,0.5\n3,1.5\n100,7\n5,2.5\n");
  const std::string split = folder.write("split.csv", "train\ntrain\ntest\nvalidation\n");
  const Parts parts = load_csv(rows, {.task = Task::regression, .split_file = split});
  EXPECT_EQ(parts.train.rows(), 2);
  EXPECT_EQ(parts.validation.rows(), 1);
  ASSERT_EQ(parts.test.rows(), 1);
  // The encoder is that of the training rows: mean 2 and deviation 1 of x, 1 and 0.5 of y.
  EXPECT_FLOAT_EQ(parts.test.target(0, 0), 12);
}

TEST(Order, IsAPermutationThatChangesWithTheEpoch) {
  std::vector<std::int64_t> first, second, again;
  make_order(1, 0, 1000, first);
  make_order(1, 1, 1000, second);
  make_order(1, 0, 1000, again);
  EXPECT_EQ(first, again);
  EXPECT_NE(first, second);
  std::sort(second.begin(), second.end());
  EXPECT_EQ(second, all_rows(1000));
  // Computed by a second implementation, in Python.
  make_order(7, 3, 8, first);
  EXPECT_EQ(first, (std::vector<std::int64_t>{7, 2, 0, 6, 4, 1, 5, 3}));
}

TEST(Order, AllPermutationsAreEquallyLikely) {
  std::vector<int> counts(27);
  std::vector<std::int64_t> order;
  constexpr int trials = 6000;
  for (int seed = 0; seed < trials; ++seed) {
    make_order(static_cast<std::uint64_t>(seed), 5, 3, order);
    ++counts[static_cast<std::size_t>(order[0] * 9 + order[1] * 3 + order[2])];
  }
  // Each of the six comes 1000 times, deviation sqrt(6000 * 1/6 * 5/6) = 29; five deviations.
  for (int count : counts) EXPECT_TRUE(count == 0 || std::abs(count - 1000) < 145) << count;
  EXPECT_EQ(std::count(counts.begin(), counts.end(), 0), 21);
}

TEST(RandomWords, BelowReachesEveryValueAndNoMore) {
  RandomWords random(1, Purpose::order, 0);
  for (std::uint64_t n : {1, 2, 3, 7, 8, 100}) {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 2000; ++i) seen.insert(random.below(n));
    EXPECT_EQ(seen.size(), n);
    EXPECT_EQ(*seen.rbegin(), n - 1);
  }
  const std::uint64_t large = std::uint64_t{1} << 40;
  std::uint64_t most = 0;
  for (int i = 0; i < 100; ++i) most = std::max(most, random.below(large));
  EXPECT_LT(most, large);
  EXPECT_GT(most, large / 2);
}

}  // namespace
}  // namespace retrograd::data
