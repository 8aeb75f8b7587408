// The command line as plain data: every verb with its arguments, flags and examples, taken from the parser
// itself, so that completions and the manual page say what it takes.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli::help {

struct Flag {
  std::vector<std::string> names;  // "-q", "--quiet"; of a positional argument "RUN"
  std::string value;               // "N", "PATH", "text|json"; empty: takes none
  std::string text;                // what it does, with the default at the end
  bool required = false;
  bool takes_path() const { return value == "PATH" || value == "FILE"; }
  std::vector<std::string> choices() const;  // of "text|json"; else none
};

struct Command {
  std::string name;
  std::string description;
  std::vector<Flag> arguments;  // positional
  std::vector<Flag> flags;
  std::vector<std::string> examples;  // lines
};

struct CommandLine {
  std::string version;
  std::string description;
  std::vector<Flag> flags;  // before a verb
  std::vector<std::string> examples;
  std::vector<Command> commands;
};

// Of the whole tool.
CommandLine command_line(const CLI::App& tool);

// What each shell reads, and the page of `man`.
std::string bash_completion(const CommandLine& line);
std::string zsh_completion(const CommandLine& line);
std::string fish_completion(const CommandLine& line);
std::string manual_page(const CommandLine& line);

// `text` with `from` replaced by `to`.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace cli::help
