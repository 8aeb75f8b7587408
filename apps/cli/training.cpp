// From settings to a trainer.
#include "cli/training.h"

#include <fmt/format.h>
#include <retrograd/images.h>
#include <retrograd/model_text.h>
#include <retrograd/pretrained.h>
#include <retrograd/recurrent_layers.h>
#include <retrograd/text.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <string_view>

#include "cli/common.h"
#include "cli/table_defaults.h"

namespace cli {
namespace {

namespace rg = retrograd;

struct Numbers {
  rg::DType parameters;
  rg::Precision products;
};

Numbers numbers(const Settings& settings) {
  const std::string name = settings.precision.value_or("f32");
  if (name == "f32") return {rg::DType::f32, rg::Precision::full};
  if (name == "f64") return {rg::DType::f64, rg::Precision::full};
  if (name == "bf16") return {rg::DType::f32, rg::Precision::bf16};
  if (name == "bf16-forced") return {rg::DType::f32, rg::Precision::bf16_forced};
  throw UsageError(
      fmt::format("--precision: \"{}\" is unknown; known are f32, f64, bf16, bf16-forced", name));
}

// Windows of rows, [rows, numbers].
bool is_series(const rg::data::Dataset& data) { return data.steps() == 0 && data.input_shape().rank() == 2; }

std::string default_model(const rg::data::Dataset& data) {
  const std::int64_t outputs = data.target_width();
  if (data.task() == rg::data::Task::reconstruction) {
    return fmt::format("autoencoder({})", std::min<std::int64_t>((outputs + 3) / 4, 32));
  }
  if (data.input_shape().rank() == 3) return "lenet";
  if (data.steps() > 0) return "lstm-lm(256, 1, 64)";
  if (is_series(data)) return fmt::format("gru(64), last, linear({})", outputs);
  const double dropout = table_defaults(data.rows(), data.input_shape().size(), data.task()).dropout;
  const std::string hidden =
      dropout > 0 ? fmt::format("linear(64), relu, dropout({}), ", dropout) : "linear(64), relu, ";
  return fmt::format("{0}{0}linear({1})", hidden, outputs);
}

// The rate of a table by its size; none for other data, where the library's holds. A network or an optimizer
// of the user's has rates of its own, and so has going on from a trained one; networks that reconstruct are
// much alike.
std::optional<double> default_rate(const Settings& settings, const rg::data::Dataset& data) {
  const bool named = settings.model && data.task() != rg::data::Task::reconstruction;
  if (named || settings.from || settings.optimizer.value_or("adamw") != "adamw") return std::nullopt;
  if (data.steps() > 0 || data.input_shape().rank() != 1) return std::nullopt;
  return table_defaults(data.rows(), data.input_shape().size(), data.task()).learning_rate;
}

std::uint64_t seed(const Settings& settings) {
  const std::uint64_t seed = settings.seed.value_or(1);
  if (seed > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw UsageError("--seed: expected a number below 2^63");
  }
  return seed;
}

}  // namespace

std::string initialisation(const Settings& settings) {
  const bool named = settings.model || settings.task == "reconstruction";
  return settings.init.value_or(named ? "default" : "he-normal");
}

namespace {

// What became of the layers.
std::string told(const std::string& from, const rg::train::Pretrained::Taken& taken) {
  std::string text = fmt::format("{}: trained values for {}", from, fmt::join(taken.layers, ", "));
  if (taken.anew.empty()) return text + ", all layers with values";
  return text + fmt::format("; anew {}: {}", fmt::join(taken.anew, ", "), taken.reason);
}

}  // namespace

Prepared prepare(const Settings& settings, const Source& source) {
  rg::data::Parts parts = load(source, settings);
  rg::nn::Sequential model = make_model(settings, parts.train);
  std::vector<std::string> notices = parts.train.source().notices;
  if (settings.from) {
    notices.push_back(told(*settings.from, rg::train::Pretrained(*settings.from).give(model, parts)));
  }
  return {std::move(parts), std::move(model), std::move(notices)};
}

namespace {

bool is_activation(std::string_view layer) {
  constexpr std::string_view known[] = {"relu", "leaky_relu", "elu",      "selu", "gelu",         "silu",
                                        "mish", "softplus",   "softsign", "tanh", "hard_sigmoid", "sigmoid"};
  return std::find(std::begin(known), std::end(known), layer) != std::end(known);
}

// A layer as it stands in the text of a model.
std::string text_of(const rg::nn::Module& layer) {
  const bool holds_layers = dynamic_cast<const rg::nn::Sequential*>(&layer) != nullptr;
  return holds_layers ? fmt::format("sequential({})", layer.text()) : layer.text();
}

// The text of a model that answers every step of a series, with `last` behind its last recurrent layer, or at
// its end: one answer for a window.
std::string with_last_step(const rg::nn::Sequential& model) {
  std::size_t place = model.size() - 1;
  for (std::size_t i = 0; i < model.size(); ++i) {
    if (dynamic_cast<const rg::nn::RecurrentLayer*>(&model[i]) != nullptr) place = i;
  }
  std::string text;
  for (std::size_t i = 0; i < model.size(); ++i) {
    text += (i == 0 ? "" : ", ") + text_of(model[i]) + (i == place ? ", last" : "");
  }
  return text;
}

// The text of the model with dropout behind each activation that another layer follows.
std::string with_dropout(const rg::nn::Sequential& model, double share) {
  if (!(share >= 0 && share < 1)) {
    throw UsageError(fmt::format("--dropout: {} is out of range; expected 0 <= share < 1", share));
  }
  std::string text;
  bool placed = false;
  for (std::size_t i = 0; i < model.size(); ++i) {
    const rg::nn::Module& layer = model[i];
    // One that is there already is replaced.
    if (i > 0 && layer.type_name() == "dropout" && is_activation(model[i - 1].type_name())) continue;
    text += (i == 0 ? "" : ", ") + text_of(layer);
    if (i + 1 == model.size() || !is_activation(layer.type_name())) continue;
    if (share > 0) text += fmt::format(", dropout({})", share);
    placed = true;
  }
  if (!placed) throw UsageError("--dropout: the network has no activation to put it behind");
  return text;
}

}  // namespace

rg::nn::Sequential make_model(const Settings& settings, const rg::data::Dataset& data) {
  rg::nn::ModelOptions options;
  options.seed = seed(settings);
  options.initialisation = initialisation(settings);
  options.dtype = numbers(settings).parameters;
  options.vocabulary = data.steps() > 0 ? data.target_width() : 0;
  const std::string text = settings.model ? *settings.model
                           : settings.from
                               ? rg::train::Pretrained(*settings.from).model_text(data.target_width())
                               : default_model(data);
  rg::nn::Sequential model = rg::nn::build_model(
      rg::nn::expand_model(text, data.input_shape(), data.target_width()), data.input_shape(), options);
  if (is_series(data) && rg::nn::output_shape(model, data.input_shape()).rank() == 2) {
    model = rg::nn::build_model(with_last_step(model), data.input_shape(), options);
  }
  if (!settings.dropout) return rg::nn::cloned(model);
  return rg::nn::build_model(with_dropout(model, *settings.dropout), data.input_shape(), options);
}

rg::train::Options make_options(const Settings& settings, const rg::data::Dataset& data, bool images) {
  rg::train::Options options;
  options.loss = settings.loss.value_or("");
  options.label_smoothing = settings.label_smoothing.value_or(0.0);
  options.class_weights = settings.class_weights.value_or("");
  options.optimizer = settings.optimizer.value_or(options.optimizer);
  options.learning_rate = settings.lr ? settings.lr : default_rate(settings, data);
  options.momentum = settings.momentum;
  options.weight_decay = settings.weight_decay;
  options.nesterov = settings.nesterov.value_or(false);
  options.beta1 = settings.beta1;
  options.beta2 = settings.beta2;
  options.epsilon = settings.epsilon;
  options.rho = settings.rho;
  options.schedule = settings.schedule.value_or("");
  options.warmup = settings.warmup;
  options.clip_norm = settings.clip_norm.value_or(0.0);
  options.clip_value = settings.clip_value.value_or(0.0);
  options.accumulate = settings.accumulate.value_or(1);
  options.average = settings.average.value_or(0.0);
  options.freeze = settings.freeze.value_or("");
  options.rates = settings.rates.value_or("");
  options.augment = settings.augment.value_or("");
  options.epochs = settings.epochs.value_or(options.epochs);
  options.batch = settings.batch.value_or(images ? 64 : options.batch);
  options.patience = settings.patience.value_or(settings.epochs ? 0 : options.patience);
  options.seed = seed(settings);
  options.l1 = settings.l1.value_or(0.0);
  options.l2 = settings.l2.value_or(0.0);
  options.track_test = settings.track_test.value_or(false);
  options.precision = numbers(settings).products;
  return options;
}

Settings written_out(const Settings& settings, const Source& source, const rg::train::Trainer& trainer) {
  const rg::train::Options& used = trainer.options();
  const rg::data::Parts& parts = trainer.parts();
  Settings all = settings;
  all.data =
      source.path == "-" ? source.path : std::filesystem::absolute(source.path).lexically_normal().string();
  all.data_sha256 = parts.train.source().sha256;
  if (source.text) {
    all.context = parts.train.steps();
    all.tokens = parts.train.vocabulary().is_bytes() ? "bytes" : "characters";
    all.test = settings.test.value_or(rg::data::TextOptions().test);
    all.val = settings.val.value_or(rg::data::TextOptions().validation);
  } else if (source.pictures) {
    const rg::Shape& sample = parts.train.input_shape();  // [C, H, W]
    all.size = fmt::format("{}x{}", sample[1], sample[2]);
    all.strict_data = settings.strict_data.value_or(false);
    if (!settings.folds) all.test = settings.test.value_or(rg::data::ImageOptions().test);
    all.val = settings.val.value_or(rg::data::ImageOptions().validation);
  } else if (source.images) {
    if (settings.folds) all.val = settings.val.value_or(rg::data::SplitOptions().validation);
  } else {
    std::string names;
    for (const auto& target : parts.encoder.targets()) names += (names.empty() ? "" : ",") + target.name;
    if (!names.empty()) all.target = names;
    all.task = rg::data::name(parts.train.task());
    if (const rg::data::Windows& windows = parts.encoder.windows(); windows.size > 0) {
      all.window = windows.size;
      all.horizon = windows.horizon;
    }
    if (settings.split_file) {
      all.split_file = std::filesystem::absolute(*settings.split_file).lexically_normal().string();
    } else {
      if (!settings.folds) all.test = settings.test.value_or(rg::data::LoadOptions().test);
      all.val = settings.val.value_or(rg::data::LoadOptions().validation);
    }
  }
  all.model = trainer.model().text();
  if (settings.from) all.from = std::filesystem::absolute(*settings.from).lexically_normal().string();
  all.dropout.reset();  // stands in the model's text
  all.init = initialisation(settings);
  all.precision = settings.precision.value_or("f32");
  all.loss = used.loss;
  all.label_smoothing = used.label_smoothing;
  all.class_weights = used.class_weights;
  all.optimizer = used.optimizer;
  all.lr = used.learning_rate;
  all.momentum = used.momentum;
  all.nesterov = used.nesterov;
  all.beta1 = used.beta1;
  all.beta2 = used.beta2;
  all.epsilon = used.epsilon;
  all.rho = used.rho;
  all.weight_decay = used.weight_decay;
  all.warmup = used.warmup;
  all.clip_norm = used.clip_norm;
  all.clip_value = used.clip_value;
  all.accumulate = used.accumulate;
  all.average = used.average;
  all.freeze = used.freeze;
  all.rates = used.rates;
  all.schedule = used.schedule;
  all.l1 = used.l1;
  all.l2 = used.l2;
  all.epochs = used.epochs;
  all.batch = used.batch;
  if (source.images) all.augment = used.augment;
  all.patience = used.patience;
  all.seed = used.seed;
  all.track_test = used.track_test;
  return all;
}

}  // namespace cli
