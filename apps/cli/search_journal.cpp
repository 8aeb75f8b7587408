// The journal of a search.
#include "cli/search_journal.h"

#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/io.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/common.h"

namespace cli {
namespace {

namespace rg = retrograd;

using nlohmann::ordered_json;

ordered_json known(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }
double number(const ordered_json& value) {
  return value.is_number() ? value.get<double>() : rg::train::not_known;
}

// What must be the same when a search goes on.
ordered_json head(const Settings& settings) {
  ordered_json all = ordered_json::object();
  for (const auto& [key, value] : written(settings)) {
    if (key != "threads" && key != "data") all[key] = value;
  }
  return {{"format", "retrograd search"}, {"settings", all}};
}

ordered_json json_of(const Trial& trial) {
  ordered_json values = ordered_json::object();
  for (const auto& [name, value] : trial.values) values[name] = value;
  return {{"trial", trial.trial},     {"rung", trial.rung},        {"epochs", trial.epochs},
          {"values", values},         {"loss", known(trial.loss)}, {"score", known(trial.score)},
          {"seconds", trial.seconds}, {"error", trial.error}};
}

Trial trial_of(const ordered_json& json) {
  Trial trial{.trial = json.at("trial"),
              .rung = json.at("rung"),
              .epochs = json.at("epochs"),
              .values = {},
              .loss = number(json.at("loss")),
              .score = number(json.at("score")),
              .seconds = json.at("seconds"),
              .error = json.at("error")};
  for (const auto& [name, value] : json.at("values").items()) {
    trial.values.emplace_back(name, value.get<std::string>());
  }
  return trial;
}

}  // namespace

SearchJournal::SearchJournal(std::string path, const Settings& settings) : path_(std::move(path)) {
  std::ifstream stream(path_, std::ios::binary);
  text_ = {std::istreambuf_iterator<char>(stream), {}};
  text_.erase(text_.find_last_of('\n') == text_.npos ? 0 : text_.find_last_of('\n') + 1);
  const std::string first = head(settings).dump() + "\n";
  if (text_.empty()) text_ = first;
  if (!text_.starts_with(first)) {
    throw UsageError(
        fmt::format("{}: this search was begun with other settings; go on with the same ones", path_));
  }
  try {
    for (std::size_t at = first.size(); at < text_.size();) {
      const std::size_t end = text_.find('\n', at);
      trials_.push_back(trial_of(ordered_json::parse(text_.substr(at, end - at))));
      at = end + 1;
    }
  } catch (const nlohmann::json::exception& error) {
    throw rg::Error(rg::ErrorKind::data, fmt::format("{}: {}", path_, error.what()));
  }
  rg::io::write_file_atomically(path_, text_);
}

const Trial* SearchJournal::find(std::int64_t trial, std::int64_t rung) const {
  for (const Trial& one : trials_) {
    if (one.trial == trial && one.rung == rung) return &one;
  }
  return nullptr;
}

const Trial* SearchJournal::best() const {
  const Trial* best = nullptr;
  for (const Trial& one : trials_) {
    if (std::isnan(one.loss)) continue;
    if (best == nullptr || one.loss < best->loss) best = &one;
  }
  return best;
}

const Trial& SearchJournal::add(Trial trial) {
  text_ += json_of(trial).dump() + "\n";
  rg::io::write_file_atomically(path_, text_);
  trials_.push_back(std::move(trial));
  return trials_.back();
}

}  // namespace cli
