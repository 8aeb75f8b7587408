// Runs the built tool; small data for it.
#include "cli/tool.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace cli_test {
namespace {

namespace fs = std::filesystem;

std::string read_bytes(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Four bytes, the most significant first.
std::string big_endian(unsigned value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

}  // namespace

Workplace::Workplace() {
  static int number = 0;
  path_ = fs::temp_directory_path() /
          ("retrograd_cli_" + std::to_string(::getpid()) + "_" + std::to_string(number++));
  fs::create_directories(path_);
}

Workplace::~Workplace() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::string Workplace::write(const std::string& name, const std::string& bytes) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << bytes;
  return file(name);
}

std::string Workplace::read(const std::string& name) const { return read_bytes(path_ / name); }
bool Workplace::has(const std::string& name) const { return fs::exists(path_ / name); }

pid_t Workplace::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{RETROGRAD_TOOL};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  const std::string out = file("stdout.txt"), err = file("stderr.txt");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addchdir_np(&actions, path_.c_str());
  pid_t process = -1;
  const int failure = posix_spawn(&process, RETROGRAD_TOOL, &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error("the tool does not start: " RETROGRAD_TOOL);
  return process;
}

Outcome Workplace::finish(pid_t process) const {
  int status = 0;
  ::waitpid(process, &status, 0);
  Outcome outcome;
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = read("stdout.txt");
  outcome.err = read("stderr.txt");
  return outcome;
}

Outcome Workplace::run(std::vector<std::string> arguments, const std::vector<std::string>& more) const {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return finish(start(arguments));
}

Outcome Workplace::run_until(const std::vector<std::string>& arguments, const std::string& run, int epochs,
                             int signal) const {
  const pid_t process = start(arguments);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (std::chrono::steady_clock::now() < limit) {
    const std::string metrics = read(run + "/metrics.csv");
    if (std::count(metrics.begin(), metrics.end(), '\n') > epochs) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(process, signal);
  return finish(process);
}

std::string digits() { return RETROGRAD_SOURCE_DIR "/data/digits.csv"; }

std::string two_classes(int rows) {
  std::string text = "a,b,class\n";
  for (int i = 0; i < rows; ++i) {
    const int a = i * 7 % 20, b = i * 13 % 20;
    text += std::to_string(a) + "," + std::to_string(b) + (a + b < 19 ? ",low\n" : ",high\n");
  }
  return text;
}

void write_idx(const Workplace& workplace, const std::string& folder, int rows) {
  const auto count = static_cast<unsigned>(rows);
  std::string images = big_endian(0x803) + big_endian(count) + big_endian(4) + big_endian(4);
  std::string labels = big_endian(0x801) + big_endian(count);
  for (int row = 0; row < rows; ++row) {
    labels += static_cast<char>(row % 2);
    for (int pixel = 0; pixel < 16; ++pixel) {
      const bool bright = (pixel % 4 < 2) == (row % 2 == 0);
      images += static_cast<char>(bright ? 200 + row % 50 : row % 30);
    }
  }
  for (const char* part : {"train", "t10k"}) {
    workplace.write(folder + "/" + part + "-images-idx3-ubyte", images);
    workplace.write(folder + "/" + part + "-labels-idx1-ubyte", labels);
  }
}

}  // namespace cli_test
