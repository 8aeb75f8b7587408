// The command-line tool: finds the verb, parses its flags, turns errors into exit codes.
#include <fmt/format.h>
#include <retrograd/suggest.h>
#include <retrograd/version.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "cli/help/formatter.h"
#include "cli/interrupt.h"
#include "cli/shell.h"
#include "cli/verbs.h"

namespace {

constexpr cli::Verb verbs[] = {
    {"train", cli::add_train},
    {"eval", cli::add_eval},
    {"predict", cli::add_predict},
    {"summary", cli::add_summary},
    {"gradcheck", cli::add_gradcheck},
    {"explain", cli::add_explain},
    {"reproduce", cli::add_reproduce},
    {"bench", cli::add_bench},
    {"sample", cli::add_sample},
    {"doctor", cli::add_doctor},
    {"completion", cli::add_completion},
    {"man", cli::add_man},
    {"lr-find", cli::add_lr_find},
    {"tune", cli::add_tune},
    {"compare", cli::add_compare},
    {"export-config", cli::add_export_config},
    {"data", cli::add_data},
};

constexpr const char* examples = R"TEXT(Examples:
  retrograd train digits.csv
  retrograd data digits.csv
  retrograd eval runs/digits-1 --data new.csv
  retrograd predict runs/digits-1 --data new.csv -o answers.csv
  retrograd summary runs/digits-1
  retrograd explain

Exit codes: 0 done, 1 failed, 2 usage, 3 data, 4 diverged, 130 interrupted)TEXT";

// Whether the line asks for JSON, also where it cannot be parsed.
bool wants_json(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--json" || arguments[i] == "--format=json") return true;
    if (arguments[i] == "--format" && i + 1 < arguments.size() && arguments[i + 1] == "json") return true;
  }
  return false;
}

void check_verb(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    throw cli::UsageError(
        "a verb is wanted: train, eval, predict, summary, gradcheck, explain ...; see retrograd --help");
  }
  const std::string& given = arguments.front();
  if (given.starts_with('-')) return;
  std::vector<std::string> known;
  for (const cli::Verb& verb : verbs) known.emplace_back(verb.name);
  if (std::find(known.begin(), known.end(), given) != known.end()) return;
  const std::string near = retrograd::suggest(given, known);
  throw cli::UsageError(
      fmt::format("unknown verb \"{}\";{}", given,
                  near.empty() ? fmt::format(" known are {}", fmt::join(known, ", ")) : near));
}

// Long flags that the verb does not have, with the one that may have been meant.
void check_flags(const CLI::App& app, const std::vector<std::string>& arguments) {
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  for (const std::string& argument : arguments) {
    if (argument == "--") return;
    if (!argument.starts_with("--")) continue;
    const std::string name = argument.substr(0, argument.find('='));
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = retrograd::suggest(name, known);
    throw cli::UsageError(
        fmt::format("unknown flag {};{}", name,
                    near.empty() ? fmt::format(" see retrograd {} --help", app.get_name()) : near));
  }
}

int run(const std::vector<std::string>& arguments) {
  cli::Common common;
  common.command = cli::shell_line(arguments);
  CLI::App app("Retrograd trains neural networks by backpropagation.", "retrograd");
  app.set_version_flag("--version", "retrograd " + std::string(retrograd::version()));
  app.formatter(cli::help::formatter());  // of all verbs
  app.footer(examples);
  app.require_subcommand(0, 1);
  for (const cli::Verb& verb : verbs) {
    CLI::App* sub = app.add_subcommand(verb.name);
    verb.add(*sub, common);
    cli::add_output_flags(*sub, common);
  }
  check_verb(arguments);
  if (!arguments.front().starts_with('-')) check_flags(*app.get_subcommand(arguments.front()), arguments);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    throw cli::UsageError(message);
  }
  if (!common.run)
    throw cli::UsageError(
        "a verb is wanted: train, eval, predict, summary, gradcheck, explain ...; see retrograd --help");
  common.run();
  return common.outcome;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + std::min(count, 1), values + count);
  try {
    cli::catch_interrupts();
    return run(arguments);
  } catch (const std::exception& error) {
    return cli::report_error(error, wants_json(arguments));
  }
}
