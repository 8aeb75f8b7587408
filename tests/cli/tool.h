// Runs the built tool as a process of its own, in a folder of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cli_test {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;

  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

// A folder of one test, removed with it. The tool runs with it as the working directory.
class Workplace {
 public:
  Workplace();
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  // Writes a file, with the folders above it, and gives its path.
  std::string write(const std::string& name, const std::string& bytes) const;
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;

  // Runs the tool to its end. `more` follows the arguments.
  Outcome run(std::vector<std::string> arguments, const std::vector<std::string>& more = {}) const;
  // Starts the tool and waits until metrics.csv of `run` holds `epochs` lines; then sends the signal and
  // waits for the end. The exit code is 128 + the signal where that ended it.
  Outcome run_until(const std::vector<std::string>& arguments, const std::string& run, int epochs,
                    int signal) const;

 private:
  pid_t start(const std::vector<std::string>& arguments) const;
  Outcome finish(pid_t process) const;
  std::filesystem::path path_;
};

// The digits of the repository.
std::string digits();

// Names of columns a, b and class; `rows` rows of two classes that a line parts.
std::string two_classes(int rows);

// A folder of IDX files in the form of MNIST: `rows` images of 4 x 4 in each part, bright on the left for
// class 0 and on the right for class 1.
void write_idx(const Workplace& workplace, const std::string& folder, int rows);

}  // namespace cli_test
