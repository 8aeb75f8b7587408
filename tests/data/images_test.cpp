// Folders of pictures: what is found, of which size, what is left out, the split.
#include <retrograd/folds.h>
#include <retrograd/images.h>

#include <algorithm>
#include <map>

#include "data/data_test.h"
#include "data/file.h"
#include "data/picture_files.h"

namespace retrograd::data {
namespace {

using picture_files::filled;
using picture_files::jpeg;
using picture_files::png;

// Pictures of `side` pixels, all of one tone, which grows with the number.
void write_class(const TemporaryFolder& folder, const std::string& name, int count, int side, int first) {
  std::filesystem::create_directories(folder.path() + "/" + name);
  for (int i = 0; i < count; ++i) {
    folder.write(name + "/" + std::to_string(100 + i) + ".png",
                 png(filled(side, side, {static_cast<std::uint8_t>(first + i)})));
  }
}

// Tone of the first pixel, for each row of the part its label.
std::map<int, int> tones(const Dataset& part) {
  std::map<int, int> found;
  std::vector<float> pixels(static_cast<std::size_t>(part.input_shape().size()));
  for (std::int64_t row = 0; row < part.rows(); ++row) {
    part.copy_inputs(std::vector<std::int64_t>{row}, pixels.data());
    found[static_cast<int>(pixels[0] * 255 + 0.5f)] = part.label(row);
  }
  return found;
}

TEST(Images, AFolderIsAClassInTheOrderOfNames) {
  const TemporaryFolder folder;
  write_class(folder, "dog", 10, 4, 100);
  write_class(folder, "cat", 20, 4, 50);
  const Parts parts = load_images(folder.path());
  EXPECT_EQ(parts.train.classes(), (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(parts.train.input_shape(), (Shape{1, 4, 4}));
  EXPECT_EQ(parts.encoder, Encoder::images({1, 4, 4}, {"cat", "dog"}));
  std::map<int, int> all = tones(parts.train);
  all.merge(tones(parts.validation));
  all.merge(tones(parts.test));
  ASSERT_EQ(all.size(), 30u) << "every picture is in one part";
  for (const auto& [tone, label] : all) EXPECT_EQ(label, tone >= 100 ? 1 : 0) << tone;
  EXPECT_TRUE(parts.train.source().notices.empty());
}

TEST(Images, AreSplitByClassAndSeed) {
  const TemporaryFolder folder;
  write_class(folder, "a", 20, 2, 0);
  write_class(folder, "b", 10, 2, 100);
  const Parts parts = load_images(folder.path(), {.test = 0.2, .validation = 0.25});
  EXPECT_EQ(parts.test.class_counts(), (std::vector<std::int64_t>{4, 2}));
  EXPECT_EQ(parts.validation.class_counts(), (std::vector<std::int64_t>{4, 2}));
  EXPECT_EQ(parts.train.class_counts(), (std::vector<std::int64_t>{12, 6}));
  EXPECT_EQ(tones(load_images(folder.path(), {.validation = 0.25}).test), tones(parts.test));
  EXPECT_NE(tones(load_images(folder.path(), {.validation = 0.25, .seed = 2}).test), tones(parts.test));
}

TEST(Images, TakeTheMedianSizeAndSayWhatIsResized) {
  const TemporaryFolder folder;
  write_class(folder, "a", 3, 4, 10);
  write_class(folder, "b", 1, 9, 100);
  const Parts parts = load_images(folder.path(), {.test = 0, .validation = 0});
  EXPECT_EQ(parts.train.input_shape(), (Shape{1, 4, 4}));
  EXPECT_EQ(parts.train.source().notices,
            (std::vector<std::string>{"1 of 4 pictures are resized to 4 x 4 pixels (height x width)."}));
  EXPECT_EQ(tones(parts.train), (std::map<int, int>{{10, 0}, {11, 0}, {12, 0}, {100, 1}}));
  EXPECT_EQ(load_images(folder.path(), {.height = 3, .width = 7}).train.input_shape(), (Shape{1, 3, 7}));
}

TEST(Images, OfMoreThan128PixelsAreMadeSmallerInTheirProportions) {
  const TemporaryFolder folder;
  for (const std::string name : {"a", "b"}) {
    std::filesystem::create_directories(folder.path() + "/" + name);
    folder.write(name + "/1.png", png(filled(100, 200, {5})));
  }
  EXPECT_EQ(load_images(folder.path()).train.input_shape(), (Shape{1, 64, 128}));
}

TEST(Images, HaveColoursWhereOneFileHas) {
  const TemporaryFolder folder;
  write_class(folder, "a", 3, 8, 10);
  std::filesystem::create_directories(folder.path() + "/b");
  folder.write("b/1.JPEG", jpeg(filled(8, 8, {200, 100, 50}), 3));
  const Parts parts = load_images(folder.path(), {.test = 0, .validation = 0});
  EXPECT_EQ(parts.train.input_shape(), (Shape{3, 8, 8}));
  EXPECT_EQ(parts.train.source().notices,
            (std::vector<std::string>{"3 of 4 pictures are made RGB as the others are."}));
}

TEST(Images, WhatCannotBeReadIsNamedAndLeftOutOrAnError) {
  const TemporaryFolder folder;
  write_class(folder, "a", 4, 4, 10);
  write_class(folder, "b", 4, 4, 100);
  const std::string empty = folder.write("a/broken.png", ""), cut = folder.write("b/cut.png", "");
  const std::string whole = png(filled(4, 4, {9}));
  folder.write("b/cut.png", whole.substr(0, whole.size() - 20));
  folder.write("b/notes.txt", "a text");
  folder.write("b/.hidden.png", "");
  const Parts parts = load_images(folder.path(), {.test = 0, .validation = 0});
  EXPECT_EQ(parts.train.rows(), 8);
  const std::vector<std::string>& notices = parts.train.source().notices;
  ASSERT_EQ(notices.size(), 4u);
  EXPECT_EQ(notices[0], empty + ": is empty");
  EXPECT_EQ(notices[1].find(cut + ": PNG: "), 0u) << notices[1];
  EXPECT_EQ(notices[2], "2 of 10 pictures cannot be read and are left out.");
  EXPECT_EQ(
      notices[3],
      folder.path() + ": 1 files are left out that are neither PNG nor JPEG, or in no class: b/notes.txt");
  expect_error(ErrorKind::data, empty + ": is empty", [&] { load_images(folder.path(), {.strict = true}); });
}

TEST(Images, AClassOfWhichNothingCanBeReadIsAnError) {
  const TemporaryFolder folder;
  write_class(folder, "a", 4, 4, 10);
  std::filesystem::create_directories(folder.path() + "/b");
  const std::string empty = folder.write("b/1.png", "");
  expect_error(
      ErrorKind::data,
      folder.path() + "/b: none of its pictures can be read; the first failure is " + empty + ": is empty",
      [&] { load_images(folder.path()); });
}

TEST(Images, FoldersThatAreNoClassesAreErrorsThatSayWhatIsExpected) {
  const TemporaryFolder folder;
  const auto load = [&] { load_images(folder.path()); };
  expect_error(ErrorKind::data,
               folder.path() +
                   ": holds no folders; expected a folder for each class with its PNG or JPEG files, as "
                   "cat/1.png and dog/1.png, or the files of MNIST: train-images-idx3-ubyte and so on",
               load);
  write_class(folder, "cat", 4, 4, 10);
  expect_error(ErrorKind::data,
               folder.path() +
                   ": has only one class, the folder \"cat\"; expected a folder for each class, at least two",
               load);
  write_class(folder, "dog", 0, 4, 10);
  const std::string without =
      folder.path() +
      "/dog: holds no picture; expected PNG or JPEG files (.png, .jpg, .jpeg) in the folder "
      "of a class";
  expect_error(ErrorKind::data, without, load);
  write_class(folder, "dog/puppy", 1, 4, 10);
  expect_error(ErrorKind::data, without + ", not in folders within it", load);
  expect_error(ErrorKind::data, folder.path() + "/none: no such folder",
               [&] { load_images(folder.path() + "/none"); });
}

TEST(Images, TheHashIsThatOfTheLinesOfSha256sum) {
  const TemporaryFolder folder;
  write_class(folder, "b", 1, 4, 100);
  write_class(folder, "a", 1, 4, 10);
  const auto line = [](int tone, const std::string& file) {
    return sha256_hex(png(filled(4, 4, {static_cast<std::uint8_t>(tone)}))) + "  " + file + "\n";
  };
  EXPECT_EQ(load_images(folder.path()).train.source().sha256,
            sha256_hex(line(10, "a/100.png") + line(100, "b/100.png")));
}

TEST(Images, ForATrainedNetworkHaveItsSizeAndItsClasses) {
  const TemporaryFolder folder;
  write_class(folder, "dog", 2, 8, 100);
  const Encoder encoder = Encoder::images({3, 4, 4}, {"cat", "dog"});
  const Dataset rows = load_images(folder.path(), encoder, Targets::wanted);
  EXPECT_EQ(rows.input_shape(), (Shape{3, 4, 4}));
  EXPECT_EQ(tones(rows), (std::map<int, int>{{100, 1}, {101, 1}}));
  write_class(folder, "cta", 1, 8, 0);
  expect_error(
      ErrorKind::data,
      folder.path() + ": the folder \"cta\" is none of the 2 classes of the model; did you mean \"cat\"?",
      [&] { load_images(folder.path(), encoder, Targets::wanted); });
}

TEST(Images, ForATrainedNetworkMayAllHaveToBeReadable) {
  const TemporaryFolder folder;
  write_class(folder, "cat", 2, 4, 50);
  const std::string empty = folder.write("cat/empty.png", "");
  const Encoder encoder = Encoder::images({1, 4, 4}, {"cat", "dog"});
  EXPECT_EQ(load_images(folder.path(), encoder, Targets::wanted).rows(), 2);
  expect_error(ErrorKind::data, empty + ": is empty",
               [&] { load_images(folder.path(), encoder, Targets::wanted, true); });
}

TEST(Images, OfEachFoldAreTestedOnceAndStratified) {
  const TemporaryFolder folder;
  write_class(folder, "a", 9, 2, 0);
  write_class(folder, "b", 6, 2, 100);
  std::map<int, int> tested;
  for (int fold = 1; fold <= 3; ++fold) {
    const Parts parts = load_fold(folder.path(), 3, fold, ImageOptions{.validation = 0.2});
    EXPECT_EQ(parts.test.class_counts(), (std::vector<std::int64_t>{3, 2}));
    EXPECT_EQ(parts.train.rows(), 8);
    EXPECT_EQ(parts.validation.rows(), 2);
    std::map<int, int> all = tones(parts.test);
    tested.merge(tones(parts.test));
    all.merge(tones(parts.train));
    all.merge(tones(parts.validation));
    EXPECT_EQ(all.size(), 15u) << "every picture is in one part";
  }
  EXPECT_EQ(tested.size(), 15u) << "every picture is tested";
  expect_error(ErrorKind::argument, "cross-validation: 16 folds of 15 rows; expected 2 to 15",
               [&] { load_fold(folder.path(), 16, 1, ImageOptions{}); });
}

TEST(Images, WithoutTargetsAreAFileOrAllFilesInTheirOrder) {
  const TemporaryFolder folder;
  write_class(folder, "b", 1, 4, 30);
  write_class(folder, "a", 1, 4, 20);
  const std::string file = folder.write("z.png", png(filled(4, 4, {10})));
  const Encoder encoder = Encoder::images({1, 1, 1}, {"cat", "dog"});
  const Dataset one = load_images(file, encoder, Targets::ignored);
  EXPECT_EQ(one.rows(), 1);
  EXPECT_FALSE(one.has_targets());
  const Dataset all = load_images(folder.path(), encoder, Targets::ignored);
  std::vector<float> pixels(3);
  all.copy_inputs(all_rows(3), pixels.data());
  EXPECT_EQ(pixels, (std::vector<float>{10 / 255.0f, 20 / 255.0f, 30 / 255.0f}));
  const std::string empty = folder.write("b/empty.png", "");
  expect_error(ErrorKind::data, empty + ": is empty",
               [&] { load_images(folder.path(), encoder, Targets::ignored); });
}

}  // namespace
}  // namespace retrograd::data
