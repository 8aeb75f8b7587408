// Folders of pictures from the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data/picture_files.h"
#include "tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using picture_files::filled;
using picture_files::jpeg;
using picture_files::png;
using testing::HasSubstr;
using testing::StartsWith;

// `rows` pictures of each class: "left" is bright on the left, "right" on the right.
void write_pictures(const Workplace& here, const std::string& folder, int rows, int side = 8) {
  for (const std::string name : {"left", "right"}) {
    for (int row = 0; row < rows; ++row) {
      picture_files::Samples samples{side, side, {}};
      for (int i = 0; i < side * side; ++i) {
        const bool bright = (i % side < side / 2) == (name == "left");
        samples.values.push_back(static_cast<std::uint8_t>(bright ? 200 + row % 50 : row % 30));
      }
      const std::string path = folder + "/" + name + "/" + std::to_string(100 + row);
      row % 2 == 0 ? here.write(path + ".png", png(samples)) : here.write(path + ".jpg", jpeg(samples, 1));
    }
  }
}

Outcome train(const Workplace& here, const std::vector<std::string>& arguments) {
  return here.run({"train", "--model", "flatten, linear(8), relu, linear(2)"}, arguments);
}

TEST(Pictures, AreLearnedEvaluatedAndPredicted) {
  const Workplace here;
  write_pictures(here, "photos", 40);
  const Outcome trained =
      train(here, {"images", "photos", "--epochs", "30", "--lr", "0.01", "--out", "run", "--json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_EQ(trained.json()["test"]["accuracy"], 1.0);
  EXPECT_EQ(trained.json()["test"]["rows"], 16);
  EXPECT_EQ(trained.json()["validation"]["rows"], 6);
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("size = '8x8'"));

  const Outcome again = here.run({"eval", "run", "--json"});
  EXPECT_EQ(again.json()["test"], trained.json()["test"]) << again.err;
  EXPECT_EQ(again.json()["data"], trained.json()["data"]);
  const Outcome all = here.run({"eval", "run", "--data", "photos", "--json"});
  EXPECT_EQ(all.json()["test"]["rows"], 80) << all.err;
  EXPECT_EQ(all.json()["test"]["accuracy"], 1.0);

  const Outcome folder = here.run({"predict", "run", "--data", "photos/right"});
  EXPECT_THAT(folder.out, StartsWith("prediction,p_left,p_right\nright,"));
  const Outcome one = here.run({"predict", "run", "--data", "photos/right/100.png"});
  EXPECT_EQ(one.out, folder.out.substr(0, one.out.size())) << one.err;
  EXPECT_EQ(std::count(one.out.begin(), one.out.end(), '\n'), 2);
}

TEST(Pictures, ARunIsRepeatedToTheByteFromItsConfiguration) {
  const Workplace here;
  write_pictures(here, "photos", 10);
  ASSERT_EQ(train(here, {"photos", "--epochs", "2", "--out", "run", "--seed", "3"}).exit_code, 0);
  const Outcome again = here.run({"train", "run/config.toml", "--out", "again"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(here.read("run/model.safetensors"), here.read("again/model.safetensors"));
}

TEST(Pictures, ACrossValidationTestsEveryOneOnceAndRepeats) {
  const Workplace here;
  write_pictures(here, "photos", 12);
  const Outcome all = train(here, {"photos", "--cv", "3", "--epochs", "2", "--out", "cv", "--json"});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  for (const auto& fold : all.json()["folds"]) EXPECT_EQ(fold["test"]["rows"], 8);
  EXPECT_EQ(here.run({"eval", "cv/fold-2", "--json"}).json()["test"], all.json()["folds"][1]["test"]);
  ASSERT_EQ(here.run({"train", "cv/fold-2/config.toml", "--out", "again"}).exit_code, 0);
  EXPECT_EQ(here.read("cv/fold-2/model.safetensors"), here.read("again/model.safetensors"));
}

TEST(Pictures, OfOtherSizesAreResizedWithANotice) {
  const Workplace here;
  write_pictures(here, "photos", 10);
  here.write("photos/left/large.png", png(filled(20, 30, {9})));
  const Outcome median = train(here, {"photos", "--epochs", "1"});
  EXPECT_EQ(median.exit_code, 0);
  EXPECT_THAT(median.err, HasSubstr("1 of 21 pictures are resized to 8 x 8 pixels"));
  const Outcome given = train(here, {"photos", "--epochs", "1", "--size", "4x6"});
  EXPECT_EQ(given.exit_code, 0);
  EXPECT_THAT(given.err, HasSubstr("21 of 21 pictures are resized to 4 x 6 pixels"));
}

TEST(Pictures, WhatCannotBeReadIsANoticeOrWithStrictDataAnErrorOfData) {
  const Workplace here;
  write_pictures(here, "photos", 10);
  here.write("photos/left/broken.png", "no picture");
  const Outcome lenient = train(here, {"photos", "--epochs", "1", "--out", "run"});
  EXPECT_EQ(lenient.exit_code, 0);
  EXPECT_THAT(lenient.err, HasSubstr("photos/left/broken.png: is neither PNG nor JPEG"));
  EXPECT_THAT(lenient.err, HasSubstr("1 of 21 pictures cannot be read and are left out."));
  const Outcome strict = train(here, {"photos", "--epochs", "1", "--strict-data"});
  EXPECT_EQ(strict.exit_code, 3);
  EXPECT_THAT(strict.err, HasSubstr("photos/left/broken.png: is neither PNG nor JPEG"));
  EXPECT_THAT(here.run({"eval", "run"}).err, HasSubstr("1 of 21 pictures cannot be read and are left out."));
  const Outcome given = here.run({"eval", "run", "--data", "photos", "--json"});
  EXPECT_EQ(given.json()["test"]["rows"], 20) << given.err;
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"eval", "run", "--strict-data"},
                                                    {"eval", "run", "--data", "photos", "--strict-data"}}) {
    const Outcome refused = here.run(arguments);
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_THAT(refused.err, HasSubstr("photos/left/broken.png: is neither PNG nor JPEG"));
  }
  // Answers are in the order of the files, so that none may be missing.
  EXPECT_EQ(here.run({"predict", "run", "--data", "photos"}).exit_code, 3);
}

