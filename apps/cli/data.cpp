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

#include "cli/source.h"
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

// Letters, not bytes.
std::size_t length(std::string_view text) {
  std::size_t letters = 0;
  for (const char c : text) letters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return letters;
}

std::string shortened(const std::string& text, std::size_t most) {
  std::string plain;
  for (const char c : text) plain += c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
  if (length(plain) <= most) return plain;
  std::size_t end = 0;
  for (std::size_t letters = 0; letters < most; ++end) {
    const bool begins =
        end + 1 >= plain.size() || (static_cast<unsigned char>(plain[end + 1]) & 0xC0) != 0x80;
    letters += begins ? 1 : 0;
  }
  return plain.substr(0, end) + "...";
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t letters = length(text);
  return text + std::string(width > letters ? width - letters : 0, ' ');
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

std::string content(const ColumnDescription& column) {
  if (column.distinct == 0) return "";
  if (column.type == ColumnType::date) return fmt::format("{} to {}", date(column.min), date(column.max));
  if (is_number(column)) {
    return fmt::format("{:.4g} +- {:.3g}, {:.4g} to {:.4g}", column.mean, column.deviation, column.min,
                       column.max);
  }
  std::string text;
  for (const auto& [word, count] : column.top) {
    const std::string more = fmt::format("{}{} ({})", text.empty() ? "" : ", ", shortened(word, 16), count);
    if (!text.empty() && length(text) + length(more) > 40) return text + ", ...";
    text += more;
  }
  return text + (column.distinct > static_cast<std::int64_t>(column.top.size()) ? ", ..." : "");
}

std::string table_text(const rg::data::Table& table, const TableDescription& of) {
  std::string text = fmt::format("{}: {} rows, {} columns\n\n", table.name, of.rows, of.columns.size());
  text += fmt::format("{:<20} {:<8} {:>7} {:>8}  {}\n", "column", "type", "missing", "distinct", "content");
  for (const ColumnDescription& column : of.columns) {
    text += fmt::format("{} {:<8} {:>7} {:>8}  {}\n", padded(shortened(column.name, 17), 20),
                        rg::data::name(column.type), column.missing, column.distinct, content(column));
  }
  if (!of.target.empty()) {
    text += fmt::format("\ntarget: {}, {}\n", of.target, rg::data::name(of.task));
  }
  if (!of.warnings.empty()) text += "\n";
  for (const std::string& warning : of.warnings) text += fmt::format("! {}\n", warning);
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
  if (of.target.empty()) {
    json["target"] = nullptr;
    json["task"] = nullptr;
  } else {
    json["target"] = of.target;
    json["task"] = rg::data::name(of.task);
  }
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
