// Checkpoints: the whole state of a training as one file of tensors. The form of the file is in src/io.
#include <retrograd/io.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/fail.h"
#include "train/instruction_set.h"
#include "train/trainer_state.h"

namespace retrograd::train {
namespace {

constexpr const char* format_version = "1";
constexpr std::size_t record_width = 9;

// Numbers as f64: whole ones stay below 2^53.
Array numbers(std::span<const double> values) {
  return Array::from(values, Shape{static_cast<std::int64_t>(values.size())});
}

std::array<double, 11> fields(const Progress& p) {
  return {static_cast<double>(p.epochs_done),
          static_cast<double>(p.step),
          static_cast<double>(p.rows_seen),
          p.loss_sum,
          p.norm_sum,
          p.seconds,
          static_cast<double>(p.best_epoch),
          p.best_loss,
          static_cast<double>(p.best_test_epoch),
          p.best_test_score,
          p.converged ? 1.0 : 0.0};
}

Progress progress_of(const std::vector<double>& f) {
  const auto whole = [&](std::size_t i) { return static_cast<std::int64_t>(f[i]); };
  return {whole(0), whole(1), whole(2), f[3], f[4], f[5], whole(6), f[7], whole(8), f[9], f[10] != 0};
}

// The figures that are one number, in their order in a checkpoint.
template <typename F>
auto scalars(F& f) {
  return std::array{&f.loss,
                    &f.accuracy,
                    &f.f1,
                    &f.auc,
                    &f.log_loss,
                    &f.r2,
                    &f.mae,
                    &f.rmse,
                    &f.precision,
                    &f.recall,
                    &f.top5,
                    &f.calibration_error,
                    &f.mape,
                    &f.baseline_accuracy,
                    &f.baseline_mae,
                    &f.baseline_rmse,
                    &f.nats_per_character};
}

// Rows, numbers, then the number of counts of the confusion matrix and they, then the bins.
std::vector<double> fields(const Figures& f) {
  std::vector<double> all{static_cast<double>(f.rows)};
  for (const double* number : scalars(f)) all.push_back(*number);
  all.push_back(static_cast<double>(f.confusion.size()));
  for (const std::int64_t count : f.confusion) all.push_back(static_cast<double>(count));
  for (const ReliabilityBin& bin : f.reliability) {
    all.insert(all.end(), {static_cast<double>(bin.rows), bin.confidence, bin.accuracy});
  }
  return all;
}

Figures figures_of(const std::vector<double>& f, const std::string& path) {
  Figures figures;
  const std::size_t first = scalars(figures).size() + 2;
  const std::size_t counts = f.size() < first ? 0 : static_cast<std::size_t>(f[first - 1]);
  if (f.size() < first + counts || (f.size() - first - counts) % 3 != 0) {
    fail(ErrorKind::data, "{}: tensor best_test is of the wrong size", path);
  }
  figures.rows = static_cast<std::int64_t>(f[0]);
  std::size_t at = 1;
  for (double* number : scalars(figures)) *number = f[at++];
  for (at = first; at < first + counts; ++at) figures.confusion.push_back(static_cast<std::int64_t>(f[at]));
  for (; at < f.size(); at += 3) {
    figures.reliability.push_back({static_cast<std::int64_t>(f[at]), f[at + 1], f[at + 2]});
  }
  return figures;
}

// What came later than the form of best_test: figures of several labels or targets, in a tensor of their own.
std::vector<double> more_fields(const Figures& f) {
  std::vector<double> all{f.subset_accuracy, f.micro_f1, f.baseline_subset_accuracy,
                          static_cast<double>(f.targets.size())};
  for (const TargetFigures& one : f.targets) all.insert(all.end(), {one.r2, one.mae, one.rmse});
  for (const LabelFigures& one : f.labels) {
    all.insert(all.end(), {static_cast<double>(one.rows), static_cast<double>(one.predicted),
                           static_cast<double>(one.right), one.precision, one.recall, one.f1, one.auc});
  }
  return all;
}

void read_more_fields(const std::vector<double>& f, const data::Encoder& encoder, const std::string& path,
                      Figures& figures) {
  constexpr std::size_t first = 4, of_target = 3, of_label = 7;
  const std::size_t targets = f.size() < first ? 0 : static_cast<std::size_t>(f[3]);
  const std::size_t labels = (f.size() - std::min(f.size(), first + of_target * targets)) / of_label;
  if (f.size() != first + of_target * targets + of_label * labels || targets > encoder.targets().size() ||
      labels > encoder.classes().size()) {
    fail(ErrorKind::data, "{}: tensor best_test_more is of the wrong size", path);
  }
  figures.subset_accuracy = f[0];
  figures.micro_f1 = f[1];
  figures.baseline_subset_accuracy = f[2];
  const double* at = f.data() + first;
  for (std::size_t j = 0; j < targets; ++j, at += of_target) {
    figures.targets.push_back({encoder.targets()[j].name, at[0], at[1], at[2]});
  }
  const auto whole = [](double number) { return static_cast<std::int64_t>(number); };
  for (std::size_t j = 0; j < labels; ++j, at += of_label) {
    figures.labels.push_back(
        {encoder.classes()[j], whole(at[0]), whole(at[1]), whole(at[2]), at[3], at[4], at[5], at[6]});
  }
}

std::array<double, record_width> fields(const EpochRecord& r) {
  return {static_cast<double>(r.epoch),
          static_cast<double>(r.step),
          r.seconds,
          r.learning_rate,
          r.train_loss,
          r.val_loss,
          r.val_score,
          r.grad_norm,
          r.test_score};
}

EpochRecord record_of(const double* f) {
  return {static_cast<std::int64_t>(f[0]),
          static_cast<std::int64_t>(f[1]),
          f[2],
          f[3],
          f[4],
          f[5],
          f[6],
          f[7],
          f[8]};
}

std::string text_of(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "default";
}

void add(io::TensorFile& file, const std::string& prefix, const std::map<std::string, Array>& tensors) {
  for (const auto& [name, tensor] : tensors) file.tensors.emplace(prefix + name, tensor);
}

std::map<std::string, Array> with_prefix(const io::TensorFile& file, const std::string& prefix) {
  std::map<std::string, Array> found;
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix)) found.emplace(name.substr(prefix.size()), tensor);
  }
  return found;
}

