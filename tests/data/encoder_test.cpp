// The target, the encoder, and its text form.
#include <retrograd/encoder.h>

#include <cmath>
#include <random>

#include "data_test.h"

namespace retrograd::data {
namespace {

Table parse(const std::string& text, const CsvOptions& options = {}) {
  return parse_csv(text, "t.csv", options);
}

Encoder fit(const Table& table, const std::string& target = "", std::optional<Task> task = {}) {
  return Encoder::fit(table, find_target(table, target, task), all_rows(table.rows()));
}

std::vector<float> inputs(const Dataset& dataset) {
  std::vector<float> values(static_cast<std::size_t>(dataset.rows() * dataset.input_shape().size()));
  dataset.copy_inputs(all_rows(dataset.rows()), values.data());
  return values;
}

TEST(FindTarget, TakesTheLastColumnAndInfersTheTask) {
  EXPECT_EQ(find_target(parse("a,b\n1,x\n2,y\n")).columns, std::vector<int>{1});
  EXPECT_EQ(find_target(parse("a,b\n1,x\n2,y\n")).task, Task::classification);
  EXPECT_EQ(find_target(parse("a,b\n1,true\n2,false\n")).task, Task::classification);
  EXPECT_EQ(find_target(parse("a,b\n1,3\n2,4.0\n")).task, Task::classification);
  EXPECT_EQ(find_target(parse("a,b\n1,3\n2,4.5\n")).task, Task::regression);
  EXPECT_EQ(find_target(parse("a,b\n1,3\n2,4\n"), "b", Task::regression).task, Task::regression);
  EXPECT_EQ(find_target(parse("a,b\n1,3.5\n2,4\n"), "b", Task::classification).task, Task::classification);
}

TEST(FindTarget, TwentyIntegersAreClassesTwentyOneAreNumbers) {
  std::string text = "a,b\n";
  for (int i = 0; i < 20; ++i) text += "1," + std::to_string(i) + "\n1," + std::to_string(i) + "\n";
  EXPECT_EQ(find_target(parse(text)).task, Task::classification);
  EXPECT_EQ(find_target(parse(text + "1,20\n")).task, Task::regression);
}

TEST(FindTarget, TakesSeveralColumns) {
  const Table table = parse("a,b,\"c,d\"\n1,2,3\n4,5,6\n");
  EXPECT_EQ(find_target(table, "c,d").columns, std::vector<int>{2});
  const Target target = find_target(table, "b,a");
  EXPECT_EQ(target.columns, (std::vector<int>{1, 0}));
  EXPECT_EQ(target.task, Task::regression);
  expect_error(ErrorKind::argument, "target: the column \"a\" is named twice",
               [&] { find_target(table, "a,a"); });
  expect_error(ErrorKind::argument, "target: classification takes one column, got 2",
               [&] { find_target(table, "a,b", Task::classification); });
}

TEST(FindTarget, NamesWhatIsWrong) {
  expect_error(ErrorKind::argument, "t.csv has no column \"digt\": did you mean \"digit\"?",
               [] { find_target(parse("digit,a\n1,2\n"), "digt"); });
  expect_error(ErrorKind::data,
               "t.csv: the target \"b\" has only one class, \"x\"; classification needs at least two",
               [] { find_target(parse("a,b\n1,x\n2,x\n")); });
  expect_error(ErrorKind::data, "t.csv: line 3: the target \"b\" is missing; every row needs one",
               [] { find_target(parse("a,b\n1,x\n2,\n")); });
  expect_error(ErrorKind::argument, "target: the column \"b\" holds text (\"x\"); regression needs numbers",
               [] { find_target(parse("a,b\n1,x\n2,y\n"), "b", Task::regression); });
  expect_error(ErrorKind::data, "t.csv: has no column beside the target; expected at least one to learn from",
               [] { fit(parse("b\nx\ny\n")); });
}

TEST(Encoder, TrainingColumnsHaveMeanZeroAndDeviationOne) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal(1000, 0.01);
  std::string text = "a,b,c,t\n";
  for (int i = 0; i < 500; ++i) {
    text += std::to_string(normal(random)) + "," + std::to_string(i % 7) + ",1e300,x" +
            std::to_string(i % 2) + "\n";
    text += "999,-1e200,-1e300,x0\n";
  }
  const Table table = parse(text);
  const Dataset dataset = fit(table).encode(table);
  const std::vector<float> x = inputs(dataset);
  for (std::size_t column = 0; column < 3; ++column) {
    double sum = 0, squares = 0;
    for (std::size_t row = 0; row < 1000; ++row) {
      const double value = x[row * 3 + column];
      sum += value;
      squares += value * value;
    }
    // The values are f32: 1000 roundings of half an ulp of about 1, on average far less than that each.
    EXPECT_NEAR(sum / 1000, 0, 1e-6);
    EXPECT_NEAR(std::sqrt(squares / 1000), 1, 1e-6);
  }
}

TEST(Encoder, FitsOnTheTrainingRowsAlone) {
  const Table table = parse("a,c,t\n1,x,p\n3,y,q\n100,z,p\n,x,q\n");
  const std::vector<std::int64_t> training{0, 1};
  const Encoder encoder = Encoder::fit(table, find_target(table), training);
  EXPECT_EQ(encoder.features()[0].mean, 2);
  EXPECT_EQ(encoder.features()[0].deviation, 1);
  EXPECT_FALSE(encoder.features()[0].indicator);
  EXPECT_EQ(encoder.features()[1].categories, (std::vector<std::string>{"x", "y"}));
  // 100 is 98 deviations off; z was never seen; a missing number without an indicator is the mean.
  EXPECT_EQ(inputs(encoder.encode(table)), (std::vector<float>{-1, 1, 0, 1, 0, 1, 98, 0, 0, 0, 1, 0}));
}

TEST(Encoder, AConstantColumnBecomesZero) {
  const Table table = parse("a,b,t\n0.1,1,x\n0.1,2,y\n0.1,3,x\n");
  const Encoder encoder = fit(table);
  EXPECT_EQ(encoder.features()[0].deviation, 0);
  EXPECT_EQ(inputs(encoder.encode_inputs(parse("a,b\n7,2\n"))), (std::vector<float>{0, 0}));
}

TEST(Encoder, MissingNumbersBecomeTheMeanAndAnIndicator) {
  const Table table = parse("a,t\n1,x\n,y\n3,x\n");
  const Encoder encoder = fit(table);
  EXPECT_EQ(encoder.input_names(), (std::vector<std::string>{"a", "a (missing)"}));
  EXPECT_EQ(inputs(encoder.encode(table)), (std::vector<float>{-1, 0, 0, 1, 1, 0}));
}

TEST(Encoder, RareUnseenAndMissingTextIsOther) {
  std::string text = "a,t\n";
  for (int i = 0; i < 150; ++i) {
    const std::string word = "w" + std::to_string(1000 + i);
    text += word + ",x\n" + word + ",y\n";
    if (i >= 50) text += word + ",x\n";  // the hundred frequent ones
  }
  const Encoder encoder = fit(parse(text));
  EXPECT_EQ(encoder.input_shape(), Shape{101});
  EXPECT_EQ(encoder.features()[0].categories.front(), "w1050");
  const std::vector<float> x = inputs(encoder.encode_inputs(parse("a\nw1149\nw1000\nunseen\n\"\"\n")));
  EXPECT_EQ(x[99], 1);
  for (std::size_t row = 1; row < 4; ++row) EXPECT_EQ(x[row * 101 + 100], 1);
  for (std::size_t row = 0; row < 4; ++row) {
    EXPECT_EQ(std::accumulate(x.begin() + static_cast<long>(row * 101),
                              x.begin() + static_cast<long>(row * 101 + 101), 0.0f),
              1);
  }
}

TEST(Encoder, MissingTextIsOther) {
  const Table table = parse("a,t\nr,x\n\"\",y\ng,x\n");
  const Encoder encoder = fit(table);
  EXPECT_EQ(encoder.input_names(), (std::vector<std::string>{"a = g", "a = r", "a = other"}));
  EXPECT_EQ(inputs(encoder.encode(table)), (std::vector<float>{0, 1, 0, 0, 0, 1, 1, 0, 0}));
}

TEST(Encoder, ClassNamesAreSortedNumbersByValue) {
  const Table numbers = parse("a,t\n1,10\n2,9\n3,-1\n");
  EXPECT_EQ(fit(numbers).classes(), (std::vector<std::string>{"-1", "9", "10"}));
  const Table words = parse("a,t\n1,b\n2,a\n3,C\n");
  EXPECT_EQ(fit(words).classes(), (std::vector<std::string>{"C", "a", "b"}));
  const Dataset dataset = fit(numbers).encode(numbers);
  EXPECT_EQ(dataset.label(0), 2);
  EXPECT_EQ(dataset.label(2), 0);
  EXPECT_EQ(dataset.class_counts(), (std::vector<std::int64_t>{1, 1, 1}));
}

TEST(Encoder, NumbersAsClassesAreComparedByValue) {
  const Encoder encoder = fit(parse("a,t\n1,3\n2,4\n"));
  EXPECT_EQ(encoder.encode(parse("a,t\n1,4.0\n1,3e0\n")).label(0), 1);
  expect_error(ErrorKind::data, "t.csv: line 3: the target \"t\" is \"5\", none of the model's 2 classes",
               [&] { encoder.encode(parse("a,t\n1,4\n1,5\n")); });
}

TEST(Encoder, TextKeepsItsLeadingZeros) {
  const Encoder encoder = fit(parse("zip,t\n07,x\n7,y\nA,x\n"));
  EXPECT_EQ(encoder.text_columns(), (std::vector<std::string>{"zip", "t"}));
  const Table table = parse("zip\n07\n7\n", {.text_columns = encoder.text_columns()});
  EXPECT_EQ(inputs(encoder.encode_inputs(table)), (std::vector<float>{1, 0, 0, 0, 1, 0}));
  // Without that, a number stands for its shortest text.
  EXPECT_EQ(inputs(encoder.encode_inputs(parse("zip\n7\n"))), (std::vector<float>{0, 1, 0}));
}

TEST(Encoder, RegressionTargetsAreStandardised) {
  const Table table = parse("a,t,u\n1,10,1\n2,20.5,1\n3,30.5,1\n");
  const Encoder encoder = fit(table, "t,u");
  const Dataset dataset = encoder.encode(table);
  EXPECT_EQ(dataset.target_width(), 2);
  // f32 holds the standardised value to half an ulp of 1.2: 6e-8, times a deviation of 8.4.
  for (int row = 0; row < 3; ++row) {
    EXPECT_NEAR(encoder.in_units(dataset.target(row, 0), 0),
                table["t"].numbers[static_cast<std::size_t>(row)], 1e-6);
  }
  EXPECT_EQ(dataset.target(0, 1), 0);
  EXPECT_EQ(encoder.in_units(0, 1), 1);
}

TEST(Encoder, FindsColumnsByNameAndIgnoresOthers) {
  const Encoder encoder = fit(parse("a,b,t\n1,5,x\n3,7,y\n"));
  EXPECT_EQ(inputs(encoder.encode_inputs(parse("more,b,a\nq,5,3\n"))), (std::vector<float>{1, -1}));
}

TEST(Encoder, NamesWhatDoesNotFit) {
  const Encoder encoder = fit(parse("age,size,t\n1,5,x\n3,7,y\n"));
  expect_error(ErrorKind::data,
               "t.csv: line 3: column \"size\" has \"big\"; expected a number, as in training",
               [&] { encoder.encode_inputs(parse("age,size\n1,2\n1,big\n")); });
  expect_error(
      ErrorKind::data,
      "t.csv: lacks 2 of the 2 columns that the model needs: \"age\" did you mean \"agee\"?, \"size\"",
      [&] { encoder.encode_inputs(parse("agee,q\n1,2\n")); });
  expect_error(ErrorKind::data, "t.csv: lacks 1 of the 3 columns that the model needs: \"t\"",
               [&] { encoder.encode(parse("age,size\n1,2\n")); });
  expect_error(
      ErrorKind::data,
      "t.csv: line 2: column \"age\" has 1e+300, which is too large beside a training deviation of 1",
      [&] { encoder.encode_inputs(parse("age,size\n1e300,2\n")); });
  expect_error(
      ErrorKind::data,
      "t.csv: line 3: the target \"t\" is \"xx\", none of the model's 2 classes; did you mean \"x\"?",
      [&] { encoder.encode(parse("age,size,t\n1,2,x\n1,2,xx\n")); });
  expect_error(ErrorKind::data, "t.csv: line 2: the target \"t\" is missing; every row needs one",
               [&] { encoder.encode(parse("age,size,t\n1,2,\n1,2,x\n")); });
  expect_error(ErrorKind::data, "t.csv: is a table; the model takes images [1, 2, 2]", [&] {
    Encoder::images({1, 2, 2}, {"0", "1"}).encode_inputs(parse("a\n1\n"));
  });
}

TEST(EncoderJson, RoundTripIsExact) {
  const Table table =
      parse("a,\"b \"\"q\"\"\",c,t\n0.1,r,,1.7\n0.7,g,5,2.123456789012345678\n1e-300,\"\",7,-3e10\n");
  const Encoder regression = fit(table);
  EXPECT_EQ(Encoder::from_json(regression.to_json()), regression);
  EXPECT_NE(regression, fit(table, "a"));
  const Encoder words = fit(parse("a,t\n1,x\n2,\xC3\xA4\n"));
  EXPECT_EQ(Encoder::from_json(words.to_json()), words);
  const Encoder numbers = fit(parse("a,t\n1,10\n2,9\n"));
  EXPECT_EQ(Encoder::from_json(numbers.to_json()), numbers);
  const Encoder images = Encoder::images({3, 32, 32}, {"0", "2", "10"});
  EXPECT_EQ(Encoder::from_json(images.to_json()), images);
}

// Whatever is cut or changed, from_json either gives an encoder or throws an Error of kind data.
TEST(EncoderJson, DamagedTextIsAnError) {
  const std::string text = fit(parse("a,b,c,t\n1,x,,p\n2,y,3,q\n")).to_json();
  std::mt19937 random(2);
  for (int trial = 0; trial < 3000; ++trial) {
    std::string damaged = text;
    if (trial < static_cast<int>(text.size())) {
      damaged.resize(static_cast<std::size_t>(trial));
    } else {
      damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    }
    try {
      Encoder::from_json(damaged);
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::data) << error.what();
    }
    if (trial < static_cast<int>(text.size())) {
      EXPECT_THROW(Encoder::from_json(damaged), Error);
    }
  }
}

TEST(EncoderJson, NamesWhatIsWrong) {
  const auto expect = [](const std::string& text, const std::string& message) {
    expect_error(ErrorKind::data, message, [&] { Encoder::from_json(text); });
  };
  expect("{", "encoder: is not JSON text");
  expect("[]", "encoder: expected an object with \"version\"");
  expect(R"({"version":2})", "encoder: has version 2; this program knows version 1");
  expect(R"({"version":1,"task":"guess"})", "encoder: \"guess\" is no task");
  expect(R"({"version":1,"task":"regression","features":[]})", "encoder: there are no features");
  expect(
      R"({"version":1,"task":"regression","features":[{"name":"a","type":"number","mean":0,"deviation":-1,"indicator":false}]})",
      "encoder: the deviation of \"a\" is negative");
  expect(R"({"version":1,"task":"classification","image":[1,99999999,2],"targets":[],"classes":["a","b"]})",
         "encoder: \"image\" has an extent that is not 1 to 65536");
  expect(
      R"({"version":1,"task":"classification","image":[1,2,2],"targets":[],"classes":["a","a"],"number_classes":false})",
      "encoder: \"classes\" has a text twice");
}

}  // namespace
}  // namespace retrograd::data
