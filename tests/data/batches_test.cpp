// Loading of CSV in parts, and batches as arrays.
#include <retrograd/data.h>

#include <algorithm>

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

TEST(Batches, CoverEveryRowOnceWithItsTarget) {
  std::vector<std::int64_t> seen;
  std::vector<std::int64_t> sizes;
  for (auto [x, t] : batches(numbered(23), {.size = 10, .seed = 1})) {
    ASSERT_EQ(x.shape(), (Shape{t.shape()[0], 2}));
    ASSERT_EQ(t.dtype(), DType::i32);
    sizes.push_back(t.shape()[0]);
    const auto inputs = x.to_vector<float>();
    const auto labels = t.to_vector<std::int32_t>();
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const auto row = static_cast<std::int64_t>(inputs[2 * i]);
      EXPECT_EQ(inputs[2 * i + 1], -inputs[2 * i]);
      EXPECT_EQ(labels[i], row % 3);
      seen.push_back(row);
    }
  }
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{10, 10, 3}));
  EXPECT_FALSE(std::is_sorted(seen.begin(), seen.end()));
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, all_rows(23));
}

TEST(Batches, OrderDependsOnSeedAndEpochAlone) {
  const Dataset data = numbered(50);
  const auto first = [&](const BatchOptions& options) {
    return batches(data, options)[0].inputs.to_vector<float>();
  };
  EXPECT_EQ(first({.size = 50, .seed = 4, .epoch = 2}), first({.size = 50, .seed = 4, .epoch = 2}));
  EXPECT_NE(first({.size = 50, .seed = 4, .epoch = 2}), first({.size = 50, .seed = 4, .epoch = 3}));
  EXPECT_NE(first({.size = 50, .seed = 4, .epoch = 2}), first({.size = 50, .seed = 5, .epoch = 2}));
  const auto plain = first({.size = 2, .shuffle = false});
  EXPECT_EQ(plain, (std::vector<float>{0, 0, 1, -1}));
}

TEST(Batches, GiveClassesAsOneHot) {
  const Batch batch = batches(numbered(3), {.size = 3, .shuffle = false, .one_hot = true})[0];
  EXPECT_EQ(batch.targets.shape(), (Shape{3, 3}));
  EXPECT_EQ(batch.targets.to_vector<float>(), (std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1}));
}

TEST(Batches, RefuseWhatMakesNoBatch) {
  expect_error(ErrorKind::argument, "batches: size is 0; expected at least 1",
               [] { batches(numbered(3), {.size = 0}); });
  expect_error(ErrorKind::argument, "batches: the dataset has no targets", [] { batches(Dataset()); });
  expect_error(ErrorKind::argument, "batches: batch 2 is out of range; expected 0 <= batch < 2",
               [] { batches(numbered(3), {.size = 2})[2]; });
}

TEST(LoadCsv, SplitsAndEncodes) {
  const TemporaryFolder folder;
  std::string text = "a,kind,t\n";
  for (int i = 0; i < 100; ++i) {
    text += std::to_string(i) + (i % 2 != 0 ? ",odd," : ",even,") + (i < 60 ? "low\n" : "high\n");
  }
  const std::string path = folder.write("t.csv", text);
  auto [train, validation, test, encoder] = load_csv(path, {.target = "t"});
  EXPECT_EQ(train.rows(), 72);
  EXPECT_EQ(validation.rows(), 8);
  EXPECT_EQ(test.rows(), 20);
  EXPECT_EQ(test.class_counts(), (std::vector<std::int64_t>{8, 12}));
  EXPECT_EQ(train.classes(), (std::vector<std::string>{"high", "low"}));
  EXPECT_EQ(train.input_shape(), Shape{3});
  EXPECT_EQ(train.source().rows, 100);
  EXPECT_EQ(train.source().sha256.size(), 64u);

  // A model's file of rows: the same inputs, with or without the target.
  const std::string more = folder.write("more.csv", "kind,a\nodd,1\neven,2\n");
  EXPECT_EQ(load_csv(more, encoder, Targets::ignored).rows(), 2);
  EXPECT_THROW(load_csv(more, encoder, Targets::wanted), Error);
  EXPECT_EQ(load_csv(path, encoder, Targets::wanted).class_counts(), (std::vector<std::int64_t>{40, 60}));
}

TEST(LoadCsv, ReadsTheDigits) {
  const Parts digits = load_csv(std::string(RETROGRAD_SOURCE_DIR) + "/data/digits.csv", {.target = "digit"});
  EXPECT_EQ(digits.train.rows() + digits.validation.rows() + digits.test.rows(), 1797);
  EXPECT_EQ(digits.test.rows(), 359);
  EXPECT_EQ(digits.train.input_shape(), Shape{64});
  EXPECT_EQ(digits.encoder.task(), Task::classification);
  EXPECT_EQ(digits.encoder.classes().size(), 10u);
}

TEST(LoadCsv, RegressionIsSplitPlainly) {
  const TemporaryFolder folder;
  std::string text = "a,y\n";
  for (int i = 0; i < 50; ++i) text += std::to_string(i) + "," + std::to_string(i * 0.5) + "\n";
  const Parts parts = load_csv(folder.write("t.csv", text));
  EXPECT_EQ(parts.encoder.task(), Task::regression);
  EXPECT_EQ(parts.test.rows(), 10);
  EXPECT_EQ(parts.train.target_width(), 1);
}

}  // namespace
}  // namespace retrograd::data