std::vector<double> read_numbers(const io::TensorFile& file, const std::string& name, const std::string& path,
                                 std::size_t multiple, bool exactly) {
  const auto found = file.tensors.find(name);
  const bool fits = found != file.tensors.end() && found->second.dtype() == DType::f64 &&
                    static_cast<std::size_t>(found->second.size()) % multiple == 0 &&
                    (!exactly || static_cast<std::size_t>(found->second.size()) == multiple);
  if (!fits) fail(ErrorKind::data, "{}: tensor {} is missing or of the wrong size", path, name);
  return found->second.to_vector<double>();
}

}  // namespace

std::map<std::string, std::string> Trainer::State::all_settings() const {
  std::map<std::string, std::string> all = settings;
  const data::Source& source = parts.train.source();
  all.insert(
      {{"model", model.text()},
       {"data", source.sha256},
       {"rows", fmt::format("{} + {} + {}", parts.train.rows(), parts.validation.rows(), parts.test.rows())},
       {"loss", options.loss},
       {"optimizer", options.optimizer},
       {"learning rate", fmt::format("{}", *options.learning_rate)},
       {"momentum", text_of(options.momentum)},
       {"nesterov", options.nesterov ? "true" : "false"},
       {"beta1", text_of(options.beta1)},
       {"beta2", text_of(options.beta2)},
       {"epsilon", text_of(options.epsilon)},
       {"rho", text_of(options.rho)},
       {"warm-up", fmt::format("{}", *options.warmup)},
       {"clip value", fmt::format("{}", options.clip_value)},
       {"clip norm", fmt::format("{}", options.clip_norm)},
       {"accumulate", fmt::format("{}", options.accumulate)},
       {"average", fmt::format("{}", options.average)},
       {"freeze", options.freeze},
       {"rates", options.rates},
       {"label smoothing", fmt::format("{}", options.label_smoothing)},
       {"class weights", options.class_weights},
       {"weight decay", fmt::format("{}", *options.weight_decay)},
       {"schedule", options.schedule},
       {"epochs", fmt::format("{}", options.epochs)},
       {"batch", fmt::format("{}", options.batch)},
       {"augment", options.augment},
       {"shuffle", options.shuffle ? "true" : "false"},
       {"patience", fmt::format("{}", options.patience)},
       {"seed", fmt::format("{}", options.seed)},
       {"l1", fmt::format("{}", options.l1)},
       {"l2", fmt::format("{}", options.l2)},
       {"precision", options.precision == Precision::full ? "" : "bf16"},
       {"track test", options.track_test ? "true" : "false"}});
  return all;
}

