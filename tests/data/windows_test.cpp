// Windows over the rows of a time series.
#include <gmock/gmock.h>
#include <retrograd/data.h>

#include "data/data_test.h"

namespace retrograd::data {
namespace {

using ::testing::ElementsAre;

// The row's number as x, and 100 more as y.
std::string numbered(int rows) {
  std::string text = "x,y\n";
  for (int i = 0; i < rows; ++i) text += std::to_string(i) + ".5," + std::to_string(i + 100) + "\n";
  return text;
}

// The row that an input of column x came from.
std::int64_t row_of(float input, const Encoder& encoder) {
  const Encoder::Feature& x = encoder.features()[0];
  return std::lround(x.mean + x.deviation * static_cast<double>(input) - 0.5);
}

// Of a window: the rows of its first and last inputs, and that of its target.
std::vector<std::int64_t> span_of(const Dataset& part, std::int64_t window, const Encoder& encoder) {
  std::vector<float> inputs(static_cast<std::size_t>(part.input_shape().size()));
  part.copy_inputs(std::vector<std::int64_t>{window}, inputs.data());
  const std::int64_t target = std::lround(encoder.in_units(static_cast<double>(part.target(window)))) - 100;
  return {row_of(inputs.front(), encoder), row_of(inputs[inputs.size() - 2], encoder), target};
}

void expect_whole_windows(const Parts& parts) {
  EXPECT_EQ(parts.train.input_shape(), (Shape{4, 2})) << "the target's past is an input too";
  EXPECT_EQ(parts.encoder.input_shape(), (Shape{4, 2}));
  const Encoder& encoder = parts.encoder;
  // 100 rows: 72 training, 8 validation, 20 test; a window and its target span 4 + 3 rows.
  EXPECT_EQ(parts.train.rows(), 66);
  EXPECT_EQ(parts.validation.rows(), 2);
  EXPECT_EQ(parts.test.rows(), 14);
  EXPECT_THAT(span_of(parts.train, 0, encoder), ElementsAre(0, 3, 6));
  EXPECT_THAT(span_of(parts.train, 65, encoder), ElementsAre(65, 68, 71)) << "no future is seen";
  EXPECT_THAT(span_of(parts.validation, 0, encoder), ElementsAre(72, 75, 78));
  EXPECT_THAT(span_of(parts.validation, 1, encoder), ElementsAre(73, 76, 79));
  EXPECT_THAT(span_of(parts.test, 0, encoder), ElementsAre(80, 83, 86));
  EXPECT_THAT(span_of(parts.test, 13, encoder), ElementsAre(93, 96, 99));
}

LoadOptions in_windows() {
  LoadOptions options;
  options.task = Task::regression;
  options.windows = {.size = 4, .horizon = 3};
  return options;
}

TEST(Windows, AreSplitInOrderAndCrossNoBorder) {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.csv", numbered(100));
  const Parts parts = load_csv(path, in_windows());
  expect_whole_windows(parts);
  EXPECT_EQ(parts.encoder.features()[0].mean, 36) << "of rows 0 to 71 alone";
  LoadOptions packed = in_windows();
  packed.pack_above = 0;
  expect_whole_windows(load_csv(path, packed));
}

TEST(Windows, WithoutTargetsGoToTheLastRow) {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.csv", numbered(100));
  const Encoder encoder = load_csv(path, in_windows()).encoder;
  EXPECT_EQ(Encoder::from_json(encoder.to_json()), encoder);
  EXPECT_EQ(load_csv(path, encoder, Targets::wanted).rows(), 94);
  const Dataset rows = load_csv(path, encoder, Targets::ignored);
  EXPECT_EQ(rows.rows(), 97);
  std::vector<float> inputs(8);
  rows.copy_inputs(std::vector<std::int64_t>{96}, inputs.data());
  EXPECT_EQ(row_of(inputs[6], encoder), 99);
}

TEST(Windows, OfClassesHaveTheClassOfTheirTarget) {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.csv", "c\na\nb\nb\na\nb\na\n");
  LoadOptions options{.test = 0, .validation = 0};
  options.windows = {.size = 2, .horizon = 1};
  const Dataset train = load_csv(path, options).train;
  ASSERT_EQ(train.rows(), 4);
  std::vector<std::int32_t> labels(4);
  train.copy_labels(all_rows(4), labels.data());
  EXPECT_THAT(labels, ElementsAre(1, 0, 1, 0));
  EXPECT_EQ(train.input_shape(), (Shape{2, 2}));
}

TEST(Windows, OutOfRangeAreErrors) {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.csv", numbered(20));
  LoadOptions options = in_windows();
  expect_error(ErrorKind::data,
               path +
                   ": the validation part has 2 rows, and a window of 4 with its target 3 rows later "
                   "needs 7; take a shorter window, another share for the part, or more rows",
               [&] { load_csv(path, options); });
  options.windows.horizon = 0;
  expect_error(ErrorKind::argument, "horizon is 0; expected 1 to 1048576 rows",
               [&] { load_csv(path, options); });
}

}  // namespace
}  // namespace retrograd::data
