// The layout of --help.
#include "cli/help/formatter.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/letters.h"
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

}  // namespace cli::help