void Trainer::State::save_checkpoint() const {
  io::TensorFile file;
  add(file, "model/", io::tensors_of(model.variables()));
  add(file, "optimizer/", io::tensors_of(learning_variables()));
  if (full_batch) file.tensors.emplace("minimiser", numbers(full_batch->state()));
  add(file, "random/", io::tensors_of(std::array{generator.variable()}));
  add(file, "carried/", io::tensors_of(carried.variables()));
  add(file, "best/", best);
  file.tensors.emplace("progress", numbers(fields(progress)));
  file.tensors.emplace("best_test", numbers(fields(best_test)));
  file.tensors.emplace("best_test_more", numbers(more_fields(best_test)));
  std::vector<double> records;
  for (const EpochRecord& record : history) {
    const auto row = fields(record);
    records.insert(records.end(), row.begin(), row.end());
  }
  file.tensors.emplace("history", numbers(records));
  file.metadata = {{"format", "retrograd checkpoint"},
                   {"format_version", format_version},
                   {"instruction_set", instruction_set(options.precision)}};
  for (const auto& [name, value] : all_settings()) file.metadata.emplace("setting " + name, value);
  io::save_checkpoint(checkpoint_path, file);
}

void Trainer::State::load_checkpoint(const std::string& path) {
  const io::TensorFile file = io::load_checkpoint(path);
  const auto text = [&](const std::string& key) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  if (text("format_version") != format_version) {
    fail(ErrorKind::data, "{}: checkpoint format version {}; expected {}", path, text("format_version"),
         format_version);
  }
  for (const auto& [name, value] : all_settings()) {
    const std::string before = text("setting " + name);
    if (before != value) {
      fail(ErrorKind::argument, "{}: was made with {} = {}, which is {} now; resume with the same settings",
           path, name, before, value);
    }
  }
  const std::string instructions = instruction_set(options.precision);
  if (text("instruction_set") != instructions) {
    notices.push_back(
        fmt::format("The checkpoint was made with {} instructions, this machine has {}: the last "
                    "bits of the result may differ from an uninterrupted training.",
                    text("instruction_set"), instructions));
  }
  const Progress read = progress_of(read_numbers(file, "progress", path, fields(Progress()).size(), true));
  Figures tracked = figures_of(read_numbers(file, "best_test", path, 1, false), path);
  if (file.tensors.contains("best_test_more")) {
    read_more_fields(read_numbers(file, "best_test_more", path, 1, false), parts.encoder, path, tracked);
  }
  const std::vector<double> records = read_numbers(file, "history", path, record_width, false);

  io::assign(model.variables(), with_prefix(file, "model/"), path);
  io::assign(learning_variables(), with_prefix(file, "optimizer/"), path);
  if (full_batch) full_batch->restore(read_numbers(file, "minimiser", path, 1, false));
  io::assign(std::array{generator.variable()}, with_prefix(file, "random/"), path);
  io::assign(carried.variables(), with_prefix(file, "carried/"), path);
  best = with_prefix(file, "best/");
  progress = read;
  best_test = tracked;
  history.clear();
  for (std::size_t at = 0; at < records.size(); at += record_width) {
    history.push_back(record_of(records.data() + at));
  }
}

}  // namespace retrograd::train
