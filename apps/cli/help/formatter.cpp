// The layout of --help.
#include "cli/help/formatter.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/terminal.h"

namespace cli::help {
namespace {

constexpr std::size_t names = 30;    // the column of names, as of the parser's formatter
constexpr std::size_t widest = 100;  // longer lines are hard to read

std::size_t width() { return std::clamp(static_cast<std::size_t>(terminal_width()), names + 20, widest); }

std::string first_sentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return end == text.npos ? text : text.substr(0, end + 1);
}

class Wrapping : public CLI::Formatter {
 public:
  Wrapping() { column_width(names); }
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(option->get_description(), width() - names);
  }
  std::string make_description(const CLI::App* app) const override {
    return wrapped(app->get_description(), width()) + "\n";
  }
  std::string make_subcommand(const CLI::App* app) const override {
    std::stringstream stream;
    CLI::detail::format_help(stream, app->get_name(),
                             wrapped(first_sentence(app->get_description()), width() - names), names);
    return stream.str();
  }
};

}  // namespace

std::shared_ptr<CLI::Formatter> formatter() { return std::make_shared<Wrapping>(); }

std::string wrapped(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string word = text.substr(at, end - at);
    if (line > 0 && line + 1 + word.size() > width) {
      result += '\n';
      line = 0;
    } else if (line > 0) {
      result += ' ';
      ++line;
    }
    result += word;
    line += word.size();
    if (end < text.size() && text[end] == '\n') {
      result += '\n';
      line = 0;
    }
    at = end + 1;
  }
  return result;
}

}  // namespace cli::help
