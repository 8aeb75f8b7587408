// Whole files by the system's own calls, so that the reason of a failure can be told.
#include "data/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/fail.h"

namespace retrograd::data {
namespace {

// Closes on every way out.
struct Descriptor {
  explicit Descriptor(const std::string& path)
      : value(path == "-" ? ::dup(0) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value;
};

[[noreturn]] void fail_to_open(const std::string& path) {
  if (errno == ENOENT) fail(ErrorKind::data, "{}: no such file", path);
  fail(ErrorKind::data, "{}: cannot be opened: {}", path, std::strerror(errno));
}

}  // namespace

OpenFile::OpenFile(std::string path)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) fail_to_open(path_);
  struct stat status {};
  const bool regular = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (!regular) {
    ::close(descriptor_);
    fail(ErrorKind::data, "{}: is not a regular file", path_);
  }
  size_ = status.st_size;
  changed_seconds_ = status.st_mtim.tv_sec;
  changed_nanoseconds_ = status.st_mtim.tv_nsec;
}

void OpenFile::check_unchanged() const {
  struct stat status {};
  const bool same = ::fstat(descriptor_, &status) == 0 && status.st_size == size_ &&
                    status.st_mtim.tv_sec == changed_seconds_ &&
                    status.st_mtim.tv_nsec == changed_nanoseconds_;
  if (!same) fail_changed();
}

void OpenFile::fail_changed() const {
  fail(
      ErrorKind::io,
      "{}: has changed since it was opened, and its rows are read from it again and again; leave it as it is "
      "while it is in use, or allow the memory to keep it",
      path_);
}

OpenFile::~OpenFile() { ::close(descriptor_); }

void OpenFile::read(std::int64_t offset, std::span<char> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = ::pread(descriptor_, bytes.data(), bytes.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(ErrorKind::data, "{}: cannot be read: {}", path_, std::strerror(errno));
    if (got == 0) fail(ErrorKind::data, "{}: has become shorter while it was read", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += got;
  }
}

bool is_larger(const std::string& path, std::int64_t bytes) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > bytes;
}

std::string read_file(const std::string& path) {
  const Descriptor file(path);
  struct stat status {};
  if (file.value < 0) fail_to_open(path);
  if (::fstat(file.value, &status) != 0) fail(ErrorKind::data, "{}: {}", path, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) fail(ErrorKind::data, "{}: is a folder, expected a file", path);

  // A pipe tells no size: the text grows as bytes come. One byte more than the size shows the end in one
  // read.
  const bool regular = S_ISREG(status.st_mode);
  std::string bytes;
  std::size_t used = 0;
  bytes.resize(regular ? static_cast<std::size_t>(status.st_size) + 1 : std::size_t{1} << 16);
  while (true) {
    if (used == bytes.size()) bytes.resize(bytes.size() * 2);
    const ssize_t got = ::read(file.value, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(ErrorKind::data, "{}: cannot be read: {}", path, std::strerror(errno));
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace retrograd::data
