// What tests of data share: expected errors, files that vanish, row numbers.
#pragma once

#include <gtest/gtest.h>
#include <retrograd/error.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

namespace retrograd::data {

// Runs the statement and expects an Error of this kind with exactly this message.
template <typename Statement>
void expect_error(ErrorKind kind, const std::string& message, Statement statement) {
  try {
    statement();
  } catch (const Error& error) {
    EXPECT_STREQ(name(error.kind()), name(kind));
    EXPECT_EQ(error.what(), message);
    return;
  }
  ADD_FAILURE() << "no error; expected: " << message;
}

// A folder of its own for a test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "retrograd_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  // Writes a file and gives its path.
  std::string write(const std::string& file, const std::string& bytes) const {
    const std::string path = path_ + "/" + file;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

 private:
  std::string path_;
};

inline std::vector<std::int64_t> all_rows(std::int64_t rows) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(rows));
  std::iota(result.begin(), result.end(), std::int64_t{0});
  return result;
}

}  // namespace retrograd::data
