// DATA and the flags of a training.
#include "cli/data_argument.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <type_traits>

#include "cli/common.h"

namespace cli {

namespace fs = std::filesystem;

namespace {

// A relative path is taken from here, else from beside the file that names it.
std::string found(const std::string& path, const fs::path& config) {
  std::error_code error;
  if (fs::exists(path, error)) return path;
  const fs::path beside = config.parent_path() / path;
  return fs::exists(beside, error) ? beside.string() : path;
}

// A split on the command line takes the place of the file's, of whichever kind that is.
Settings read_settings(const Settings& given, const fs::path& config) {
  Settings from_file = read_config(config.string());
  if (given.split_file) from_file.test = from_file.val = std::nullopt;
  if (given.test || given.val) from_file.split_file = std::nullopt;
  if (from_file.split_file) from_file.split_file = found(*from_file.split_file, config);
  return merged(given, from_file);
}

// DATA is a word that says what is in the folder.
void take_named_folder(DataArgument& argument) {
  if (argument.data != "images" && argument.data != "mnist") {
    throw UsageError(fmt::format("{}: is one word too many; it may follow \"images\" or \"mnist\", not {}",
                                 argument.named_folder, argument.data));
  }
  if (!argument.folder.empty()) {
    throw UsageError(
        fmt::format("the data is named twice: {} and --data {}", argument.named_folder, argument.folder));
  }
  (argument.data == "images" ? argument.data : argument.folder) = argument.named_folder;
}

}  // namespace

void add_data_argument(CLI::App& app, DataArgument& argument) {
  app.add_option(
         "DATA", argument.data,
         "A CSV file, - for one on the standard input, a text (.txt), a folder with a folder of PNG or "
         "JPEG files for each class, a folder of IDX images, \"mnist\", or the config.toml (or folder) of a "
         "run")
      ->type_name("");
  app.add_option("FOLDER", argument.named_folder,
                 "The folder, where DATA is the word \"images\" or \"mnist\"")
      ->type_name("");
  app.add_option("--data", argument.folder, "The folder of mnist, or the data where DATA is a config.toml")
      ->type_name("PATH");
  visit_flags(argument.settings, [&app](const std::string& key, auto& member, const char* help) {
    std::string flag = "--" + key;
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (key == "lr") flag += ",--learning-rate";
    using Value = typename std::remove_cvref_t<decltype(member)>::value_type;
    if constexpr (std::is_same_v<Value, bool>) {
      app.add_flag(flag, member, help);
    } else {
      CLI::Option* option = app.add_option(flag, member, help);
      if (key == "type" || key == "ignore") option->join(',');
      option->type_name(std::is_same_v<Value, std::string> ? "TEXT"
                        : std::is_same_v<Value, double>    ? "NUMBER"
                                                           : "N");
    }
  });
}

void read_config_argument(DataArgument& argument) {
  if (!argument.named_folder.empty()) {
    take_named_folder(argument);
    return;
  }
  if (argument.data.empty()) return;
  const fs::path path(argument.data);
  std::error_code error;
  const bool folder = fs::is_regular_file(path / "config.toml", error);
  if (!folder && path.extension() != ".toml") return;
  const fs::path config = folder ? path / "config.toml" : path;
  argument.settings = read_settings(argument.settings, config);
  if (!argument.settings.data && argument.folder.empty()) {
    throw UsageError(fmt::format("{}: names no data; add a line data = \"file.csv\"", config.string()));
  }
  argument.config_folder = config.parent_path().string();
  argument.data = argument.folder.empty() ? *argument.settings.data : argument.folder;
  if (argument.data != "mnist" && argument.data != "-") argument.data = found(argument.data, config);
  argument.folder.clear();
}

}  // namespace cli
