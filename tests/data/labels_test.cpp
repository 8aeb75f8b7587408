// Targets of several labels a row: which they are, how they are encoded, and what is wrong with them.
#include <retrograd/data.h>
#include <retrograd/describe.h>
#include <retrograd/folds.h>

#include "data_test.h"

namespace retrograd::data {
namespace {

Table parse(const std::string& text, const CsvOptions& options = {}) {
  return parse_csv(text, "t.csv", options);
}

Encoder fit(const Table& table, const std::string& target = "", std::optional<Task> task = {}) {
  return Encoder::fit(table, find_target(table, target, task), all_rows(table.rows()));
}

std::vector<float> targets(const Dataset& dataset) {
  std::vector<float> values(static_cast<std::size_t>(dataset.rows() * dataset.target_width()));
  dataset.copy_targets(all_rows(dataset.rows()), values.data());
  return values;
}

TEST(FindTarget, SeveralColumnsOfTruthsAreLabels) {
  const Table table = parse("a,b,c,d,e,f\n1,0,true,Yes,2,x\n2,1,FALSE,no,0,y\n");
  EXPECT_EQ(find_target(table, "b,c,d").task, Task::multi_label);
  EXPECT_EQ(find_target(table, "b,e").task, Task::regression) << "2 is no truth";
  EXPECT_EQ(find_target(table, "b").task, Task::classification) << "one column is two classes";
  EXPECT_EQ(find_target(parse("a,b,c\n1,0,1\n2,1,1\n"), "b,c", Task::regression).task, Task::regression);
  EXPECT_STREQ(name(Task::multi_label), "multi-label");
}

TEST(FindTarget, AListIsLabelsOnlyWhereThatIsSaid) {
  const Table table = parse("a,tags\n1,x|y\n2,y\n3,\n");
  EXPECT_EQ(find_target(table, "tags", Task::multi_label).task, Task::multi_label);
  expect_error(ErrorKind::data, "t.csv: line 4: the target \"tags\" is missing; every row needs one",
               [&] { find_target(table, "tags"); });
}

TEST(FindTarget, NamesWhatIsWrongWithLabels) {
  expect_error(ErrorKind::data,
               "t.csv: line 3: the target \"c\" is \"2\"; expected 0 or 1, true or false, yes or no",
               [] { find_target(parse("a,b,c\n1,0,1\n2,1,2\n"), "b,c", Task::multi_label); });
  expect_error(ErrorKind::data, "t.csv: line 3: the target \"c\" is missing; every row needs one",
               [] { find_target(parse("a,b,c\n1,0,1\n2,1,\n"), "b,c", Task::multi_label); });
  expect_error(ErrorKind::argument,
               "target: the column \"b\" holds numbers; multi-label takes several columns of 0 and 1, or one "
               "that lists the labels of a row, as rain|wind",
               [] { find_target(parse("a,b\n1,0\n2,1\n"), "b", Task::multi_label); });
  expect_error(ErrorKind::data, "t.csv: all rows have the same labels in \"b,c\"; there is nothing to learn",
               [] { find_target(parse("a,b,c\n1,0,1\n2,0,1\n"), "b,c"); });
  expect_error(ErrorKind::data, "t.csv: all rows have the same labels in \"b\"; there is nothing to learn",
               [] { find_target(parse("a,b\n1,y|x\n2,x|y\n"), "b", Task::multi_label); });
}

TEST(Labels, ColumnsOfTruthsBecomeZerosAndOnes) {
  const Table table = parse("a,b,c\n1,0,yes\n2,1,No\n3,1,TRUE\n");
  const Encoder encoder = fit(table, "c,b");
  EXPECT_EQ(encoder.classes(), (std::vector<std::string>{"c", "b"}));
  const Dataset dataset = encoder.encode(table);
  EXPECT_EQ(dataset.task(), Task::multi_label);
  EXPECT_EQ(dataset.input_shape(), Shape{1});
  EXPECT_EQ(targets(dataset), (std::vector<float>{1, 0, 0, 1, 1, 1}));
  EXPECT_EQ(dataset.class_counts(), (std::vector<std::int64_t>{2, 2}));
  // In another file the same may be written otherwise.
  EXPECT_EQ(targets(encoder.encode(parse("c,b,a\n1,false,1\n0,true,1\n"))), (std::vector<float>{1, 0, 0, 1}));
}

TEST(Labels, AListHasAnyNumberOfThem) {
  const Table table = parse("a,tags\n1,wind | rain\n2,\n3,snow\n4,rain|rain|\n");
  const Encoder encoder = fit(table, "tags", Task::multi_label);
  EXPECT_EQ(encoder.classes(), (std::vector<std::string>{"rain", "snow", "wind"}));
  EXPECT_EQ(targets(encoder.encode(table)), (std::vector<float>{1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0}));
  EXPECT_FALSE(encoder.encode_inputs(parse("a\n1\n")).has_targets());
}

TEST(Labels, NumbersInAListStayText) {
  const Table table = parse("a,tags\n1,07|8\n2,8\n");
  const Encoder encoder = fit(table, "tags", Task::multi_label);
  const Table other = parse("a,tags\n1,8\n2,07\n", encoder.csv_options());
  EXPECT_EQ(targets(encoder.encode(other)), (std::vector<float>{0, 1, 1, 0}));
}

TEST(Labels, OneThatTheModelDoesNotKnowIsAnError) {
  const Encoder encoder = fit(parse("a,tags\n1,rain|wind\n2,wind\n"), "tags", Task::multi_label);
  expect_error(ErrorKind::data,
               "t.csv: line 3: the target \"tags\" has the label \"rains\", none of the model's 2; did you "
               "mean \"rain\"?",
               [&] { encoder.encode(parse("a,tags\n1,wind\n2,wind|rains\n")); });
}

TEST(Labels, EncoderRoundTripIsExact) {
  for (const Encoder& encoder : {fit(parse("a,b,c\n1,0,1\n2,1,0\n"), "b,c"),
                                 fit(parse("a,tags\n1,x|y\n2,\n"), "tags", Task::multi_label)}) {
    EXPECT_EQ(Encoder::from_json(encoder.to_json()), encoder);
  }
  for (const char* labels : {R"([])", R"(["y","x"])", R"(["x","x"])", R"("x")"}) {
    const std::string text =
        std::string(
            R"({"version":1,"task":"multi-label","features":[{"name":"a","type":"number","mean":0,)") +
        R"("deviation":1,"indicator":false}],"targets":[{"name":"t"}],"labels":)" + labels + "}";
    EXPECT_THROW(Encoder::from_json(text), Error) << labels;
  }
}

TEST(Labels, AreSplitAtRandomAndInFolds) {
  const TemporaryFolder folder;
  std::string text = "a,b,c\n";
  for (int i = 0; i < 100; ++i) {
    text += std::to_string(i) + "," + std::to_string(i % 2) + "," + std::to_string(i % 3 == 0 ? 1 : 0) + "\n";
  }
  const Parts parts = load_csv(folder.write("t.csv", text), {.target = "b,c"});
  EXPECT_EQ(parts.train.task(), Task::multi_label);
  EXPECT_EQ(parts.test.rows(), 20);
  EXPECT_EQ(parts.validation.rows(), 8);
  EXPECT_EQ(parts.train.classes(), (std::vector<std::string>{"b", "c"}));
  std::int64_t rows = 0;
  for (std::int64_t fold = 1; fold <= 3; ++fold) {
    rows += load_fold(folder.path() + "/t.csv", 3, fold, {.target = "b,c"}).test.rows();
  }
  EXPECT_EQ(rows, 100);
}

TEST(Labels, WindowsTakeThoseOfTheRowAheadOfThem) {
  const TemporaryFolder folder;
  std::string text = "a,b,c\n";
  for (int i = 0; i < 80; ++i) {
    text += std::to_string(i) + "," + std::to_string(i % 2) + "," + std::to_string(i % 4 == 0 ? 1 : 0) + "\n";
  }
  const Parts parts = load_csv(folder.write("t.csv", text), {.target = "b,c", .windows = {.size = 3}});
  // The first window is of rows 0 to 2, its target that of row 3.
  EXPECT_EQ(parts.train.target(0, 0), 1);
  EXPECT_EQ(parts.train.target(0, 1), 0);
  EXPECT_EQ(parts.train.target(1, 1), 1);
}

TEST(Labels, ListsThatAreTakenAsClassesAreNoted) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", "a,tags\n1,x|y\n2,x\n3,x|y\n4,x\n5,x\n6,x|y\n");
  const Parts parts = load_csv(path);
  EXPECT_EQ(parts.train.task(), Task::classification);
  ASSERT_EQ(parts.train.source().notices.size(), 1u);
  EXPECT_NE(parts.train.source().notices[0].find("multi-label"), std::string::npos);
  EXPECT_TRUE(load_csv(path, {.target = "tags", .task = Task::multi_label}).train.source().notices.empty());
  EXPECT_NE(describe(read_csv(path)).warnings.back().find("--task multi-label"), std::string::npos);
}

TEST(Labels, DatasetsOfThemHoldZerosAndOnes) {
  const std::vector<float> inputs{1, 2};
  const std::vector<float> right{1, 0, 0, 1}, wrong{1, 0, 0.5, 1};
  const Dataset dataset = Dataset::multi_label(inputs, {1}, right, {"x", "y"});
  EXPECT_EQ(dataset.target_width(), 2);
  EXPECT_EQ(dataset.target(1, 1), 1);
  expect_error(ErrorKind::data, "dataset: row 1 has 0.5 for the label \"x\"; expected 0 or 1", [&] {
    Dataset::multi_label(inputs, {1}, wrong, {"x", "y"});
  });
  expect_error(ErrorKind::shape, "dataset: 4 targets for 2 rows of 3 labels", [&] {
    Dataset::multi_label(inputs, {1}, right, {"x", "y", "z"});
  });
}

}  // namespace
}  // namespace retrograd::data
