// retrograd compare: runs beside each other, what differs in their settings and what came out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/compare/runs.h"
#include "cli/compare/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace cli {
namespace {

constexpr const char* examples = R"TEXT(Examples:
  retrograd compare runs/digits-1 runs/digits-2
  retrograd compare runs/digits-* --json)TEXT";

// A part of result.json, null where the run has none.
nlohmann::ordered_json part(const compare::Run& run, const char* key) {
  return run.result.is_object() && run.result.contains(key) ? run.result[key] : nlohmann::ordered_json();
}

nlohmann::ordered_json json_of(const std::vector<compare::Run>& runs) {
  const std::vector<std::string> differing = compare::differing(runs);
  nlohmann::ordered_json json;
  json["differing"] = differing;
  json["runs"] = nlohmann::ordered_json::array();
  for (const compare::Run& run : runs) {
    nlohmann::ordered_json settings = nlohmann::ordered_json::object();
    for (const std::string& key : differing) settings[key] = compare::setting(run, key);
    nlohmann::ordered_json one{
        {"run", run.path}, {"finished", run.result.is_object()}, {"settings", settings}};
    for (const char* key :
         {"parameters", "epochs", "best_epoch", "stopped", "train", "validation", "test", "seconds"}) {
      one[key] = part(run, key);
    }
    json["runs"].push_back(std::move(one));
  }
  return json;
}

void compare_runs(const std::vector<std::string>& paths, const Common& common) {
  std::vector<compare::Run> runs;
  for (const std::string& path : paths) runs.push_back(compare::read_run(path));
  if (common.json) {
    print_json(json_of(runs));
    return;
  }
  for (const compare::Run& run : runs) {
    if (!run.result.is_object())
      notice(common, fmt::format("{}: is not finished; it has no figures yet.", run.path));
  }
  print(compare::table(runs, static_cast<std::size_t>(terminal_width()), colors_of_stdout(common)));
}

}  // namespace

void add_compare(CLI::App& app, Common& common) {
  auto runs = std::make_shared<std::vector<std::string>>();
  app.description("Shows runs beside each other: the settings that differ, and the figures.");
  app.footer(examples);
  app.add_option("RUN", *runs, "Folders of runs")->required()->type_name("");
  app.callback([runs, &common] { common.run = [runs, &common] { compare_runs(*runs, common); }; });
}

}  // namespace cli
