// Ensembles.
#include "cli/ensemble.h"

#include <fmt/format.h>
#include <retrograd/importance.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

namespace rg = retrograd;

using nlohmann::ordered_json;

// The figures of the averaged predictions, on the parts that all members have.
Report report_of(const std::vector<Report>& members, const std::string& folder, const Settings& settings,
                 const Source& source) {
  const rg::data::Parts parts = load(source, settings);
  rg::train::Predictor predictor(folder);
  Report report = members.front();
  report.run = folder;
  report.parameters = 0;
  report.training_seconds = 0;
  for (const Report& member : members) {
    report.parameters += member.parameters;
    *report.training_seconds += member.training_seconds.value_or(0);
  }
  report.epochs.reset();
  report.best_epoch.reset();
  report.stopped.clear();
  report.best_test.reset();
  report.train = predictor.evaluate(parts.train);
  if (parts.validation.rows() > 0) report.validation = predictor.evaluate(parts.validation);
  if (parts.test.rows() > 0) report.test = predictor.evaluate(parts.test);
  if (settings.importance.value_or(false)) {
    report.importance = rg::train::permutation_importance(predictor, held_out(parts));
  }
  return report;
}

std::string text_of(const Report& report, const std::vector<Report>& members) {
  const char* part = report.test ? "test" : report.validation ? "validation" : "train";
  const char* figure = rg::data::gives_numbers(report.task) ? "r2" : "accuracy";
  std::string text = parts_text(report) + importance_text(report);
  text += fmt::format("\n{} of the members:", part);
  for (const Report& member : members) {
    text += fmt::format(" {:.4f}", json_of(member)[part][figure].get<double>());
  }
  text += fmt::format("; mean {:.4f}\n", means_of(members)[part][figure].get<double>());
  return text + fmt::format("The ensemble of {} is in {}\n", members.size(), report.run);
}

}  // namespace

void train_ensemble(const Settings& settings, const Source& source, const Several& several,
                    const Common& common) {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t count = *settings.ensemble;
  if (count < 2 || count > 1000) {
    throw UsageError(fmt::format("--ensemble: {} is out of range; expected 2 to 1000", count));
  }
  if (source.text) throw UsageError("--ensemble: is for tables and images");
  const std::uint64_t seed = settings.seed.value_or(1);
  SeveralFolder folder(several, source);
  std::vector<Report> members;
  ordered_json names = ordered_json::array();
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("member-{}", i + 1);
    Settings one = settings;
    one.ensemble.reset();
    one.importance.reset();
    one.seed = seed + static_cast<std::uint64_t>(i);
    if (!source.has_own_split()) one.split_seed = settings.split_seed.value_or(seed);
    notice(common, fmt::format("member {} of {}", i + 1, count));
    members.push_back(train_once(
                          one, source, [&] { return folder.run(name); }, several.resume, common)
                          .report);
    names.push_back(name);
    if (i > 0) continue;
    Settings all = read_config(folder.get().file("member-1/config.toml"));
    all.ensemble = count;
    all.importance = settings.importance;
    folder.get().write("config.toml", config_text(all));
  }
  folder.get().write("ensemble.json",
                     ordered_json({{"format", "retrograd ensemble"}, {"members", names}}).dump(2) + "\n");
  Settings shared = settings;
  if (!source.has_own_split()) shared.split_seed = settings.split_seed.value_or(seed);
  Report report = report_of(members, folder.get().path(), shared, source);
  report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ordered_json json = json_of(report);
  json["members"] = ordered_json::array();
  for (const Report& member : members) json["members"].push_back(json_of(member));
  json["mean"] = means_of(members);
  json["deviation"] = deviations_of(members);
  folder.get().write("result.json", json.dump(2) + "\n");
  if (common.json) {
    print_json(json);
  } else {
    print(text_of(report, members));
  }
}

}  // namespace cli
