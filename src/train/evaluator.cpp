// A network applied to a whole dataset, and the figures of its answers; those of several labels are in
// label_figures.cpp.
#include "train/evaluator.h"

#include <retrograd/model_text.h>
#include <retrograd/ops.h>
#include <retrograd/trace.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/fail.h"
#include "train/reconstruction.h"
#include "train/training_step.h"

namespace retrograd::train {
namespace {

// x, or x and t -> scores [B, width], or losses [B] and those.
class EvaluationFunction final : public TracedFunction {
 public:
  EvaluationFunction(const nn::Sequential& model, const nn::Loss& loss, bool with_losses)
      : model_(&model), loss_(&loss), with_losses_(with_losses) {}

  std::vector<Array> trace(std::span<const Array> inputs) override {
    const Array x = in_model_dtype(*model_, inputs[0]);
    std::vector<Array> results{check_finite(scores(x))};
    if (with_losses_) {
      const Array t = is_floating(inputs[1].dtype()) ? in_model_dtype(*model_, inputs[1]) : inputs[1];
      results.push_back(check_finite(nn::model_losses(*loss_, *model_, x, t)));
    }
    return results;
  }

 private:
  Array scores(const Array& x) const {
    Array y = loss_->activation.empty() ? (*model_)(x) : model_->logits(x);
    if (y.rank() != 2) y = reshape(y, {y.shape()[0], -1});
    if (loss_->activation == "softmax") return softmax(y);
    if (loss_->activation == "sigmoid") return sigmoid(y);
    if (loss_->activation == "exp") return exp(y);
    return y;
  }

