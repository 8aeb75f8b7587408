// The completion for zsh.
#include <fmt/format.h>

#include "cli/help/command_line.h"

namespace cli::help {
namespace {

// Between single quotes, in a specification of _arguments.
std::string quoted(const std::string& text) {
  std::string result = replaced(text, "\\", "\\\\");
  for (const char* special : {"[", "]", ":"}) result = replaced(result, special, std::string("\\") + special);
  return replaced(result, "'", "'\\''");
}

// What completes a value: a message where nothing is known of it.
std::string action(const Flag& flag) {
  const std::vector<std::string> choices = flag.choices();
  if (!choices.empty()) return fmt::format("({})", fmt::join(choices, " "));
  return flag.takes_path() ? "_files" : " ";
}

std::string specification(const Flag& flag) {
  const std::string value =
      flag.value.empty() ? ""
                         : fmt::format(":{}:{}", quoted(replaced(flag.value, "|", " or ")), action(flag));
  const std::string rest = fmt::format("[{}]{}", quoted(flag.text), value);
  if (flag.names.size() == 1) return fmt::format("'{}{}'", flag.names[0], rest);
  return fmt::format("'({})'{{{}}}'{}'", fmt::join(flag.names, " "), fmt::join(flag.names, ","), rest);
}

std::string argument(const Flag& flag) {
  const std::vector<std::string> choices = flag.choices();
  return fmt::format("'::{}:{}'", quoted(flag.names[0]), choices.empty() ? "_files" : action(flag));
}

}  // namespace

std::string zsh_completion(const CommandLine& line) {
  std::string text =
      "#compdef retrograd\n# Completes `retrograd` in zsh; written by `retrograd completion "
      "zsh`.\n_retrograd() {\n  local -a verbs\n  verbs=(\n";
  for (const Command& command : line.commands) {
    text += fmt::format("    '{}:{}'\n", command.name, quoted(command.description));
  }
  text += "  )\n  if ((CURRENT == 2)); then\n    _describe verb verbs\n    _arguments";
  for (const Flag& flag : line.flags) text += " \\\n      " + specification(flag);
  text += "\n    return\n  fi\n  local verb=$words[2]\n  shift words\n  ((CURRENT -= 1))\n  case $verb in\n";
  for (const Command& command : line.commands) {
    text += fmt::format("    {})\n      _arguments -s", command.name);
    for (const Flag& flag : command.flags) text += " \\\n        " + specification(flag);
    for (const Flag& one : command.arguments) text += " \\\n        " + argument(one);
    text += " ;;\n";
  }
  return text + "  esac\n}\n_retrograd \"$@\"\n";
}

}  // namespace cli::help
