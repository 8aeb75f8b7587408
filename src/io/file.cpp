// Whole files through the POSIX calls, which alone can sync.
#include "io/file.h"

#include <fcntl.h>
#include <retrograd/io.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <system_error>

#include "core/fail.h"

namespace retrograd::io {
namespace {

std::string reason(int code) { return std::generic_category().message(code); }

[[noreturn]] void fail_write(const std::string& path, int code) {
  fail(ErrorKind::io, "{}: cannot be written: {}", path, reason(code));
}

// The number of an error, 0 for success.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void sync_folder(const std::string& path) {
  const File folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A folder on a file system that cannot sync folders (EINVAL) is as safe as it gets.
  if (folder.is_open() && ::fsync(folder.get()) != 0 && errno != EINVAL) fail_write(path, errno);
}

// A new file beside `path`, and its name.
int open_temporary(const std::string& path, std::string& temporary) {
  static std::atomic<unsigned> number{0};
  for (int attempt = 0; attempt < 100; ++attempt) {
    temporary = fmt::format("{}.{}-{}.tmp", path, ::getpid(), number.fetch_add(1));
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
  return -1;
}

void write_in_place(const std::string& path, std::string_view bytes) {
  File file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) fail_write(path, errno);
  if (const int code = write_all(file.get(), bytes)) fail_write(path, code);
  if (!file.close()) fail_write(path, errno);
}

}  // namespace

File::~File() { close(); }

bool File::close() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  return descriptor < 0 || ::close(descriptor) == 0;
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  std::string target = path;
  std::error_code ignored;
  const auto status = std::filesystem::symlink_status(path, ignored);
  if (std::filesystem::is_symlink(status)) {
    const auto followed = std::filesystem::weakly_canonical(path, ignored);
    if (!ignored) target = followed.string();
  }
  struct stat existing {};
  if (::stat(target.c_str(), &existing) == 0) {
    if (S_ISDIR(existing.st_mode)) fail_write(path, EISDIR);
    if (!S_ISREG(existing.st_mode)) return write_in_place(target, bytes);
  }
  std::string temporary;
  File file(open_temporary(target, temporary));
  if (!file.is_open()) fail_write(path, errno);
  int code = write_all(file.get(), bytes);
  if (code == 0 && ::fsync(file.get()) != 0) code = errno;
  if (!file.close() && code == 0) code = errno;
  if (code == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) code = errno;
  if (code != 0) {
    ::unlink(temporary.c_str());
    fail_write(path, code);
  }
  sync_folder(target);
}

std::string read_file(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) fail(ErrorKind::data, "{}: cannot be read: {}", path, reason(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(ErrorKind::data, "{}: cannot be read: {}", path, reason(errno));
  if (!S_ISREG(status.st_mode)) fail(ErrorKind::data, "{}: is not a regular file", path);
  std::string bytes;
  try {
    bytes.resize(static_cast<std::size_t>(status.st_size));
  } catch (const std::exception&) {  // std::bad_alloc, std::length_error
    fail(ErrorKind::data, "{}: {} bytes are more than the memory holds", path, status.st_size);
  }
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(ErrorKind::data, "{}: cannot be read: {}", path, reason(errno));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace retrograd::io
