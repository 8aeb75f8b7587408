// What several trainings have in common: their folder, the mean and deviation of their figures.
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/one_training.h"

namespace cli {
namespace {

namespace rg = retrograd;

using nlohmann::ordered_json;

constexpr const char* parts[] = {"train", "validation", "test"};

// Calls f(part, figure, values) for each figure that all reports have.
template <typename F>
void visit_figures(const std::vector<Report>& reports, F f) {
  std::vector<ordered_json> all;
  for (const Report& report : reports) all.push_back(json_of(report));
  for (const char* part : parts) {
    if (all.empty() || !all.front()[part].is_object()) continue;
    for (const auto& [figure, first] : all.front()[part].items()) {
      std::vector<double> values;
      for (const ordered_json& one : all) {
        if (one[part].contains(figure) && one[part][figure].is_number()) values.push_back(one[part][figure]);
      }
      if (values.size() == all.size()) f(part, figure, values);
    }
  }
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

const rg::train::RunDirectory& SeveralFolder::get() {
  if (!folder_) {
    folder_ = several_.out.empty() ? rg::train::RunDirectory::create_numbered("runs", name_)
                                   : run_folder(several_.out, several_.resume);
    std::error_code error;
    std::filesystem::remove(folder_->file("checkpoint"), error);  // those of the trainings are in their own
  }
  return *folder_;
}

rg::train::RunDirectory SeveralFolder::run(const std::string& name) {
  return run_folder(get().file(name), several_.resume);
}

ordered_json means_of(const std::vector<Report>& reports) {
  ordered_json json = ordered_json::object();
  visit_figures(reports, [&](const char* part, const std::string& figure, const std::vector<double>& values) {
    json[part][figure] = mean(values);
  });
  return json;
}

ordered_json deviations_of(const std::vector<Report>& reports) {
  ordered_json json = ordered_json::object();
  visit_figures(reports, [&](const char* part, const std::string& figure, const std::vector<double>& values) {
    double squares = 0;
    for (const double value : values) squares += std::pow(value - mean(values), 2);
    json[part][figure] = values.size() > 1
                             ? ordered_json(std::sqrt(squares / static_cast<double>(values.size() - 1)))
                             : ordered_json();
  });
  return json;
}

}  // namespace cli
