// retrograd completion and retrograd man: what shells and man(1) read, made from the command line itself.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/help/command_line.h"
#include "cli/verbs.h"

namespace cli {
namespace {

constexpr const char* completion_examples = R"TEXT(Examples:
  retrograd completion bash > ~/.local/share/bash-completion/completions/retrograd
  retrograd completion zsh > ~/.zfunc/_retrograd      (with fpath+=~/.zfunc in .zshrc)
  retrograd completion fish > ~/.config/fish/completions/retrograd.fish)TEXT";

constexpr const char* man_examples = R"TEXT(Examples:
  retrograd man | man -l -
  retrograd man > ~/.local/share/man/man1/retrograd.1)TEXT";

std::string text_of(const std::string& shell, const help::CommandLine& line) {
  if (shell == "bash") return help::bash_completion(line);
  if (shell == "zsh") return help::zsh_completion(line);
  if (shell == "fish") return help::fish_completion(line);
  throw UsageError(fmt::format("completion: \"{}\" is unknown; known are bash, zsh, fish", shell));
}

void put(const Common& common, const std::string& format, const std::string& text) {
  if (common.json) {
    print_json({{"format", format}, {"text", text}});
  } else {
    print(text);
  }
}

}  // namespace

void add_completion(CLI::App& app, Common& common) {
  auto shell = std::make_shared<std::string>();
  app.description("Writes what completes verbs and flags in a shell.");
  app.footer(completion_examples);
  app.add_option("SHELL", *shell, "bash, zsh or fish")->required()->type_name("bash|zsh|fish");
  app.callback([&app, shell, &common] {
    common.run = [&app, shell, &common] {
      put(common, *shell, text_of(*shell, help::command_line(*app.get_parent())));
    };
  });
}

void add_man(CLI::App& app, Common& common) {
  app.description("Writes the manual page.");
  app.footer(man_examples);
  app.callback([&app, &common] {
    common.run = [&app, &common] {
      put(common, "man", help::manual_page(help::command_line(*app.get_parent())));
    };
  });
}

}  // namespace cli
