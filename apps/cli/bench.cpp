// retrograd bench: the time of a training step for a few networks, beside the processor's limit and other
// libraries. The networks are in bench/.
#include <fmt/format.h>
#include <retrograd/machine.h>
#include <retrograd/threads.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bench/workload.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd bench
  retrograd bench a c --threads 1 --json)TEXT";

struct Arguments {
  std::vector<std::string> names;
  std::optional<std::int64_t> threads;
};

struct Row {
  std::string workload;
  std::string title;
  int threads;
  double us;
  double bound_us;
  std::vector<std::pair<std::string, double>> peers;  // microseconds
  double share() const { return bound_us / us; }
  // Of the time of the fastest peer.
  double ratio() const {
    double best = peers.front().second;
    for (const auto& peer : peers) best = std::min(best, peer.second);
    return us / best;
  }
};

double seconds_of(const std::function<void()>& step, int times) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) step();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The median of five rounds of a quarter of a second.
double microseconds(const std::function<void()>& step) {
  seconds_of(step, 2);
  const double one = seconds_of(step, 1);
  const int times = static_cast<int>(std::clamp(0.25 / one, 1.0, 1e6));
  std::vector<double> rounds;
  for (int round = 0; round < 5; ++round) rounds.push_back(seconds_of(step, times) / times);
  std::sort(rounds.begin(), rounds.end());
  return rounds[2] * 1e6;
}

std::vector<Workload> chosen(const std::vector<std::string>& names) {
  std::vector<Workload> all = feed_forward_workloads();
  for (Workload& workload : sequence_workloads()) all.push_back(std::move(workload));
  if (names.empty()) return all;
  std::vector<Workload> found;
  for (const std::string& name : names) {
    const auto workload =
        std::find_if(all.begin(), all.end(), [&](const Workload& known) { return known.name == name; });
    if (workload == all.end()) {
      std::string known;
      for (const Workload& one : all) known += (known.empty() ? "" : ", ") + one.name;
      throw UsageError(fmt::format("bench: unknown workload \"{}\"; known are {}", name, known));
    }
    found.push_back(*workload);
  }
  return found;
}

Row measure(const Workload& workload, int threads, double peak) {
  Row row{
      workload.name, workload.title, threads, microseconds(workload.make()), workload.flops / peak / 1e3, {}};
  for (const auto& [name, peer] : workload.peers)
    row.peers.emplace_back(name, threads == 1 ? peer.one : peer.two);
  return row;
}

nlohmann::ordered_json json_of(const Row& row) {
  nlohmann::ordered_json peers = nlohmann::ordered_json::object();
  for (const auto& [name, us] : row.peers) peers[name] = us;
  return {{"workload", row.workload}, {"threads", row.threads}, {"us", row.us},        {"peers", peers},
          {"bound_us", row.bound_us}, {"ratio", row.ratio()},   {"share", row.share()}};
}

std::string text_of(const Row& row) {
  std::string peers;
  for (const auto& [name, us] : row.peers)
    peers += fmt::format("{}{} {:.0f}", peers.empty() ? "" : ", ", name, us);
  return fmt::format("{:<4}{:>12.1f}{:>12.1f}{:>8.0f} %{:>8.2f}  {}\n      {}\n", row.workload, row.us,
                     row.bound_us, 100 * row.share(), row.ratio(), peers, row.title);
}

void bench(const Arguments& arguments, const Common& common) {
  const std::vector<Workload> workloads = chosen(arguments.names);
  const std::int64_t wanted = arguments.threads.value_or(rg::threads());
  if (wanted < 1 || wanted > 256) {
    throw UsageError(fmt::format("--threads: {} is out of range; expected 1 to 256", wanted));
  }
  const int threads = static_cast<int>(wanted);
  rg::set_threads(threads);
  const rg::Machine machine = rg::machine();
  const double bandwidth = rg::measure_bandwidth(threads);
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  std::string text = fmt::format("{}, {}, {} {}\n\n{:<4}{:>12}{:>12}{:>10}{:>8}  {}\n", machine.cpu,
                                 machine.instruction_set, threads, threads == 1 ? "thread" : "threads", "",
                                 "us a step", "limit", "share", "ratio", "other libraries, us");
  double peak = 0;
  for (const Workload& workload : workloads) {
    notice(common, fmt::format("measuring {}: {}", workload.name, workload.title));
    const double here = rg::measure_peak(threads);
    peak = std::max(peak, here);
    const Row row = measure(workload, threads, here);
    rows.push_back(json_of(row));
    text += text_of(row);
  }
  if (common.json) {
    print_json({{"machine",
                 {{"cpu", machine.cpu},
                  {"instruction_set", machine.instruction_set},
                  {"cores", machine.cores},
                  {"peak_gflops", peak},
                  {"bandwidth_gb_s", bandwidth}}},
                {"rows", rows}});
    return;
  }
  print(text +
        fmt::format(
            "\nLimit: the step's multiplications and additions at {:.0f} GFLOP/s, measured here; memory "
            "gives {:.0f} GB/s.\nRatio: to the fastest of the others, whose times are of a machine "
            "with two Zen 4 cores.\n",
            peak, bandwidth));
}

}  // namespace

void add_bench(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description("Measures the time of a training step for a few networks.");
  app.footer(examples);
  app.add_option("WORKLOAD", arguments->names,
                 "a, b: fully connected; c, d: convolutional; e, f: sequences (all)")
      ->type_name("");
  app.add_option("--threads", arguments->threads, "Threads that take part (the physical cores)")
      ->type_name("N");
  app.callback([arguments, &common] { common.run = [arguments, &common] { bench(*arguments, common); }; });
}

}  // namespace cli
