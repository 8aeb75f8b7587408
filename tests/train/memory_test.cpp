// The memory of a training on a table: flat where the rows stay in the file, and below twice the data in f32
// where they are kept. Each training is a process of its own, this program again. That the numbers are the
// same is tested in streamed_test.cpp.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdlib>
#include <random>

#include "train/parts.h"

namespace {

namespace rg = retrograd;

constexpr std::int64_t columns = 30;
constexpr std::int64_t data_in_f32(std::int64_t rows) { return rows * columns * 4; }

// Numbers of one digit and four decimals.
void write_table(const std::string& path, std::int64_t rows) {
  std::ofstream file(path);
  std::mt19937 random(1);
  std::string line;
  for (std::int64_t column = 0; column < columns; ++column) {
    line += (column == 0 ? "x" : ",x") + std::to_string(column);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    file << line << '\n';
    line.clear();
    for (std::int64_t column = 0; column < columns; ++column) {
      std::uint32_t number = random() % 100000;
      char text[] = "0.0000,";
      for (const int place : {5, 4, 3, 2, 0}) {
        text[place] = static_cast<char>('0' + number % 10);
        number /= 10;
      }
      line += text;
    }
    line.pop_back();
  }
  file << line << '\n';
}

// What the other process does.
TEST(MemoryOfAProcess, DISABLED_Trains) {
  const char* path = std::getenv("RETROGRAD_TEST_TABLE");
  const char* memory = std::getenv("RETROGRAD_TEST_MEMORY");
  ASSERT_NE(path, nullptr);
  ASSERT_NE(memory, nullptr);
  rg::data::LoadOptions options{.task = rg::data::Task::regression};
  options.pack_above = 0;
  options.memory = std::atoll(memory);
  rg::data::Parts parts = rg::data::load_csv(path, options);
  const rg::Shape inputs = parts.train.input_shape();
  rg::train::Trainer trainer(rg::nn::build_model("linear(8), relu, linear(1)", inputs), std::move(parts),
                             {.epochs = 1, .batch = 512});
  const rg::train::Result result = trainer.run();
  EXPECT_TRUE(result.train && result.test);
}

// Bytes that a training on the table had in memory at once, at most; -1 where it failed.
std::int64_t peak_of_training(const std::string& table, std::int64_t memory) {
  ::setenv("RETROGRAD_TEST_TABLE", table.c_str(), 1);
  ::setenv("RETROGRAD_TEST_MEMORY", std::to_string(memory).c_str(), 1);
  std::string words[] = {"test", "--gtest_filter=MemoryOfAProcess.*", "--gtest_also_run_disabled_tests",
                         "--gtest_brief=1"};
  char* pointers[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  pid_t process = -1;
  if (::posix_spawn(&process, "/proc/self/exe", nullptr, nullptr, pointers, environ) != 0) return -1;
  int status = 0;
  rusage usage{};
  if (::wait4(process, &status, 0, &usage) != process || status != 0) return -1;
  return usage.ru_maxrss * 1024;  // of Linux, in KiB
}

#if defined(RETROGRAD_SANITIZED)
#define RETROGRAD_SKIP_IF_SANITIZED GTEST_SKIP() << "a sanitizer has memory of its own"
#else
#define RETROGRAD_SKIP_IF_SANITIZED static_assert(true)
#endif

TEST(Memory, OfATrainingIsFlatWhereTheRowsStayInTheFile) {
  RETROGRAD_SKIP_IF_SANITIZED;
  constexpr std::int64_t few = 100000, many = 4 * few;  // 21 and 84 MB of text
  std::int64_t peaks[2];
  for (const int i : {0, 1}) {
    const train_test::Folder folder("memory");
    write_table(folder.file("t.csv"), i == 0 ? few : many);
    peaks[i] = peak_of_training(folder.file("t.csv"), 0);
    ASSERT_GT(peaks[i], 0);
  }
  // While the table is read, a row has its place in the file, its line and its target in double; its number
  // in the list of its part and its target in f32 come while it is encoded: 36 bytes. In training it has
  // place, part and target in f32, 20 bytes, and a row of the training part (0.72 of all) its place in the
  // order and three numbers of the evaluation, in double: 43. A vector that grows has its old numbers beside
  // the new ones for a moment: 8 bytes more.
  constexpr std::int64_t of_a_row = 51;
  constexpr std::int64_t margin = std::int64_t{4} << 20;  // what the allocator keeps between buffers
  static_assert((many - few) * of_a_row + margin < (data_in_f32(many) - data_in_f32(few)) * 3 / 5);
  EXPECT_LT(peaks[1] - peaks[0], (many - few) * of_a_row + margin) << peaks[0] << " and " << peaks[1];
}

TEST(Memory, OfATrainingOnAKeptTableIsBelowTwiceTheDataInF32) {
  RETROGRAD_SKIP_IF_SANITIZED;
  constexpr std::int64_t rows = 800000;
  const train_test::Folder folder("memory");
  write_table(folder.file("t.csv"), rows);
  const std::int64_t peak = peak_of_training(folder.file("t.csv"), std::int64_t{1} << 40);
  EXPECT_GT(peak, data_in_f32(rows)) << "it is kept";
  EXPECT_LT(peak, 2 * data_in_f32(rows));
}

}  // namespace
