// retrograd data: what a table holds, before anything is learned from it.
#include <fmt/format.h>
#include <retrograd/describe.h>
#include <retrograd/error.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/letters.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;
using rg::data::ColumnDescription;
using rg::data::ColumnType;
using rg::data::TableDescription;

constexpr const char* examples = R"TEXT(Examples:
  retrograd data digits.csv
  retrograd data sales.csv --type "sold=date" --ignore id --target price
  zcat big.csv.gz | retrograd data - --json)TEXT";

struct Arguments {
  std::string data;
  Settings settings;
};

// On one line.
std::string plain(std::string text) {
  for (char& c : text) c = c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
  return text;
}

std::string date(double days) {
  rg::data::Column column;
  column.type = ColumnType::date;
  column.numbers = {days};
  return column.text(0);
}

bool is_number(const ColumnDescription& column) {
  return column.type == ColumnType::number || column.type == ColumnType::date;
}

// In `room` letters where that can be.
std::string content(const ColumnDescription& column, std::size_t room) {
  if (column.distinct == 0) return "";
  if (column.type == ColumnType::date) return fmt::format("{} to {}", date(column.min), date(column.max));
  if (is_number(column)) {
    const auto numbers = [&](int digits) {
      return fmt::format("{:.{}g} +- {:.{}g}, {:.{}g} to {:.{}g}", column.mean, digits, column.deviation,
                         digits - 1, column.min, digits, column.max, digits);
    };
    return letters(numbers(4)) <= room ? numbers(4) : numbers(3);
  }
  std::string text;
  for (const auto& [word, count] : column.top) {
    const std::string more =
        fmt::format("{}{} ({})", text.empty() ? "" : ", ", shortened(plain(word), 19), count);
    if (!text.empty() && letters(text) + letters(more) + 5 > room) return text + ", ...";
    text += more;
  }
  return text + (column.distinct > static_cast<std::int64_t>(column.top.size()) ? ", ..." : "");
}

std::string table_text(const rg::data::Table& table, const TableDescription& of) {
  const auto width = static_cast<std::size_t>(std::max(terminal_width(), 72));
  std::size_t names = 6;
  for (const ColumnDescription& column : of.columns) names = std::max(names, letters(column.name));
  names = std::min<std::size_t>(names, width < 100 ? 20 : 36);
  const std::size_t before = names + 28;  // columns of the screen that the content has to its left
  std::string text = fmt::format("{}: {} rows, {} columns\n\n", table.name, of.rows, of.columns.size());
  text += fmt::format("{} {:<8} {:>7} {:>8}  {}\n", padded("column", names), "type", "missing", "distinct",
                      "content");
  for (const ColumnDescription& column : of.columns) {
    text +=
        fmt::format("{} {:<8} {:>7} {:>8}  {}\n", padded(shortened_middle(plain(column.name), names), names),
                    rg::data::name(column.type), column.missing, column.distinct,
                    hanging(content(column, std::min<std::size_t>(width - before, 45)), before, width));
  }
  if (of.task == rg::data::Task::reconstruction) {
    text += fmt::format("\ntask: {}{}\n", rg::data::name(of.task),
                        of.target.empty() ? "" : " of the columns beside " + of.target);
  } else if (!of.target.empty()) {
    text += fmt::format("\ntarget: {}, {}\n", of.target, rg::data::name(of.task));
  }
  if (!of.warnings.empty()) text += "\n";
  // Words stay together on a screen; elsewhere a warning is a line.
  const bool on_screen = stdout_is_terminal();
  for (const std::string& warning : of.warnings) {
    text += fmt::format("! {}\n", on_screen ? hanging(warning, 2, width) : warning);
  }
  return text;
}

nlohmann::ordered_json json_of(const ColumnDescription& column) {
  nlohmann::ordered_json json = {{"name", column.name},
                                 {"type", rg::data::name(column.type)},
                                 {"missing", column.missing},
                                 {"distinct", column.distinct}};
  if (is_number(column)) {
    const auto put = [&](const char* key, double value) {
      json[key] = nullptr;
      if (std::isnan(value)) return;
      if (column.type == ColumnType::date && std::string_view(key) != "deviation") {
        json[key] = date(value);
      } else {
        json[key] = value;
      }
    };
    put("mean", column.mean);
    put("deviation", column.deviation);
    put("min", column.min);
    put("max", column.max);
  } else {
    json["top"] = nlohmann::ordered_json::array();
    for (const auto& [word, count] : column.top) json["top"].push_back({{"value", word}, {"rows", count}});
  }
  return json;
}

nlohmann::ordered_json json_of(const rg::data::Table& table, const TableDescription& of) {
  nlohmann::ordered_json json = {{"data", {{"rows", of.rows}, {"sha256", table.sha256}}},
                                 {"duplicates", of.duplicates}};
  json["columns"] = nlohmann::ordered_json::array();
  for (const ColumnDescription& column : of.columns) json["columns"].push_back(json_of(column));
  json["target"] = nullptr;
  json["task"] = nullptr;
  if (!of.target.empty()) json["target"] = of.target;
  if (!of.target.empty() || of.task == rg::data::Task::reconstruction) json["task"] = rg::data::name(of.task);
  json["warnings"] = of.warnings;
  return json;
}

void describe(const Arguments& arguments, const Common& common) {
  const Source source = find_source(arguments.data, "");
  if (source.images || source.text) {
    throw UsageError(fmt::format("{}: is no table; expected a CSV file", source.path));
  }
  const rg::data::Table table = rg::data::read_csv(source.path, csv_options(arguments.settings));
  for (const std::string& line : table.notices) notice(common, line);
  const TableDescription description =
      rg::data::describe(table, arguments.settings.target.value_or(""), task_of(arguments.settings));
  if (common.json) {
    print_json(json_of(table, description));
  } else {
    print(table_text(table, description));
  }
}

}  // namespace

void add_data(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description("Describes a table: its columns, the target that would be learned, what is suspicious.");
  app.footer(examples);
  app.add_option("DATA", arguments->data, "A CSV file, - for one on the standard input")
      ->required()
      ->type_name("");
  visit_flags(arguments->settings, [&app](const std::string& key, auto& member, const char* help) {
    constexpr std::string_view taken[] = {"target", "task", "type", "ignore", "separator", "no_header"};
    if (std::find(std::begin(taken), std::end(taken), key) == std::end(taken)) return;
    const std::string flag = key == "no_header" ? "--no-header" : "--" + key;
    if constexpr (std::is_same_v<typename std::remove_cvref_t<decltype(member)>::value_type, bool>) {
      app.add_flag(flag, member, help);
    } else {
      CLI::Option* option = app.add_option(flag, member, help)->type_name("TEXT");
      if (key == "type" || key == "ignore") option->join(',');
    }
  });
  app.callback([arguments, &common] { common.run = [arguments, &common] { describe(*arguments, common); }; });
}

}  // namespace cli
