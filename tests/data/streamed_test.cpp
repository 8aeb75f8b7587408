// Tables that are not kept but read again from their file: the same numbers, and what happens when the file
// changes.
#include <retrograd/data.h>
#include <retrograd/threads.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>

#include "data_test.h"

namespace retrograd::data {
namespace {

// Numbers of all forms, missing ones, words, texts in quotes over two lines, dates, empty lines between rows.
std::string table(int rows) {
  std::mt19937 random(5);
  const auto pick = [&](unsigned n) { return static_cast<int>(random() % n); };
  std::string text = "\xEF\xBB\xBFn,digit,large,word,born,remark,y\r\n";
  for (int row = 0; row < rows; ++row) {
    text += pick(8) == 0 ? "NA" : std::to_string(pick(100000) * 1e-4);
    text += "," + std::to_string(pick(10)) + "," + std::to_string(16777216 + pick(40)) + ".5,";
    text += std::vector<std::string>{"red", "\"dark, blue\"", "", "green"}[random() % 4];
    text += ",20" + std::to_string(10 + pick(15)) + "-0" + std::to_string(1 + pick(9)) + "-15,";
    text += pick(2) == 0 ? "\"a good\nday\"" : "no \"good\" day";
    text += "," + std::to_string(pick(1000) * 0.5) + (pick(5) == 0 ? "\n\n" : "\r\n");
  }
  while (text.back() == '\n' || text.back() == '\r') text.pop_back();  // the last line has no end
  return text;
}

LoadOptions streamed(LoadOptions options = {}) {
  options.task = Task::regression;
  options.pack_above = 0;
  options.memory = 0;
  return options;
}

LoadOptions kept(LoadOptions options = {}) {
  options = streamed(std::move(options));
  options.memory.reset();
  return options;
}

LoadOptions all_types() {
  LoadOptions options;
  options.csv.types = {{"born", ColumnType::date}, {"remark", ColumnType::text}};
  return options;
}

std::vector<float> inputs_of(const Dataset& data, const std::vector<std::int64_t>& rows) {
  std::vector<float> inputs(rows.size() * static_cast<std::size_t>(data.input_shape().size()));
  data.copy_inputs(rows, inputs.data());
  return inputs;
}

void expect_same_bits(const Dataset& a, const Dataset& b, const std::vector<std::int64_t>& rows) {
  const std::vector<float> x = inputs_of(a, rows), y = inputs_of(b, rows);
  ASSERT_EQ(x.size(), y.size());
  EXPECT_TRUE(x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0);
}

void expect_same(const Parts& a, const Parts& b) {
  EXPECT_EQ(a.encoder, b.encoder);
  const std::pair<const Dataset*, const Dataset*> parts[] = {
      {&a.train, &b.train}, {&a.validation, &b.validation}, {&a.test, &b.test}};
  for (const auto& [of_a, of_b] : parts) {
    ASSERT_EQ(of_a->rows(), of_b->rows());
    EXPECT_EQ(of_a->source().sha256, of_b->source().sha256);
    expect_same_bits(*of_a, *of_b, all_rows(of_a->rows()));
    for (std::int64_t row = 0; row < of_a->rows(); ++row) ASSERT_EQ(of_a->target(row), of_b->target(row));
  }
}

TEST(StreamedTable, HasTheBitsOfOneThatIsKept) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", table(30000));  // several pieces
  const Parts a = load_csv(path, kept(all_types())), b = load_csv(path, streamed(all_types()));
  expect_same(a, b);
  // Rows in any order, one again and again.
  std::mt19937 random(1);
  std::vector<std::int64_t> rows;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back(static_cast<std::int64_t>(random() % static_cast<unsigned>(a.train.rows())));
  }
  rows.insert(rows.end(), 300, 7);
  expect_same_bits(a.train, b.train, rows);
}

