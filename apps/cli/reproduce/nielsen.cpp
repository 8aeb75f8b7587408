// Nielsen's fully connected networks on MNIST, of chapters 1 and 3 of his book.
#include <fmt/format.h>
#include <retrograd/model_text.h>
#include <retrograd/train.h>

#include <algorithm>

#include "cli/reproduce/experiment.h"
#include "cli/reproduce/statistics.h"

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

// Ends the training where the user asks, by throwing what stay() throws.
class Staying : public rg::train::Observer {
 public:
  explicit Staying(const std::function<void()>& stay) : stay_(stay) {}
  bool stop_requested() override {
    stay_();
    return false;
  }

 private:
  const std::function<void()>& stay_;
};

struct Recipe {
  const char* model;
  const char* initialisation;
  rg::train::Options options;
};

Recipe chapter_1(const char* model) {
  Recipe recipe{model, "nielsen", {}};
  recipe.options.loss = "half_squared_error";
  recipe.options.learning_rate = 3.0;
  recipe.options.epochs = 30;
  return recipe;
}

Recipe chapter_3() {
  Recipe recipe{"linear(100), sigmoid, linear(10), sigmoid", "nielsen-scaled", {}};
  recipe.options.loss = "binary_cross_entropy";
  recipe.options.learning_rate = 0.1;
  recipe.options.l2 = 5.0;
  recipe.options.epochs = 60;
  return recipe;
}

Json train(Recipe recipe, const Request& request, std::uint64_t seed) {
  rg::data::Parts parts = rg::data::load_idx(request.mnist);
  recipe.options.optimizer = "sgd";
  recipe.options.batch = 10;
  recipe.options.patience = 0;
  recipe.options.seed = seed;
  recipe.options.track_test = true;
  if (request.quick) recipe.options.epochs = 1;
  rg::nn::Sequential model = rg::nn::build_model(recipe.model, parts.train.input_shape(),
                                                 {.seed = seed, .initialisation = recipe.initialisation});
  rg::train::Trainer trainer(std::move(model), std::move(parts), recipe.options);
  Staying observer(request.stay);
  const rg::train::Result result = trainer.run(&observer);
  double validation = 0;
  Json curve = Json::array();
  for (const rg::train::EpochRecord& epoch : trainer.history()) {
    validation = std::max(validation, epoch.val_score);
    curve.push_back({epoch.epoch, epoch.test_score * 100});
  }
  return {{"test", result.best_test->accuracy * 100}, {"validation", validation * 100}, {"curve", curve}};
}

// `key`: the part whose best epoch is reported.
Finding conclude(std::span<const Json> outcomes, const char* key, double published) {
  const std::vector<double> values = values_of(outcomes, key);
  const double middle = median(values), low = percentile(values, 0), high = percentile(values, 1);
  Finding finding;
  finding.measured =
      fmt::format("{:.2f} % (median of {}, {:.2f} to {:.2f})", middle, values.size(), low, high);
  // The deviation of an accuracy p measured on 10,000 images is sqrt(p (1 - p) / 10000): 0.21 % at 95.4 %,
  // 0.14 % at 98 %. Two figures, each with its own first weights, may differ by twice that.
  const double p = published / 100;
  const double allowed = 2 * 100 * std::sqrt(p * (1 - p) / 10000);
  finding.reproduced = middle >= published - allowed;
  finding.verdict = finding.reproduced
                        ? fmt::format("{:+.2f} against the published figure", middle - published)
                        : fmt::format("{:.2f} below the published figure", published - middle);
  finding.charts.push_back(
      {"accuracy", "Accuracy on the test images", "epoch", "%", curves_of(outcomes, "curve")});
  return finding;
}

Json run_30(const Request& request, std::uint64_t seed) {
  return train(chapter_1("linear(30), sigmoid, linear(10), sigmoid"), request, seed);
}
Json run_100(const Request& request, std::uint64_t seed) {
  return train(chapter_1("linear(100), sigmoid, linear(10), sigmoid"), request, seed);
}
Json run_regularised(const Request& request, std::uint64_t seed) { return train(chapter_3(), request, seed); }

Finding conclude_30(std::span<const Json> outcomes) { return conclude(outcomes, "test", 95.42); }
Finding conclude_100(std::span<const Json> outcomes) { return conclude(outcomes, "test", 96.59); }
Finding conclude_regularised(std::span<const Json> outcomes) {
  return conclude(outcomes, "validation", 98.04);
}

constexpr Row rows_1[] = {{"30 hidden units", "95.42 %", 5, run_30, conclude_30, true},
                          {"100 hidden units", "96.59 %", 5, run_100, conclude_100, true}};
constexpr Row rows_3[] = {
    {"100 hidden units, lambda 5", "98.04 % of validation", 5, run_regularised, conclude_regularised, true}};

}  // namespace

const Experiment nielsen_1{
    "nielsen-1", "Nielsen's first network",
    "M. Nielsen, \"Neural Networks and Deep Learning\", 2015, chapter 1",
    "Sigmoid units, quadratic cost, weights and biases N(0, 1), rate 3, batch 10, 30 epochs on 50,000 images "
    "(here 54,000: validation is the last tenth). The figure is that of the best epoch on the test images, "
    "as "
    "in the book.",
    rows_1};

const Experiment nielsen_3{
    "nielsen-3", "Cross-entropy, regularised",
    "M. Nielsen, \"Neural Networks and Deep Learning\", 2015, chapter 3",
    "Cross-entropy of sigmoid outputs, weights N(0, 1/n), biases N(0, 1), rate .1, L2 with lambda 5, batch "
    "10, "
    "60 epochs. The figure is that of the best epoch on the validation images, as in the book.",
    rows_3};

}  // namespace cli::reproduce
