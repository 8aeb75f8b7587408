// The completion for fish.
#include <fmt/format.h>

#include "cli/help/command_line.h"

namespace cli::help {
namespace {

std::string quoted(const std::string& text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string flag_line(const std::string& condition, const Flag& flag) {
  std::string text = fmt::format("complete -c retrograd -n {}", quoted(condition));
  for (const std::string& name : flag.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  const std::vector<std::string> choices = flag.choices();
  if (!choices.empty()) {
    text += fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(choices, " "))));
  } else if (!flag.value.empty()) {
    text += flag.takes_path() ? " -r -F" : " -x";
  }
  return fmt::format("{} -d {}\n", text, quoted(flag.text));
}

}  // namespace

std::string fish_completion(const CommandLine& line) {
  std::string text =
      "# Completes `retrograd` in fish; written by `retrograd completion fish`.\ncomplete -c retrograd -f\n";
  for (const Flag& flag : line.flags) text += flag_line("__fish_use_subcommand", flag);
  for (const Command& command : line.commands) {
    text += fmt::format("complete -c retrograd -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        quoted(command.description));
    const std::string condition = "__fish_seen_subcommand_from " + command.name;
    for (const Flag& flag : command.flags) text += flag_line(condition, flag);
    for (const Flag& argument : command.arguments) {
      const std::vector<std::string> choices = argument.choices();
      text +=
          fmt::format("complete -c retrograd -n {} {}\n", quoted(condition),
                      choices.empty() ? "-F" : "-a " + quoted(fmt::format("{}", fmt::join(choices, " "))));
    }
  }
  return text;
}

}  // namespace cli::help