  const nn::Sequential* model_;
  const nn::Loss* loss_;
  bool with_losses_;
};

CompiledFunction compiled(const nn::Sequential& model, const nn::Loss& loss, bool with_losses) {
  return CompiledFunction(std::make_unique<EvaluationFunction>(model, loss, with_losses),
                          CompileOptions{.mode = Mode::evaluation});
}

// Scores of classes as probabilities, added to `to`: of one output p, {1 - p, p}; of K outputs those above 0,
// divided by their sum.
void add_probabilities(std::span<const double> scores, std::size_t width, std::vector<double>& to) {
  for (; !scores.empty(); scores = scores.subspan(width)) {
    if (width == 1) {
      const double p = std::clamp(scores[0], 0.0, 1.0);
      to.insert(to.end(), {1 - p, p});
      continue;
    }
    const auto row = scores.first(width);
    double total = 0;
    for (const double score : row) total += std::max(score, 0.0);
    for (const double score : row) {
      to.push_back(total > 0 ? std::max(score, 0.0) / total : 1 / static_cast<double>(width));
    }
  }
}

std::vector<std::int32_t> labels_of(const data::Dataset& dataset) {
  std::vector<std::int32_t> labels;
  labels.reserve(static_cast<std::size_t>(dataset.rows()));
  for (std::int64_t row = 0; row < dataset.rows(); ++row) labels.push_back(dataset.label(row));
  return labels;
}

// The targets of regression in their units, [N, M].
std::vector<double> targets_of(const data::Dataset& dataset, const data::Encoder& encoder) {
  const std::int64_t width = dataset.target_width();
  std::vector<double> targets;
  targets.reserve(static_cast<std::size_t>(dataset.rows() * width));
  for (std::int64_t row = 0; row < dataset.rows(); ++row) {
    for (std::int64_t j = 0; j < width; ++j) {
      targets.push_back(encoder.in_units(dataset.target(row, j), static_cast<std::size_t>(j)));
    }
  }
  return targets;
}

// "classes", "target".
std::string things_of(data::Task task, std::int64_t count) {
  if (task == data::Task::classification) return "classes";
  if (task == data::Task::reconstruction) return count == 1 ? "input to give back" : "inputs to give back";
  return std::string(task == data::Task::regression ? "target" : "label") + (count == 1 ? "" : "s");
}

// Makes the graph of the loss once, so that a loss that the model cannot have is found before training.
void check_loss(const nn::Sequential& model, const nn::Loss& loss, const data::Dataset& like) {
  const ModeScope evaluation(Mode::evaluation);
  const BatchBuffer batch(like, 1);
  const Array x = in_model_dtype(model, batch.inputs());
  const Array& t = batch.targets();
  nn::model_losses(loss, model, x, is_floating(t.dtype()) ? in_model_dtype(model, t) : t);
}

}  // namespace

Evaluator::Evaluator(const nn::Sequential& model, const nn::Loss& loss, const data::Encoder& encoder)
    : encoder_(&encoder),
      with_losses_(compiled(model, loss, true)),
      scores_only_(compiled(model, loss, false)),
      text_(model) {}

BatchBuffer& Evaluator::buffer(const data::Dataset& dataset) {
  std::unique_ptr<BatchBuffer>& slot = dataset.has_targets() ? with_targets_ : without_targets_;
  if (!slot) slot = std::make_unique<BatchBuffer>(dataset, rows_at_once(dataset));
  return *slot;
}

// Of a large dataset nothing else is kept of a row but its answer.
Evaluator::Answers Evaluator::answers(const data::Dataset& dataset, bool with_losses) {
  BatchBuffer& batch = buffer(dataset);
  const bool classes = dataset.task() == data::Task::classification;
  Answers result;
  result.predicted.reserve(static_cast<std::size_t>(dataset.rows() * dataset.target_width()));
  std::vector<std::int64_t> rows;
  for (std::int64_t first = 0; first < dataset.rows(); first += batch.size()) {
    rows.resize(static_cast<std::size_t>(std::min(dataset.rows() - first, batch.size())));
    std::iota(rows.begin(), rows.end(), first);
    batch.fill(dataset, rows);
    std::array<Array, 2> outputs;
    if (with_losses) {
      with_losses_.call(std::array{batch.inputs(), batch.targets()}, outputs);
      const std::vector<double> losses = outputs[1].to_vector<double>();
      for (std::size_t i = 0; i < rows.size(); ++i) result.loss += losses[i];
    } else {
      scores_only_.call(std::array{batch.inputs()}, std::span(outputs).first(1));
    }
    const std::vector<double> all = outputs[0].to_vector<double>();
    const auto width = static_cast<std::size_t>(outputs[0].shape()[1]);
    const auto scores = std::span(all).first(rows.size() * width);
    if (classes) {
      add_probabilities(scores, width, result.predicted);
    } else if (dataset.task() == data::Task::multi_label) {
      for (const double p : scores) result.predicted.push_back(std::clamp(p, 0.0, 1.0));
    } else if (dataset.task() == data::Task::reconstruction) {
      result.predicted.insert(result.predicted.end(), scores.begin(), scores.end());
    } else {
      for (std::size_t i = 0; i < scores.size(); ++i) {
        result.predicted.push_back(encoder_->in_units(scores[i], i % width));
      }
    }
  }
  result.loss /= static_cast<double>(dataset.rows());
  return result;
}

std::vector<double> Evaluator::predictions(const data::Dataset& dataset) {
  if (dataset.rows() == 0) return {};
  return answers(dataset, false).predicted;
}

Evaluator::Score Evaluator::score(const data::Dataset& dataset) {
  if (dataset.steps() > 0) {
    const TextEvaluator::Score score = text_.score(dataset);
    return {score.loss, score.accuracy};
  }
  if (dataset.task() == data::Task::reconstruction) {
    const Figures figures = reconstruction(dataset, {});
    return {figures.loss, figures.r2};
  }
  const Answers given = answers(dataset, true);
  if (dataset.task() == data::Task::classification) {
    return {given.loss, accuracy(most_probable(given.predicted, dataset.target_width()), labels_of(dataset))};
  }
  if (dataset.task() == data::Task::multi_label) {
    return {given.loss, label_accuracy(probable_labels(given.predicted), truth_of(dataset))};
  }
  return {given.loss, r2(given.predicted, targets_of(dataset, *encoder_), dataset.target_width())};
}

namespace {

void add_class_figures(const std::vector<double>& probabilities, const std::vector<std::int32_t>& places,
                       const std::vector<std::int32_t>& labels, std::int64_t classes,
                       const Baseline& baseline, Figures& figures) {
  figures.precision = macro_precision(places, labels);
  figures.recall = macro_recall(places, labels);
  if (classes > 5) figures.top5 = top_k_accuracy(probabilities, labels, classes, 5);
  figures.confusion = confusion_matrix(places, labels, classes);
  figures.reliability = reliability(probabilities, labels, classes);
  figures.calibration_error = expected_calibration_error(figures.reliability);
  if (baseline.majority < 0) return;
  figures.baseline_accuracy =
      static_cast<double>(std::count(labels.begin(), labels.end(), baseline.majority)) /
      static_cast<double>(labels.size());
}

// `row` again and again, `count` numbers in all.
std::vector<double> repeated(const std::vector<double>& row, std::size_t count) {
  std::vector<double> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = row[i % row.size()];
  return all;
}

// Column `place` of numbers [N, width].
std::vector<double> column_of(const std::vector<double>& numbers, std::size_t width, std::size_t place) {
  std::vector<double> column;
  for (std::size_t at = place; at < numbers.size(); at += width) column.push_back(numbers[at]);
  return column;
}

std::vector<TargetFigures> figures_of_targets(const std::vector<double>& predicted,
                                              const std::vector<double>& targets,
                                              const data::Encoder& encoder) {
  const std::size_t width = encoder.targets().size();
  std::vector<TargetFigures> all;
  for (std::size_t j = 0; j < width; ++j) {
    const std::vector<double> y = column_of(predicted, width, j);
    const std::vector<double> t = column_of(targets, width, j);
    all.push_back({.name = encoder.targets()[j].name,
                   .r2 = r2(y, t),
                   .mae = mean_absolute_error(y, t),
                   .rmse = root_mean_squared_error(y, t)});
  }
  return all;
}

}  // namespace

Figures Evaluator::reconstruction(const data::Dataset& dataset, const Baseline& baseline) {
  double loss = 0;
  const auto predict = [&](const data::Dataset& some) {
    Answers given = answers(some, true);
    loss += given.loss * static_cast<double>(some.rows());
    return std::move(given.predicted);
  };
  Figures figures = sums_of(dataset, baseline, predict).figures();
  figures.loss = loss / static_cast<double>(dataset.rows());
  return figures;
}

Figures Evaluator::figures(const data::Dataset& dataset) {
  if (dataset.steps() > 0) {
    const TextEvaluator::Score score = text_.score(dataset);
    return {.rows = dataset.rows(),
            .loss = score.loss,
            .accuracy = score.accuracy,
            .nats_per_character = score.loss};
  }
  if (dataset.task() == data::Task::reconstruction) return reconstruction(dataset, baseline_);
  const Answers given = answers(dataset, true);
  return figures(dataset, given.predicted, given.loss);
}

Figures Evaluator::figures(const data::Dataset& dataset, const std::vector<double>& predicted,
                           double loss) const {
  Figures figures{.rows = dataset.rows(), .loss = loss};
  const std::int64_t width = dataset.target_width();
  if (dataset.task() == data::Task::classification) {
    const std::vector<std::int32_t> labels = labels_of(dataset);
    const std::vector<std::int32_t> places = most_probable(predicted, width);
    figures.accuracy = accuracy(places, labels);
    figures.f1 = macro_f1(places, labels);
    figures.auc = auc_of_classes(predicted, labels, width);
    figures.log_loss = log_loss(predicted, labels, width);
    add_class_figures(predicted, places, labels, width, baseline_, figures);
  } else if (dataset.task() == data::Task::multi_label) {
    add_label_figures(dataset, predicted, baseline_, figures);
  } else {
    const std::vector<double> targets = targets_of(dataset, *encoder_);
    figures.r2 = r2(predicted, targets, width);
    figures.mae = mean_absolute_error(predicted, targets, width);
    figures.rmse = root_mean_squared_error(predicted, targets, width);
    figures.mape = mean_absolute_percentage_error(predicted, targets, width);
    if (width > 1) figures.targets = figures_of_targets(predicted, targets, *encoder_);
    if (baseline_.means.size() == static_cast<std::size_t>(width)) {
      const std::vector<double> mean = repeated(baseline_.means, targets.size());
      figures.baseline_mae = mean_absolute_error(mean, targets, width);
      figures.baseline_rmse = root_mean_squared_error(mean, targets, width);
    }
  }
  return figures;
}

void check_output(const nn::Sequential& model, const nn::Loss& loss, const data::Dataset& like) {
  if (like.steps() > 0) {
    if (loss.name != "cross_entropy") {
      fail(ErrorKind::argument, "loss: {} is not for text; expected cross_entropy", loss.name);
    }
    return check_text_output(model, like);
  }
  const Shape output = nn::output_shape(model, like.input_shape());
  const bool classification = like.task() == data::Task::classification;
  const std::int64_t wanted = like.target_width();
  const bool one_for_two = classification && wanted == 2 && loss.activation != "softmax";
  if (output.size() == wanted || (one_for_two && output.size() == 1)) {
    check_loss(model, loss, like);
    return;
  }
  const nn::Module* last = nullptr;  // the last layer with parameters
  for (const auto& layer : model.children()) {
    if (!layer->parameters().empty()) last = layer.get();
  }
  fail(ErrorKind::shape, "model: the last layer{} gives {} {} a row, but the data has {} {}; {}",
       last != nullptr ? fmt::format(" {}, {},", last->name(), last->text()) : "", output.size(),
       output.size() == 1 ? "number" : "numbers", wanted, things_of(like.task(), wanted),
       last != nullptr && last->type_name() == "linear" ? fmt::format("write linear({}) there", wanted)
                                                        : fmt::format("end with linear({})", wanted));
}

}  // namespace retrograd::train
