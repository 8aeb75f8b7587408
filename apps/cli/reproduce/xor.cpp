// Exclusive or by a 2-2-1 network.
#include <fmt/format.h>
#include <retrograd/nn.h>

#include "cli/reproduce/experiment.h"
#include "cli/reproduce/statistics.h"
#include "cli/reproduce/sweeps.h"

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

constexpr int limit = 5000;

Json run(const Request& request, std::uint64_t seed) {
  const rg::nn::Sequential network = sigmoid_network({2, 2, 1}, 1.0, seed);
  const std::vector<double> x{0, 0, 0, 1, 1, 0, 1, 1};
  const std::vector<double> t{0, 1, 1, 0};
  const SweepResult result =
      sweep(network, {4, 2}, x, {4, 1}, t, {.rate = 0.5, .momentum = 0.9, .limit = limit}, request.stay);
  return {{"sweeps", result.learned ? Json(result.sweeps) : Json()}, {"curve", result.curve}};
}

Finding conclude(std::span<const Json> outcomes) {
  const std::vector<double> sweeps = values_of(outcomes, "sweeps");
  Finding finding;
  finding.reproduced = !sweeps.empty();
  finding.measured = sweeps.empty() ? std::string("learned by no seed")
                                    : fmt::format("learned by {} of {} seeds, median {:.0f} sweeps",
                                                  sweeps.size(), outcomes.size(), median(sweeps));
  finding.verdict = finding.reproduced ? "learned" : "not learned";
  finding.notes.push_back(fmt::format(
      "A seed has learned when each of the four outputs lies on its side of 1/2. Those that have not after "
      "{} sweeps lie in the local minimum that Rumelhart, Hinton and Williams describe (Parallel Distributed "
      "Processing, 1986, chapter 8): two inputs share an output near 1/2.",
      limit));
  const std::size_t shown = std::min<std::size_t>(outcomes.size(), 10);
  finding.charts.push_back({"error", "Error of the first ten seeds", "sweep", "E",
                            curves_of(outcomes.subspan(0, shown), "curve")});
  return finding;
}

constexpr Row rows[] = {{"2-2-1 sigmoid, rate .5, momentum .9", "learned", 100, run, conclude}};

}  // namespace

const Experiment xor_gate{
    "xor", "Exclusive or",
    "Rumelhart, Hinton, Williams, \"Learning internal representations by error propagation\", 1986",
    "All four patterns in each sweep, E = 1/2 sum (y - t)^2 over them, weights and biases from U(-1, 1), "
    "float64.",
    rows};

}  // namespace cli::reproduce
