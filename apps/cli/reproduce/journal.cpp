// What was measured, kept seed by seed.
#include "cli/reproduce/journal.h"

#include <fmt/format.h>
#include <retrograd/error.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace cli::reproduce {

namespace rg = retrograd;
namespace fs = std::filesystem;

Journal::Journal(const std::string& folder, const Experiment& experiment, std::size_t row) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw rg::Error(rg::ErrorKind::io, fmt::format("{}: {}", folder, error.message()));
  path_ = (fs::path(folder) / fmt::format("{}-{}.jsonl", experiment.name, row + 1)).string();
  std::ifstream file(path_);
  std::string whole;  // the lines that count
  for (std::string line; std::getline(file, line);) {
    if (file.eof()) break;  // no newline at its end: cut off
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("seed") || !json.contains("outcome")) {
      throw rg::Error(
          rg::ErrorKind::data,
          fmt::format("{}: line {} is no entry of a journal; remove the file to run the row again", path_,
                      entries_.size() + 1));
    }
    entries_.push_back({json["seed"].get<std::uint64_t>(), json.value("seconds", 0.0), json["outcome"]});
    whole += line + "\n";
  }
  file.close();
  if (fs::exists(path_, error) && fs::file_size(path_, error) != whole.size()) {
    std::ofstream(path_, std::ios::trunc) << whole;
  }
}

bool Journal::has(std::uint64_t seed) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.seed == seed; });
}

void Journal::add(Entry entry) {
  std::ofstream file(path_, std::ios::app);
  file << Json({{"seed", entry.seed}, {"seconds", entry.seconds}, {"outcome", entry.outcome}}).dump() << '\n';
  file.flush();
  if (!file) throw rg::Error(rg::ErrorKind::io, fmt::format("{}: cannot be written", path_));
  const auto place =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.seed > entry.seed; });
  entries_.insert(place, std::move(entry));
}

std::string Journal::checkpoint(std::uint64_t seed) const {
  return fmt::format("{}-{}.checkpoint", fs::path(path_).replace_extension().string(), seed);
}

void Journal::clear() {
  std::error_code error;
  fs::remove(path_, error);
  const std::string stem = fs::path(path_).stem().string() + "-";
  for (const auto& file : fs::directory_iterator(fs::path(path_).parent_path(), error)) {
    const fs::path& path = file.path();
    if (path.extension() == ".checkpoint" && path.stem().string().starts_with(stem)) fs::remove(path, error);
  }
  entries_.clear();
}

}  // namespace cli::reproduce
