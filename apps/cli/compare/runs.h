// Runs that are to be compared: their settings and figures, read from their folders.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace cli::compare {

struct Run {
  std::string path;
  std::vector<std::pair<std::string, std::string>> settings;  // as config.toml writes them
  nlohmann::ordered_json result;                              // result.json; null where it is not finished
};

// Throws UsageError for a folder that is no run's, retrograd::Error(data) for one that is missing or whose
// result.json is damaged.
Run read_run(const std::string& path);

// The value of a setting, "" where it is not given.
std::string setting(const Run& run, const std::string& key);

// The settings whose values are not the same in all runs, in the order of config.toml.
std::vector<std::string> differing(const std::vector<Run>& runs);

}  // namespace cli::compare
