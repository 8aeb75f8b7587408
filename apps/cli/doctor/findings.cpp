// What the machine lacks: each function looks for one thing.
#include "cli/doctor/findings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "cli/terminal.h"

namespace cli::doctor {
namespace {

namespace fs = std::filesystem;

// Highway's names of instruction sets that compute four numbers of f32 at once, or one.
std::optional<Finding> vector_instructions(const retrograd::Machine& machine) {
  for (const char* narrow : {"EMU128", "SCALAR", "SSE2", "SSSE3", "SSE4"}) {
    if (machine.instruction_set != narrow) continue;
    return Finding{"vector instructions", fmt::format("{}, no AVX2", narrow),
                   "A processor, or a virtual machine, with AVX2 trains several times faster."};
  }
  return std::nullopt;
}

// cpu.max of a container: "150000 100000" grants 1.5 cores.
std::optional<Finding> cores(const retrograd::Machine& machine) {
  std::ifstream stream("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (!(stream >> quota >> period) || period <= 0) return std::nullopt;  // no limit is the word "max"
  const double granted = quota / period;
  if (granted >= machine.cores - 0.01) return std::nullopt;
  return Finding{
      "cores", fmt::format("the container grants {:.2g} of {}", granted, machine.cores),
      fmt::format("Grant it more, or train with --threads {}.", std::max(1, static_cast<int>(granted)))};
}

std::optional<Finding> data() {
  const char* folder = std::getenv("RETROGRAD_DATA");
  const std::string name = folder == nullptr ? "" : folder;
  std::error_code error;
  if (!name.empty() && fs::is_directory(fs::path(name) / "mnist", error)) return std::nullopt;
  return Finding{"data",
                 name.empty() ? std::string("RETROGRAD_DATA is not set")
                              : fmt::format("RETROGRAD_DATA is {}, which holds no mnist/", name),
                 "Set it to the folder above mnist/, or train mnist by --data FOLDER."};
}

std::optional<Finding> folder() {
  std::error_code error;
  const fs::path runs = fs::is_directory("runs", error) ? "runs" : ".";
  if (::access(runs.c_str(), W_OK) == 0) return std::nullopt;
  return Finding{"folder",
                 fmt::format("{} cannot be written", fs::absolute(runs, error).lexically_normal().string()),
                 "Train in another folder, or name one by --out."};
}

std::optional<Finding> disk() {
  std::error_code error;
  const fs::space_info space = fs::space(".", error);
  constexpr std::uintmax_t enough = std::uintmax_t{1} << 30;
  if (error || space.available >= enough) return std::nullopt;
  return Finding{"disk", fmt::format("{} MiB are free", space.available >> 20),
                 "A run keeps its model three times: make room for large ones."};
}

std::optional<Finding> letters() {
  if (is_utf8()) return std::nullopt;
  return Finding{"letters", "the locale is not UTF-8",
                 "LANG=C.UTF-8 draws curves and bars with finer letters."};
}

}  // namespace

std::vector<Finding> missing(const retrograd::Machine& machine) {
  std::vector<Finding> findings;
  for (auto& finding : {vector_instructions(machine), cores(machine), data(), folder(), disk(), letters()}) {
    if (finding) findings.push_back(*finding);
  }
  return findings;
}

}  // namespace cli::doctor
