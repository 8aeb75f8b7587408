// The loss of a training: label smoothing and class weights, by options and in model files.
#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include "core/call_text.h"
#include "core/fail.h"
#include "train/options.h"

namespace retrograd::train {
namespace {

std::vector<double> numbers_of(const char* what, const std::string& text) {
  std::vector<double> numbers;
  for (const std::string& part : split_text(text, ',')) numbers.push_back(parse_number(what, part));
  return numbers;
}

std::vector<double> class_weights(const std::string& text, const data::Dataset& training) {
  if (trimmed(text) == "balanced") {
    return nn::balanced_class_weights(training.class_counts(), DType::f64).to_vector<double>();
  }
  std::vector<double> weights = numbers_of("class weights", text);
  const std::size_t classes = training.classes().size();
  if (weights.size() != classes) {
    fail(ErrorKind::argument,
         "class weights: {} numbers for {} classes ({}); expected one for each, or \"balanced\"",
         weights.size(), classes, fmt::join(training.classes(), ", "));
  }
  if (std::any_of(weights.begin(), weights.end(), [](double weight) { return weight < 0; })) {
    fail(ErrorKind::argument, "class weights: {}; expected numbers of at least 0", text);
  }
  return weights;
}

void check_known(const nn::Loss& loss, const char* what, std::span<const std::string_view> known) {
  if (std::find(known.begin(), known.end(), loss.name) != known.end()) return;
  fail(ErrorKind::argument, "loss: {} is not for {}; known are {}", loss.name, what, fmt::join(known, ", "));
}

// Each label is a question of its own: losses of classes that exclude one another, and of numbers without
// bounds, do not ask it.
void check_labels(const nn::Loss& loss, const Options& options) {
  constexpr std::string_view known[] = {"binary_cross_entropy", "half_squared_error", "mse"};
  check_known(loss, "several labels a row", known);
  if (trimmed(options.class_weights).empty()) return;
  fail(ErrorKind::argument, "class weights: several labels a row have none; they are for classes");
}

void check_reconstruction(const nn::Loss& loss) {
  constexpr std::string_view known[] = {"half_squared_error", "mse", "mae", "huber", "binary_cross_entropy"};
  check_known(loss, "reconstruction", known);
}

}  // namespace

nn::Loss make_loss(const Options& options, const data::Dataset& training) {
  nn::Loss loss = nn::loss(options.loss);
  loss.label_smoothing = options.label_smoothing;
  if (loss.label_smoothing != 0 && loss.name != "cross_entropy") {
    fail(ErrorKind::argument, "label smoothing: {} has none; cross_entropy has", loss.name);
  }
  if (!(loss.label_smoothing >= 0 && loss.label_smoothing < 1)) {
    fail(ErrorKind::argument, "label smoothing is {}; expected 0 <= label smoothing < 1",
         loss.label_smoothing);
  }
  if (training.task() == data::Task::multi_label) check_labels(loss, options);
  if (training.task() == data::Task::reconstruction) check_reconstruction(loss);
  if (trimmed(options.class_weights).empty()) return loss;
  if (training.task() != data::Task::classification) {
    fail(ErrorKind::argument, "class weights: the targets are numbers, not classes");
  }
  loss.class_weights = class_weights(options.class_weights, training);
  return loss;
}

void put_loss(const Options& options, const nn::Loss& loss, std::map<std::string, std::string>& metadata) {
  metadata["loss"] = options.loss;
  if (loss.label_smoothing != 0) metadata["label_smoothing"] = fmt::format("{}", loss.label_smoothing);
  if (!loss.class_weights.empty()) {
    metadata["class_weights"] = fmt::format("{}", fmt::join(loss.class_weights, ", "));
  }
}

nn::Loss loss_of(const std::map<std::string, std::string>& metadata) {
  const auto text = [&](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  nn::Loss loss = nn::loss(text("loss"));
  const std::string smoothing = text("label_smoothing");
  if (!smoothing.empty()) loss.label_smoothing = parse_number("label_smoothing", smoothing);
  loss.class_weights = numbers_of("class_weights", text("class_weights"));
  return loss;
}

}  // namespace retrograd::train
