// Text as data: vocabularies, parts in order, windows.
#include <gmock/gmock.h>
#include <retrograd/text.h>

#include "data/data_test.h"

namespace retrograd::data {
namespace {

using ::testing::ElementsAre;

std::vector<float> inputs_of(const Dataset& text, const std::vector<std::int64_t>& rows) {
  std::vector<float> values(static_cast<std::size_t>(text.input_shape().size()) * rows.size());
  text.copy_inputs(rows, values.data());
  return values;
}

std::vector<std::int32_t> labels_of(const Dataset& text, const std::vector<std::int64_t>& rows) {
  std::vector<std::int32_t> values(static_cast<std::size_t>(text.steps()) * rows.size());
  text.copy_labels(rows, values.data());
  return values;
}

TEST(Vocabulary, HasTheDistinctCharactersInOrder) {
  const Vocabulary vocabulary = Vocabulary::characters("zebra \xC3\xA9\xE2\x82\xAC z\xF0\x9F\x98\x80");
  EXPECT_THAT(vocabulary.tokens(),
              ElementsAre(" ", "a", "b", "e", "r", "z", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"));
  EXPECT_THAT(vocabulary.encode("\xC3\xA9 b"), ElementsAre(6, 0, 2));
  EXPECT_EQ(vocabulary.decode(vocabulary.encode("ab\xE2\x82\xAC")), "ab\xE2\x82\xAC");
  EXPECT_EQ(Vocabulary::from_text(vocabulary.to_text()), vocabulary);
}

TEST(Vocabulary, OfBytesTakesAnything) {
  const Vocabulary vocabulary = Vocabulary::bytes();
  EXPECT_EQ(vocabulary.size(), 256);
  EXPECT_THAT(vocabulary.encode("\xff"
                                "a"),
              ElementsAre(255, 97));
  EXPECT_EQ(Vocabulary::from_text(vocabulary.to_text()), vocabulary);
}

TEST(Vocabulary, NamesWhatItCannotRead) {
  expect_error(ErrorKind::data, "a.txt: byte 2 (0xFF) begins no character of UTF-8; read it as bytes",
               [] { Vocabulary::characters("ab\xff", "a.txt"); });
  for (const char* wrong : {"ab\xC0\x80", "ab\xED\xA0\x80", "ab\xF4\x90\x80\x80", "ab\xE2\x82"}) {
    EXPECT_THROW(Vocabulary::characters(wrong), Error) << wrong;
  }
  expect_error(ErrorKind::data,
               "the prompt: the character \"c\" at byte 1 is none of the 2 of the training text",
               [] { Vocabulary::characters("ab").encode("acb", "the prompt"); });
  expect_error(ErrorKind::data,
               "text: has 1 different characters; there is nothing to learn from less than two",
               [] { Vocabulary::characters("aaaa"); });
  expect_error(ErrorKind::data, "vocabulary: is neither bytes nor characters",
               [] { Vocabulary::from_text("words"); });
}

TEST(Text, IsSplitInOrderAndCutIntoWindows) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "abcdefghijklmnopqrstuvwxyz");
  const Parts parts = load_text(path, {.context = 3, .test = 0.2, .validation = 0.25});
  // 26 tokens: 5 for the test, 5 of 21 for validation, 16 for training.
  EXPECT_EQ(parts.train.rows(), 5);
  EXPECT_EQ(parts.validation.rows(), 1);
  EXPECT_EQ(parts.test.rows(), 1);
  EXPECT_EQ(parts.train.steps(), 3);
  EXPECT_EQ(parts.train.input_shape(), Shape{3});
  EXPECT_EQ(parts.train.target_width(), 26);
  EXPECT_EQ(parts.train.classes()[2], "c");
  EXPECT_THAT(inputs_of(parts.train, {0, 4}), ElementsAre(0, 1, 2, 12, 13, 14));
  EXPECT_THAT(labels_of(parts.train, {0, 4}), ElementsAre(1, 2, 3, 13, 14, 15));
  EXPECT_THAT(inputs_of(parts.validation, {0}), ElementsAre(16, 17, 18));
  EXPECT_THAT(labels_of(parts.test, {0}), ElementsAre(22, 23, 24));
}

TEST(Text, WindowsCanBeginLater) {
  const Dataset text =
      Dataset::text(std::vector<std::int32_t>{0, 1, 0, 1, 1, 0, 1, 0}, 3, Vocabulary::characters("ab"));
  EXPECT_EQ(text.rows(), 2);
  EXPECT_THAT(inputs_of(text.shifted(1), {0, 1}), ElementsAre(1, 0, 1, 1, 0, 1));
  EXPECT_THAT(inputs_of(text.shifted(2), {0, 1}), ElementsAre(0, 1, 1, 1, 0, 1))
      << "the last one begins at 4";
  EXPECT_THAT(labels_of(text.shifted(2), {1}), ElementsAre(0, 1, 0));
  EXPECT_THAT(inputs_of(text.slice(1, 2).shifted(1), {0}), ElementsAre(1, 0, 1));
}

TEST(Text, ShorterThanTheContextIsNamed) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "abcabcabca");
  expect_error(ErrorKind::data,
               path +
                   ": the training part has 7 tokens, and a window of 7 needs 8; take a shorter context, or "
                   "a longer text",
               [&] { load_text(path, {.context = 7}); });
  EXPECT_THROW(load_text(path, {.context = 2}), Error) << "of the validation part";
  EXPECT_EQ(load_text(path, {.context = 7, .test = 0, .validation = 0}).train.rows(), 1);
  expect_error(ErrorKind::argument, "context is 0; expected 1 to 1048576",
               [&] { load_text(path, {.context = 0}); });
  expect_error(ErrorKind::data, path + ": is empty", [&] { load_text(folder.write("a.txt", "")); });
}

TEST(Text, ByBytesHasAllOfThem) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "\xff\x01\x02\x03");
  const Parts parts = load_text(path, {.bytes = true, .context = 2, .test = 0, .validation = 0});
  EXPECT_EQ(parts.train.target_width(), 256);
  EXPECT_THAT(inputs_of(parts.train, {0}), ElementsAre(255, 1));
  EXPECT_EQ(load_text(path, parts.train.vocabulary(), 2).rows(), 1);
}

}  // namespace
}  // namespace retrograd::data
