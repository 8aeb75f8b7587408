// Rows that are their own targets: of arrays, tables, images.
#include <retrograd/data.h>
#include <retrograd/folds.h>
#include <retrograd/images.h>

#include "data_test.h"
#include "picture_files.h"

namespace retrograd::data {
namespace {

using picture_files::filled;
using picture_files::png;

std::vector<float> inputs_of(const Dataset& data) {
  std::vector<float> values(static_cast<std::size_t>(data.rows() * data.input_shape().size()));
  data.copy_inputs(all_rows(data.rows()), values.data());
  return values;
}

std::vector<float> targets_of(const Dataset& data) {
  std::vector<float> values(static_cast<std::size_t>(data.rows() * data.target_width()));
  data.copy_targets(all_rows(data.rows()), values.data());
  return values;
}

TEST(Reconstruction, ARowIsItsOwnTarget) {
  const std::vector<float> x{1, 2, 3, 4, 5, 6};
  const Dataset data = Dataset::reconstruction(x, {3});
  EXPECT_EQ(data.rows(), 2);
  EXPECT_STREQ(name(data.task()), "reconstruction");
  EXPECT_TRUE(gives_numbers(data.task()));
  EXPECT_TRUE(data.has_targets());
  EXPECT_EQ(data.target_width(), 3);
  EXPECT_TRUE(data.classes().empty());
  EXPECT_TRUE(data.class_counts().empty());
  EXPECT_EQ(targets_of(data), x);
  const std::vector<std::int64_t> rows{1, 0, 1};
  EXPECT_EQ(targets_of(data.subset(rows)), (std::vector<float>{4, 5, 6, 1, 2, 3, 4, 5, 6}));
  const Batch batch = batches(data, {.size = 2, .shuffle = false})[0];
  EXPECT_EQ(batch.targets.shape(), (Shape{2, 3}));
  EXPECT_EQ(batch.targets.to_vector<float>(), x);
  expect_error(ErrorKind::argument, "dataset: the targets are the inputs; copy_inputs gives them",
               [&] { data.target(0); });
  expect_error(ErrorKind::argument, "dataset: there are no class labels", [&] { data.label(0); });
}

TEST(Reconstruction, IsAViewOfAnyRows) {
  const std::vector<float> x{1, 2, 3, 4};
  const Dataset classes =
      Dataset::classification(x, {2}, std::vector<std::int32_t>{0, 1}, {"a", "b"}).slice(1, 2);
  const Dataset data = classes.as_reconstruction();
  EXPECT_EQ(data.rows(), 1);
  EXPECT_EQ(targets_of(data), (std::vector<float>{3, 4}));
  EXPECT_EQ(classes.task(), Task::classification) << "is as it was";
  EXPECT_EQ(classes.label(0), 1);
  const std::vector<float> weights{1, 2};
  const Dataset weighted =
      Dataset::regression(x, {2}, std::vector<float>{7, 8}, 1).with_weights(weights).as_reconstruction();
  EXPECT_TRUE(weighted.has_weights());
  const Vocabulary vocabulary = Vocabulary::bytes();
  const Dataset text = Dataset::text(std::vector<std::int32_t>{1, 2, 3, 4}, 2, vocabulary);
  expect_error(ErrorKind::argument, "dataset: reconstruction is not for text, which predicts its next token",
               [&] { text.as_reconstruction(); });
}

constexpr const char* csv = "age,colour,name\n1,red,x\n2,blue,y\n3,red,\n4,,z\n5,blue,w\n6,red,v\n";

TEST(Reconstruction, AllColumnsAreInputs) {
  const TemporaryFolder folder;
  const Parts parts = load_csv(folder.write("t.csv", csv), {.task = Task::reconstruction, .test = 0});
  EXPECT_EQ(parts.encoder.features().size(), 3u);
  EXPECT_TRUE(parts.encoder.targets().empty());
  EXPECT_TRUE(parts.encoder.classes().empty());
  EXPECT_EQ(parts.train.target_width(), parts.encoder.row_width());
  EXPECT_EQ(inputs_of(parts.train), targets_of(parts.train));
}

TEST(Reconstruction, NamedTargetsAreNoInputsWhateverTheyHold) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", csv);
  const Parts parts = load_csv(path, {.target = "name,colour", .task = Task::reconstruction});
  EXPECT_EQ(parts.encoder.input_names(), std::vector<std::string>{"age"});
  const Dataset rows = load_csv(folder.write("new.csv", "age\n7\n"), parts.encoder, Targets::wanted);
  EXPECT_EQ(rows.rows(), 1) << "they may be absent";
  EXPECT_EQ(rows.task(), Task::reconstruction);
  expect_error(ErrorKind::argument, path + " has no column \"nam\": did you mean \"name\"?",
               [&] { load_csv(path, {.target = "nam", .task = Task::reconstruction}); });
  expect_error(ErrorKind::data,
               path + ": has no column beside the target; expected at least one to learn from",
               [&] { load_csv(path, {.target = "age,name,colour", .task = Task::reconstruction}); });
}

TEST(Reconstruction, IsSplitAtRandomNotByClass) {
  const TemporaryFolder folder;
  std::string text = "x,class\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + (i < 50 ? ",a\n" : ",b\n");
  const Parts parts =
      load_csv(folder.write("t.csv", text), {.target = "class", .task = Task::reconstruction});
  const Split expected = split(100, {});
  const std::vector<Encoder::Units> units = parts.encoder.input_units();
  ASSERT_EQ(units.size(), 1u);
  const std::vector<float> x = inputs_of(parts.test);
  ASSERT_EQ(x.size(), expected.test.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR(units[0].offset + units[0].scale * static_cast<double>(x[i]),
                static_cast<double>(expected.test[i]), 1e-4);
  }
  EXPECT_EQ(load_fold(folder.path() + "/t.csv", 4, 1, LoadOptions{.task = Task::reconstruction}).test.rows(),
            25);
}

TEST(Reconstruction, HasNoWindows) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", csv);
  const char* message =
      "window: reconstruction gives back single rows, not windows of a time series; leave one of the two "
      "away";
  expect_error(ErrorKind::argument, message,
               [&] { load_csv(path, {.task = Task::reconstruction, .windows = {.size = 2}}); });
  const Table table = read_csv(path);
  expect_error(ErrorKind::argument, message, [&] {
    Encoder::fit(table, find_target(table, {}, Task::reconstruction), all_rows(6), {.size = 2});
  });
  const Encoder windows = Encoder::fit(table, find_target(table, "age"), all_rows(6), {.size = 2});
  expect_error(ErrorKind::argument, message, [&] { windows.as_reconstruction(); });
}

