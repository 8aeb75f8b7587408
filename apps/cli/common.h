// What all verbs share: the flags of output, errors of usage, exit codes.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace cli {

namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int data = 3;
inline constexpr int diverged = 4;
inline constexpr int interrupted = 130;
}  // namespace exit_code

// The command line, or a file it names, asks for what cannot be.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Ctrl-C came; what() tells how to go on.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Common {
  bool json = false;
  bool quiet = false;
  bool no_color = false;
  std::string command;            // the line as it was given, for a shell
  std::function<void()> run;      // of the verb that was given
  int outcome = exit_code::done;  // the exit code of a run that came to its end
};

// --json, --format, -q, --no-color.
void add_output_flags(CLI::App& app, Common& common);

// Writes to stdout. Throws retrograd::Error(io) where that fails.
void print(std::string_view text);
void print_json(const nlohmann::ordered_json& json);
// A line on stderr, unless -q.
void notice(const Common& common, std::string_view line);

// May stderr have colours and a bar that is drawn again?
bool is_terminal();
bool has_color(const Common& common);

// Reports an error and gives the exit code. With `json` it is an object on stdout.
int report_error(const std::exception& error, bool json);

}  // namespace cli
