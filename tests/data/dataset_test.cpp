// Datasets: subsets and gathering.
#include <retrograd/dataset.h>

#include "data_test.h"

namespace retrograd::data {
namespace {

Dataset numbered(std::int32_t rows) {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (std::int32_t row = 0; row < rows; ++row) {
    inputs.insert(inputs.end(), {static_cast<float>(row), static_cast<float>(-row)});
    labels.push_back(row % 3);
  }
  return Dataset::classification(inputs, {2}, labels, {"a", "b", "c"});
}

TEST(Dataset, SubsetsOfSubsetsNameRowsOfTheirParent) {
  const Dataset all = numbered(10);
  const Dataset some = all.slice(2, 9).subset(std::vector<std::int64_t>{6, 0, 3, 3}).slice(1, 4);
  EXPECT_EQ(some.rows(), 3);
  EXPECT_EQ(some.label(0), 2);  // row 2
  std::vector<float> inputs(4);
  some.copy_inputs(std::vector<std::int64_t>{1, 0}, inputs.data());
  EXPECT_EQ(inputs, (std::vector<float>{5, -5, 2, -2}));
  EXPECT_EQ(some.class_counts(), (std::vector<std::int64_t>{0, 0, 3}));
}

TEST(Dataset, CopiesLabelsAlsoAsOneHot) {
  const Dataset all = numbered(5);
  const std::vector<std::int64_t> rows{1, 3};
  std::vector<std::int32_t> labels(2);
  std::vector<float> targets(6, 9.0f);
  all.copy_labels(rows, labels.data());
  all.copy_targets(rows, targets.data());
  EXPECT_EQ(labels, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(targets, (std::vector<float>{0, 1, 0, 1, 0, 0}));
}

TEST(Dataset, CopiesTargetsOfRegression) {
  const std::vector<float> inputs{1, 2, 3}, numbers{1, 2, 3, 4, 5, 6};
  const Dataset all = Dataset::regression(inputs, {1}, numbers, 2);
  std::vector<float> targets(4);
  all.copy_targets(std::vector<std::int64_t>{2, 0}, targets.data());
  EXPECT_EQ(targets, (std::vector<float>{5, 6, 1, 2}));
  EXPECT_EQ(all.target(1, 1), 4);
  EXPECT_TRUE(all.classes().empty());
}

TEST(Dataset, RefusesWhatDoesNotFit) {
  const std::vector<float> inputs{1, 2, 3};
  const std::vector<std::int32_t> labels{0, 1}, wrong{0, 1, 2};
  expect_error(ErrorKind::shape, "dataset: 3 inputs are not a whole number of samples of shape [2]", [&] {
    Dataset::classification(inputs, {2}, labels, {"a", "b"});
  });
  expect_error(ErrorKind::shape, "dataset: 2 labels for 3 rows", [&] {
    Dataset::classification(inputs, {1}, labels, {"a", "b"});
  });
  expect_error(ErrorKind::data, "dataset: row 2 has label 2; expected 0 <= label < 2", [&] {
    Dataset::classification(inputs, {1}, wrong, {"a", "b"});
  });
  expect_error(ErrorKind::shape, "dataset: 3 targets for 3 rows of width 2",
               [&] { Dataset::regression(inputs, {1}, inputs, 2); });
  const Dataset all = numbered(4);
  expect_error(ErrorKind::argument, "dataset: row 4 is out of range; expected 0 <= row < 4",
               [&] { all.label(4); });
  expect_error(ErrorKind::argument, "dataset: row -1 is out of range; expected 0 <= row < 4",
               [&] { all.subset(std::vector<std::int64_t>{-1}); });
  expect_error(ErrorKind::argument, "dataset: rows 3 to 5 are out of range; expected 0 <= first <= last <= 4",
               [&] { all.slice(3, 5); });
  expect_error(ErrorKind::argument, "dataset: there are no numbers as targets", [&] { all.target(0); });
}

}  // namespace
}  // namespace retrograd::data