// The same cells read again from the file as those that are kept.
TEST(Reconstruction, OfATableThatStaysInItsFile) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", csv);
  LoadOptions options{.target = "name", .task = Task::reconstruction, .pack_above = 0};
  const Parts kept = load_csv(path, options);
  options.memory = 0;
  const Parts streamed = load_csv(path, options);
  EXPECT_EQ(inputs_of(streamed.train), inputs_of(kept.train));
  EXPECT_EQ(targets_of(streamed.train), inputs_of(kept.train));
}

TEST(Reconstruction, UnitsAreThoseOfColumnsOfNumbers) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("t.csv", "age,colour,born\n1,red,2001-01-01\n3,blue,2001-01-03\n,red,2001-01-02\n");
  const Parts parts = load_csv(path, {.task = Task::reconstruction,
                                      .test = 0,
                                      .validation = 0,
                                      .csv = {.types = {{"born", ColumnType::date}}}});
  const std::vector<std::string> names = parts.encoder.input_names();
  const std::vector<Encoder::Units> units = parts.encoder.input_units();
  ASSERT_EQ(units.size(), names.size());
  for (std::size_t j = 0; j < names.size(); ++j) {
    const bool number = names[j] == "age" || names[j] == "born (days)";
    EXPECT_EQ(units[j].offset != 0 || units[j].scale != 1, number) << names[j];
    if (number) {
      EXPECT_DOUBLE_EQ(units[j].offset, names[j] == "age" ? 2 : 11324) << "2001-01-02";
    }
  }
  const auto of_images = Encoder::images({3, 2, 2}, {"a", "b"}).as_reconstruction().input_units();
  ASSERT_EQ(of_images.size(), 12u);
  EXPECT_EQ(of_images[7].scale, 1);
}

TEST(Reconstruction, EncodersGoThroughTheirText) {
  const TemporaryFolder folder;
  const Encoder table = load_csv(folder.write("t.csv", csv), {.task = Task::reconstruction}).encoder;
  const Encoder images = Encoder::images({1, 4, 4}, {"a", "b"}).as_reconstruction();
  for (const Encoder& encoder : {table, images}) {
    EXPECT_EQ(Encoder::from_json(encoder.to_json()), encoder);
    EXPECT_EQ(Encoder::from_json(encoder.to_json()).task(), Task::reconstruction);
  }
  std::string text = images.to_json();
  text.replace(text.find("\"targets\":[]"), 12, "\"targets\":[{\"name\":\"y\"}]");
  expect_error(ErrorKind::data, "encoder: reconstruction has a target beside its inputs",
               [&] { Encoder::from_json(text); });
}

TEST(Reconstruction, TakesPicturesOfAFolderWithoutClasses) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() + "/more");
  for (int i = 0; i < 10; ++i) {
    const auto grey = static_cast<std::uint8_t>(20 * i);
    folder.write((i < 7 ? "" : "more/") + std::to_string(i) + ".png", png(filled(4, 6, {grey})));
  }
  const Parts parts = load_images(folder.path(), {.task = Task::reconstruction});
  EXPECT_EQ(parts.train.rows() + parts.validation.rows() + parts.test.rows(), 10);
  EXPECT_EQ(parts.train.task(), Task::reconstruction);
  EXPECT_EQ(parts.train.target_width(), 24);
  EXPECT_EQ(targets_of(parts.test), inputs_of(parts.test));
  EXPECT_EQ(parts.encoder.task(), Task::reconstruction);
  for (const Targets targets : {Targets::wanted, Targets::ignored}) {
    const Dataset rows = load_images(folder.path(), parts.encoder, targets);
    EXPECT_EQ(rows.rows(), 10);
    EXPECT_EQ(rows.task(), Task::reconstruction);
  }
  folder.write("8.png", "no picture");
  EXPECT_EQ(load_images(folder.path(), parts.encoder, Targets::wanted).rows(), 10) << "is left out";
  expect_error(ErrorKind::argument,
               "images: the task is regression; known are classification, reconstruction",
               [&] { load_images(folder.path(), {.task = Task::regression}); });
  const TemporaryFolder empty;
  expect_error(ErrorKind::data,
               empty.path() + ": holds no picture; expected PNG or JPEG files (.png, .jpg, .jpeg)",
               [&] { load_images(empty.path(), {.task = Task::reconstruction}); });
}

}  // namespace
}  // namespace retrograd::data
