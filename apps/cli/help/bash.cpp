// The completion for bash.
#include <fmt/format.h>

#include <iterator>

#include "cli/help/command_line.h"

namespace cli::help {
namespace {

constexpr const char* head = R"TEXT(# Completes `retrograd` in bash; written by `retrograd completion bash`.
_retrograd() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} flags= paths= values= words=
  # --flag=value is three words
  if [[ $word == = ]]; then word=; fi
  if [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
)TEXT";

constexpr const char* tail = R"TEXT(  if [[ " $paths " == *" $before "* ]]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  elif [[ " $values " == *" $before "* ]]; then
    return
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _retrograd retrograd
)TEXT";

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

// The branch of a verb.
std::string branch(const Command& command) {
  std::vector<std::string> flags, paths, values, words;
  std::string choices;
  for (const Flag& flag : command.flags) {
    flags.insert(flags.end(), flag.names.begin(), flag.names.end());
    std::vector<std::string>& kind = flag.takes_path() ? paths : values;
    const std::vector<std::string> known = flag.choices();
    if (!known.empty()) {
      choices += fmt::format(
          "      case $before in {}) mapfile -t COMPREPLY < <(compgen -W \"{}\" -- \"$word\") && return;; "
          "esac\n",
          fmt::join(flag.names, "|"), joined(known));
    } else if (!flag.value.empty()) {
      kind.insert(kind.end(), flag.names.begin(), flag.names.end());
    }
  }
  for (const Flag& argument : command.arguments) {
    const std::vector<std::string> known = argument.choices();
    words.insert(words.end(), known.begin(), known.end());
  }
  return fmt::format(
      "    {})\n{}      flags=\"{}\"\n      paths=\"{}\"\n      values=\"{}\"\n      words=\"{}\";;\n",
      command.name, choices, joined(flags), joined(paths), joined(values), joined(words));
}

}  // namespace

std::string bash_completion(const CommandLine& line) {
  std::vector<std::string> first;
  for (const Command& command : line.commands) first.push_back(command.name);
  for (const Flag& flag : line.flags) first.insert(first.end(), flag.names.begin(), flag.names.end());
  std::string text = head;
  text += fmt::format(
      "  if ((COMP_CWORD == 1)); then\n    mapfile -t COMPREPLY < <(compgen -W \"{}\" -- \"$word\")\n    "
      "return\n  fi\n",
      joined(first));
  text += "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : line.commands) text += branch(command);
  return text + "  esac\n" + tail;
}

}  // namespace cli::help
