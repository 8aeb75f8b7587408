// Reading of runs.
#include "cli/compare/runs.h"

#include <fmt/format.h>
#include <retrograd/error.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/common.h"
#include "cli/settings.h"

namespace cli::compare {

namespace fs = std::filesystem;
namespace rg = retrograd;

Run read_run(const std::string& path) {
  std::error_code error;
  const fs::path folder(path);
  if (!fs::exists(folder, error)) {
    throw rg::Error(rg::ErrorKind::data, fmt::format("{}: no such run", path));
  }
  if (!fs::exists(folder / "config.toml", error)) {
    throw UsageError(fmt::format("{}: is no folder of a run; it holds no config.toml", path));
  }
  Run run{path, written(read_config((folder / "config.toml").string())), {}};
  const fs::path result = folder / "result.json";
  if (!fs::exists(result, error)) return run;
  std::ifstream stream(result, std::ios::binary);
  run.result = nlohmann::ordered_json::parse(stream, nullptr, false);
  if (!run.result.is_object()) {
    throw rg::Error(rg::ErrorKind::data, fmt::format("{}: is no JSON object", result.string()));
  }
  return run;
}

std::string setting(const Run& run, const std::string& key) {
  for (const auto& [name, value] : run.settings) {
    if (name == key) return value;
  }
  return "";
}

std::vector<std::string> differing(const std::vector<Run>& runs) {
  std::vector<std::string> keys;
  for (const Run& run : runs) {
    for (const auto& [key, value] : run.settings) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  std::erase_if(keys, [&](const std::string& key) {
    return std::all_of(runs.begin(), runs.end(),
                       [&](const Run& run) { return setting(run, key) == setting(runs.front(), key); });
  });
  // Other data have another checksum.
  if (std::find(keys.begin(), keys.end(), "data") != keys.end()) std::erase(keys, "data_sha256");
  return keys;
}

}  // namespace cli::compare
