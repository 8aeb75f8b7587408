// The LSTM language model of Karpathy's char-rnn on tiny Shakespeare.
#include <fmt/format.h>
#include <retrograd/model_text.h>
#include <retrograd/text.h>

#include <algorithm>
#include <cmath>

#include "cli/reproduce/statistics.h"
#include "cli/reproduce/training.h"

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

Json run(const Request& request, std::uint64_t seed) {
  rg::data::Parts parts =
      rg::data::load_text(request.material, {.context = 50, .test = 0, .validation = 0.05});
  rg::train::Options options;
  options.optimizer = "rmsprop";
  options.learning_rate = 2e-3;
  options.rho = 0.95;
  options.schedule = "step(1, 0.97, 9)";  // the first fall after epoch 10
  options.clip_value = 5;
  options.batch = 50;
  options.epochs = request.quick ? 1 : 50;
  options.patience = 0;
  options.seed = seed;
  const std::int64_t vocabulary = parts.train.vocabulary().size();
  rg::nn::Sequential model =
      rg::nn::build_model(rg::nn::expand_model("lstm-lm(128, 2)", parts.train.input_shape(), vocabulary),
                          parts.train.input_shape(), {.seed = seed, .vocabulary = vocabulary});
  return train_recipe(std::move(model), std::move(parts), options, request);
}

Finding conclude(std::span<const Json> outcomes) {
  std::vector<double> best;
  for (const Curve& curve : figures_of(outcomes, 1)) {
    double least = curve.points.at(0).second;
    for (const auto& [epoch, loss] : curve.points) least = std::min(least, loss);
    best.push_back(least);
  }
  const std::string cut = unfinished(outcomes);
  Finding finding;
  finding.measured = fmt::format("{:.3f} nats a character of validation at the best epoch", median(best));
  if (best.size() > 1) finding.measured += fmt::format(" (median of {})", best.size());
  if (!cut.empty()) finding.measured += ", after " + cut;
  finding.compared = false;
  finding.verdict =
      fmt::format("no figure was published; it is {:.2f} bits a character", median(best) / std::log(2.0));
  finding.charts.push_back(
      {"loss", "Loss on the validation text", "epoch", "nats a character", figures_of(outcomes, 1)});
  return finding;
}

constexpr Row rows[] = {{"two layers of 128, 50 characters, batch 50, RMSprop .002, 50 epochs",
                         "not published", 1, run, conclude, Material::shakespeare}};

}  // namespace

const Experiment char_lstm{"char-lstm", "An LSTM reads Shakespeare",
                           "A. Karpathy, char-rnn, 2015, with the settings of its train.lua",
                           "Two LSTM layers of 128 units on characters, 50 characters a step, batch 50, "
                           "RMSprop with rate .002 and .95, the rate times .97 after each epoch from the "
                           "tenth on, each element of a gradient cut at 5, the last 5 % of tiny Shakespeare "
                           "for validation. Otherwise than in char-rnn, characters pass an embedding of 128 "
                           "numbers and weights start as our layers' do.",
                           rows};

}  // namespace cli::reproduce
