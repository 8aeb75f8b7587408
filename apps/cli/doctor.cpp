// retrograd doctor: what this machine is and can do, measured, and what is missing.
// Not here: what is looked for (doctor/findings.cpp).
#include <fmt/format.h>
#include <retrograd/explain.h>
#include <retrograd/images.h>
#include <retrograd/machine.h>
#include <retrograd/threads.h>
#include <retrograd/version.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/doctor/findings.h"
#include "cli/idle_cores.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd doctor
  retrograd doctor --json)TEXT";

struct Measured {
  int threads;
  int idle;
  double peak_one, peak;  // GFLOP/s
  double bandwidth;       // GB/s
};

Measured measure() {
  const IdleCores idle;
  Measured measured{};
  measured.threads = rg::threads();
  measured.idle = idle.cores(measured.threads);
  measured.peak_one = rg::measure_peak(1);
  measured.peak = rg::measure_peak(measured.threads);
  measured.bandwidth = rg::measure_bandwidth(measured.threads);
  return measured;
}

nlohmann::ordered_json json_of(const rg::Machine& machine, const Measured& measured,
                               const rg::explain::Record& check,
                               const std::vector<doctor::Finding>& missing) {
  nlohmann::ordered_json json;
  json["version"] = rg::version();
  json["machine"] = {{"cpu", machine.cpu},
                     {"instruction_set", machine.instruction_set},
                     {"bf16", machine.bf16},
                     {"cores", machine.cores},
                     {"memory_bytes", machine.memory_bytes}};
  json["threads"] = {{"used", measured.threads}, {"idle", measured.idle}};
  json["peak_gflops"] = {{"one_thread", measured.peak_one}, {"all_threads", measured.peak}};
  json["bandwidth_gb_s"] = measured.bandwidth;
  json["libraries"] = nlohmann::ordered_json::array();
  for (const rg::LibraryVersion& library : machine.libraries) {
    json["libraries"].push_back({{"name", library.name}, {"version", library.version}});
  }
  json["check"] = {{"gradients", check.checked},
                   {"max_relative_error", check.max_relative_error},
                   {"passed", check.agrees}};
  json["missing"] = nlohmann::ordered_json::array();
  for (const doctor::Finding& finding : missing) {
    json["missing"].push_back({{"name", finding.name}, {"found", finding.found}, {"remedy", finding.remedy}});
  }
  return json;
}

std::string text_of(const rg::Machine& machine, const Measured& measured, const rg::explain::Record& check,
                    const std::vector<doctor::Finding>& missing) {
  const auto line = [](std::string_view name, const std::string& value) {
    return fmt::format("{:<18}{}\n", name, value);
  };
  std::string text = line("processor", machine.cpu);
  text += line("instruction set", machine.instruction_set);
  text += line("bf16", machine.bf16.empty() ? "not multiplied by this processor" : machine.bf16);
  text += line("cores", fmt::format("{}, {} idle", machine.cores, measured.idle));
  if (machine.memory_bytes > 0) {
    text += line("memory", fmt::format("{:.1f} GiB", static_cast<double>(machine.memory_bytes) / (1 << 30)));
  }
  text += line("threads", std::to_string(measured.threads));
  text += line("peak", fmt::format("{:.0f} GFLOP/s, of one thread {:.0f} (f32, measured)", measured.peak,
                                   measured.peak_one));
  text += line("memory bandwidth", fmt::format("{:.1f} GB/s (measured)", measured.bandwidth));
  for (const rg::LibraryVersion& library : machine.libraries) text += line(library.name, library.version);
  text += line("arithmetic", fmt::format("{}: {} gradients beside central differences",
                                         check.agrees ? "right" : "WRONG", check.checked));
  text += missing.empty() ? "\nNothing is missing.\n" : "\nMissing:\n";
  for (const doctor::Finding& finding : missing) {
    text += fmt::format("  {}: {}\n    {}\n", finding.name, finding.found, finding.remedy);
  }
  return text;
}

void examine(Common& common) {
  notice(common, "measuring, about a second");
  rg::Machine machine = rg::machine();
  for (const auto& [name, version] : rg::data::reading_libraries())
    machine.libraries.push_back({name, version});
  const Measured measured = measure();
  const rg::explain::Record check = rg::explain::mazur_example();
  const std::vector<doctor::Finding> missing = doctor::missing(machine);
  if (common.json) {
    print_json(json_of(machine, measured, check, missing));
  } else {
    print(text_of(machine, measured, check, missing));
  }
  if (!check.agrees) common.outcome = exit_code::failed;
}

}  // namespace

void add_doctor(CLI::App& app, Common& common) {
  app.description(
      "Says what this machine is, what it can do at most, with which libraries, and what is missing. Exit "
      "code 1 where the arithmetic is wrong.");
  app.footer(examples);
  app.callback([&common] { common.run = [&common] { examine(common); }; });
}

}  // namespace cli
