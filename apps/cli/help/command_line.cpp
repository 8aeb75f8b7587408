// From the parser to plain data.
#include "cli/help/command_line.h"

#include <retrograd/version.h>

#include <CLI/CLI.hpp>

namespace cli::help {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// The lines between "Examples:" and the next empty line.
std::vector<std::string> examples(const std::string& footer) {
  std::vector<std::string> lines;
  bool inside = false;
  for (const std::string& line : split(footer, '\n')) {
    if (inside && line.empty()) break;
    if (inside) lines.push_back(line.substr(std::min(line.find_first_not_of(' '), line.size())));
    if (line == "Examples:") inside = true;
  }
  return lines;
}

Flag flag_of(const CLI::Option& option) {
  Flag flag;
  flag.text = option.get_description();
  flag.required = option.get_required();
  if (option.get_positional()) {
    flag.names.push_back(option.get_name(true, false));
    flag.value = option.get_type_name();
    return flag;
  }
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) flag.value = option.get_type_name();
  return flag;
}

}  // namespace

std::vector<std::string> Flag::choices() const {
  return value.find('|') == value.npos ? std::vector<std::string>() : split(value, '|');
}

CommandLine command_line(const CLI::App& tool) {
  CommandLine line{
      std::string(retrograd::version()), tool.get_description(), {}, examples(tool.get_footer()), {}};
  for (const CLI::Option* option : tool.get_options()) line.flags.push_back(flag_of(*option));
  for (const CLI::App* app : tool.get_subcommands([](const CLI::App*) { return true; })) {
    Command command{app->get_name(), app->get_description(), {}, {}, examples(app->get_footer())};
    for (const CLI::Option* option : app->get_options()) {
      (option->get_positional() ? command.arguments : command.flags).push_back(flag_of(*option));
    }
    line.commands.push_back(std::move(command));
  }
  return line;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace cli::help
