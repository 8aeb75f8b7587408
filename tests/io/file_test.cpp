// Atomic writes.
#include <retrograd/io.h>

#include <filesystem>
#include <iterator>

#include "io/expect_error.h"
#include "io/temporary.h"

namespace {

namespace fs = std::filesystem;
using namespace retrograd;
using io_test::expect_error;

std::ptrdiff_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

TEST(AtomicWrite, ReplacesTheOldBytesAndLeavesNothingElse) {
  const io_test::Folder folder;
  const std::string path = folder.file("file");
  io::write_file_atomically(path, "old and longer");
  io::write_file_atomically(path, "new");
  EXPECT_EQ(io_test::read(path), "new");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicWrite, FollowsASymbolicLink) {
  const io_test::Folder folder;
  io_test::write(folder.file("target"), "old");
  fs::create_symlink("target", folder.file("link"));
  io::write_file_atomically(folder.file("link"), "new");
  EXPECT_TRUE(fs::is_symlink(folder.file("link")));
  EXPECT_EQ(io_test::read(folder.file("target")), "new");
}

TEST(AtomicWrite, ReportsAMissingFolderAFolderAndAFullDisk) {
  const io_test::Folder folder;
  expect_error(ErrorKind::io, "/nowhere/file: cannot be written: No such file or directory",
               [] { io::write_file_atomically("/nowhere/file", "x"); });
  expect_error(ErrorKind::io, "Is a directory",
               [&] { io::write_file_atomically(folder.path().string(), "x"); });
  expect_error(ErrorKind::io, "/dev/full: cannot be written: No space left on device",
               [] { io::write_file_atomically("/dev/full", "x"); });
  EXPECT_EQ(files_in(folder.path()), 0);
}

}  // namespace
