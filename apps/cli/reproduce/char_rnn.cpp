// A recurrent network that reads a text character by character, as Karpathy's min-char-rnn does.
#include <fmt/format.h>
#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/initialisers.h>
#include <retrograd/optim.h>
#include <retrograd/recurrent.h>
#include <retrograd/retrograd.h>
#include <retrograd/vocabulary.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "cli/reproduce/experiment.h"
#include "cli/reproduce/statistics.h"

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

constexpr std::int64_t units = 100;  // H
constexpr std::int64_t steps = 25;   // T
constexpr double smoothing = 0.999;  // of the smooth loss, for each step

std::vector<std::int32_t> tokens_of(const std::string& path, std::int64_t& vocabulary) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || text.size() <= static_cast<std::size_t>(steps)) {
    throw rg::Error(rg::ErrorKind::data, fmt::format("{}: is missing or too short", path));
  }
  const rg::data::Vocabulary letters = rg::data::Vocabulary::characters(text);
  vocabulary = letters.size();
  return letters.encode(text, path);
}

// h_t = tanh(x_t W_x + h_{t-1} W_h + b), y_t = h_t W_y + c; W_x [V, H], W_h [H, H], W_y [H, V] from N(0,
// .01^2).
struct Network {
  Network(std::int64_t vocabulary, std::uint64_t seed) {
    const std::vector<rg::Shape> shapes{
        {vocabulary, units}, {units, units}, {units, vocabulary}, {units}, {vocabulary}};
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const auto first = rg::nn::Initialiser::normal(0, i < 3 ? 0.01 : 0);
      parameters.emplace_back(first.draw(shapes[i], rg::DType::f32, {}, seed, i), fmt::format("w{}", i));
    }
  }
  // x, t i32 [1, T] -> the sum over the steps of -ln p(t), in nats. Sets what the state is next.
  rg::Array loss(const rg::Array& x, const rg::Array& t) const {
    const std::int64_t vocabulary = parameters[0].shape()[0];
    const rg::Array letters = rg::one_hot(x, vocabulary, rg::DType::f32);
    const rg::Array h = rg::rnn(rg::matmul(letters, parameters[0]) + parameters[3], parameters[1], state);
    state.set_next(rg::reshape(rg::slice_axis(h, 1, steps - 1, steps), {1, units}));
    const rg::Array y = rg::matmul(h, parameters[2]) + parameters[4];
    const rg::Array z = rg::reshape(y, {steps, vocabulary});
    return static_cast<double>(steps) * rg::nn::cross_entropy(z, rg::reshape(t, {steps}));
  }
  std::vector<rg::Variable> parameters;
  rg::Variable state{rg::Array::from(std::vector<float>(units, 0.0f), {1, units}), "state"};
};

Json run(const Request& request, std::uint64_t seed) {
  std::int64_t vocabulary = 0;
  const std::vector<std::int32_t> tokens = tokens_of(request.material, vocabulary);
  const Network network(vocabulary, seed);
  rg::optim::Adagrad adagrad({.learning_rate = 0.1, .epsilon = 1e-8});
  adagrad.set_clipping({.value = 5});
  auto step = rg::compile([&](rg::Array x, rg::Array t) {
    const rg::Array loss = network.loss(x, t);
    adagrad.update(network.parameters, rg::gradients(loss, network.parameters));
    return loss;
  });
  const std::int64_t count = (static_cast<std::int64_t>(tokens.size()) - 1) / steps;
  const double first = std::log(static_cast<double>(vocabulary)) * static_cast<double>(steps);
  double smooth = first;
  Json curve = Json::array({Json::array({0, first})});
  for (std::int64_t i = 0; i < (request.quick ? 500 : count); ++i) {
    if (i % 64 == 0) request.stay();
    const std::span<const std::int32_t> at = std::span(tokens).subspan(static_cast<std::size_t>(i * steps));
    const auto piece = [&](std::size_t from) { return rg::Array::from(at.subspan(from, steps), {1, steps}); };
    smooth = smoothing * smooth + (1 - smoothing) * step(piece(0), piece(1)).item<double>();
    if ((i + 1) % 500 == 0) curve.push_back({i + 1, smooth});
  }
  return {{"first", first}, {"smooth", smooth}, {"curve", curve}};
}

Finding conclude(std::span<const Json> outcomes) {
  const std::vector<double> last = values_of(outcomes, "smooth");
  const double first = values_of(outcomes, "first")[0], middle = median(last);
  Finding finding;
  finding.measured = fmt::format("{:.2f} at first, {:.2f} after one pass (median of {}, {:.2f} to {:.2f})",
                                 first, middle, last.size(), percentile(last, 0), percentile(last, 1));
  finding.reproduced = std::abs(first - 104.36) < 0.005 && middle <= 50;
  const auto within = std::count_if(last.begin(), last.end(), [](double loss) { return loss <= 50; });
  finding.verdict = middle <= 50 ? "the loss falls as far"
                                 : fmt::format("the median is {:.2f} above 50, which {} of {} seeds reach",
                                               middle - 50, within, last.size());
  finding.charts.push_back(
      {"loss", "Smooth loss over 25 characters", "step", "nats", curves_of(outcomes, "curve")});
  return finding;
}

constexpr Row rows[] = {{"100 tanh units, T 25, Adagrad .1, clipping at 5",
                         "104.36 at first, 48 to 50 after one pass", 5, run, conclude,
                         Material::shakespeare}};

}  // namespace

const Experiment char_rnn{
    "char-rnn", "A recurrent network reads Shakespeare",
    "A. Karpathy, \"The Unreasonable Effectiveness of Recurrent Neural Networks\", 2015, and its "
    "min-char-rnn",
    "One layer on characters as unit vectors, weights N(0, .01^2), 25 characters a step, the state carried "
    "on but not its gradient, each element of a gradient cut at 5, Adagrad with rate .1, one pass over tiny "
    "Shakespeare. The loss is the sum over 25 characters, smoothed by .999 a step from ln 65 for each "
    "character.",
    rows};

}  // namespace cli::reproduce