TEST(Pictures, FoldersThatAreNoClassesAreErrorsOfData) {
  const Workplace here;
  here.write("empty/notes.txt", "");
  const Outcome empty = here.run({"train", "empty"});
  EXPECT_EQ(empty.exit_code, 3);
  EXPECT_THAT(empty.err, HasSubstr("empty: holds no folders; expected a folder for each class"));
  here.write("one/cat/1.png", png(filled(4, 4, {1})));
  const Outcome one = here.run({"train", "one"});
  EXPECT_EQ(one.exit_code, 3);
  EXPECT_THAT(one.err, HasSubstr("one: has only one class, the folder \"cat\""));
  here.write("one/dog/1.gif", "GIF89a");
  const Outcome without = here.run({"train", "one"});
  EXPECT_EQ(without.exit_code, 3);
  EXPECT_THAT(without.err, HasSubstr("one/dog: holds no picture"));
}

TEST(Pictures, SettingsThatAreNotTheirsAreErrorsOfUsage) {
  const Workplace here;
  write_pictures(here, "photos", 4);
  const auto expect_usage = [&](const std::vector<std::string>& arguments, const std::string& message) {
    const Outcome outcome = here.run(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(message));
  };
  expect_usage({"train", "photos", "--target", "x"}, "--target: is for tables");
  expect_usage({"train", "photos", "--cv", "300"}, "cross-validation: 300 folds of 8 rows");
  for (const std::string size : {"8", "8x", "x8", "0x8", "8x8x8", "9999x9", "axb"}) {
    expect_usage({"train", "photos", "--size", size}, "--size: \"" + size + "\" is no size");
  }
  expect_usage({"train", cli_test::digits(), "--size", "8x8"}, "--size: is for a folder of pictures");
  expect_usage({"train", cli_test::digits(), "--strict-data"}, "--strict-data: is for a folder of pictures");
  here.write("rows.csv", cli_test::two_classes(20));
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "1", "--out", "run"}).exit_code, 0);
  expect_usage({"eval", "run", "--strict-data"}, "--strict-data: is for a folder of pictures");
  expect_usage({"eval", "run", "--data", "rows.csv", "--strict-data"},
               "--strict-data: is for a folder of pictures");
  here.write("book.txt", std::string(400, 'a') + std::string(400, 'b'));
  ASSERT_EQ(here.run({"train", "book.txt", "--model", "gru-lm(4)", "--context", "8", "--epochs", "1", "--out",
                      "text"})
                .exit_code,
            0);
  expect_usage({"eval", "text", "--strict-data"}, "--strict-data: is for pictures");
  expect_usage({"train", "book.txt", "--cv", "3"}, "--cv: is for tables and images");
  expect_usage({"train", "table", "photos"}, "photos: is one word too many");
}

TEST(Pictures, AndTablesAreNotTakenForEachOther) {
  const Workplace here;
  write_pictures(here, "photos", 6);
  ASSERT_EQ(train(here, {"photos", "--epochs", "1", "--out", "run"}).exit_code, 0);
  here.write("table.csv", cli_test::two_classes(20));
  const Outcome table = here.run({"eval", "run", "--data", "table.csv"});
  EXPECT_EQ(table.exit_code, 3);
  EXPECT_THAT(table.err, HasSubstr("table.csv: the model was trained on images"));
  here.write("photos/lefd/1.png", png(filled(8, 8, {1})));
  const Outcome other = here.run({"eval", "run", "--data", "photos"});
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_THAT(other.err, HasSubstr("did you mean \"left\"?"));
}

}  // namespace