TEST(StreamedTable, DoesNotDependOnThreads) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", table(30000));
  const int before = threads();
  set_threads(1);
  const Parts one = load_csv(path, streamed(all_types()));
  set_threads(3);
  const Parts three = load_csv(path, streamed(all_types()));
  expect_same(one, three);
  set_threads(before);
}

// A part of the table fits, the whole does not: what was kept is given up.
TEST(StreamedTable, TheBoundIsThatOfTheWholeTable) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", table(60000));
  LoadOptions options = streamed(all_types());
  options.memory = 60000 * 4;  // of five columns
  expect_same(load_csv(path, options), load_csv(path, kept(all_types())));
  options.memory = -1;
  expect_error(ErrorKind::argument, "memory: -1 bytes; expected at least 0",
               [&] { load_csv(path, options); });
}

TEST(StreamedTable, ATextFarBehindMakesTheColumnText) {
  const TemporaryFolder folder;
  std::string text = "a,b,y\n";
  for (int row = 0; row < 300000; ++row) text += "01," + std::to_string(row % 7) + ",1.5\n";
  const std::string path = folder.write("t.csv", text + "x,2,3\n");
  const Parts parts = load_csv(path, streamed({.test = 0, .validation = 0}));
  EXPECT_EQ(parts.encoder.features()[0].categories, (std::vector<std::string>{"01", "x"}));
  expect_same(parts, load_csv(path, kept({.test = 0, .validation = 0})));
}

TEST(StreamedTable, WindowsLieOverItsRows) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", table(5000));
  LoadOptions options = all_types();
  options.windows = {.size = 24, .horizon = 2};
  expect_same(load_csv(path, kept(options)), load_csv(path, streamed(options)));
}

TEST(StreamedTable, IsReadForATrainedModel) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", table(1000));
  LoadOptions options = all_types();
  const Encoder encoder = load_csv(path, streamed(options)).encoder;
  // Files for a model are kept as they are below LoadOptions().pack_above; this one is above.
  std::string large = table(1000);
  const std::string header = large.substr(0, large.find('\n') + 1), rows = large.substr(header.size()) + "\n";
  large = header;
  while (static_cast<std::int64_t>(large.size()) <= LoadOptions().pack_above) large += rows;
  const std::string large_path = folder.write("large.csv", large);
  const Dataset streamed = load_csv(large_path, encoder, Targets::wanted, 0);
  const Dataset kept = load_csv(large_path, encoder, Targets::wanted);
  ASSERT_EQ(streamed.rows(), kept.rows());
  std::vector<std::int64_t> some;
  for (std::int64_t row = 0; row < kept.rows(); row += 97) some.push_back(row);
  expect_same_bits(streamed, kept, some);
}

class ChangedFile : public testing::Test {
 protected:
  // The first rows can no longer be had.
  void expect_fault() {
    const std::vector<std::int64_t> rows = all_rows(100);
    std::vector<float> inputs(rows.size() * static_cast<std::size_t>(parts_.train.input_shape().size()));
    expect_error(ErrorKind::io,
                 path_ +
                     ": has changed since it was opened, and its rows are read from it again and again; "
                     "leave it as it is while it is in use, or allow the memory to keep it",
                 [&] { parts_.train.copy_inputs(rows, inputs.data()); });
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.write("t.csv", table(1000));
  Parts parts_ = load_csv(path_, streamed(all_types()));
};

TEST_F(ChangedFile, OfAnotherSizeIsAnError) {
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  expect_fault();
}

TEST_F(ChangedFile, WrittenAgainIsAnError) {
  std::filesystem::last_write_time(path_,
                                   std::filesystem::last_write_time(path_) + std::chrono::milliseconds(1));
  expect_fault();
}

// The descriptor holds the file that was read, which is as it was.
TEST_F(ChangedFile, ReplacedByAnotherIsStillRead) {
  const Parts before = load_csv(path_, kept(all_types()));
  const std::string other = folder_.write("new.csv", "n,y\n1,2\n");
  std::filesystem::rename(other, path_);
  expect_same(parts_, before);
}

}  // namespace
}  // namespace retrograd::data
