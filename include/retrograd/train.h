// Training a network on data, and using it: epochs, early stopping, the best one kept, checkpoints, the files
// of a run, model files that take a raw row to a prediction.
//
//   auto parts = rg::data::load_csv("digits.csv");
//   rg::train::Trainer trainer(rg::nn::build_model("linear(64), relu, linear(10)", {64}), parts);
//   rg::train::Result result = trainer.run();
//
// Nothing here prints: progress goes to an Observer.
#pragma once

#include <retrograd/data.h>
#include <retrograd/encoder.h>
#include <retrograd/low_precision.h>
#include <retrograd/metrics.h>
#include <retrograd/nn.h>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::train {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

struct Options {
  // The text of nn::loss(), "huber(0.5)"; empty: cross_entropy for classes, binary_cross_entropy for several
  // labels, which may have half_squared_error and mse besides, mse for numbers, half_squared_error for
  // reconstruction: minus the log likelihood of unit variance, to which nn::Latent adds its divergence.
  // Reconstruction may have mse, mae, huber and, of inputs from 0 to 1, binary_cross_entropy besides. poisson
  // wants targets that are not standardised: data::LoadOptions::standardise_targets.
  std::string loss = {};
  double label_smoothing = 0;  // of cross_entropy
  // "balanced", or a number for each class: "1, 2, 0.5"; empty: all 1. Not for several labels.
  std::string class_weights = {};

  // One of optim::optimizer_names(); or "lbfgs" or "levenberg-marquardt" (<retrograd/minimise.h>), which see
  // the whole training part at each step, without dropout, an epoch being an iteration.
  std::string optimizer = "adamw";
  // Not given: the optimizer's, of lion more for short trainings. Of lbfgs the length of the first step (1),
  // of levenberg-marquardt the damping at the start (0.01).
  std::optional<double> learning_rate = {};
  std::optional<double> momentum = {};                                   // of sgd, rmsprop and rumelhart
  bool nesterov = false;                                                 // of sgd
  std::optional<double> beta1 = {}, beta2 = {}, epsilon = {}, rho = {};  // as in optim::OptimizerOptions
  // Not given: 1000 / rows of training, 0.01 to 2, for adamw, in reconstruction 0.01; else 0.
  std::optional<double> weight_decay = {};

  // The text of optim::make_schedule(), "step(30, 0.1)"; empty: cosine for adam, adamw, nadam and lion, else
  // constant.
  std::string schedule = {};
  std::optional<std::int64_t> warmup = {};  // steps; not given: an epoch, a tenth at most, for cosine; else 0

  double clip_value = 0;        // the largest element of a gradient; 0: as it is
  double clip_norm = 0;         // the largest norm of all gradients together; 0: as it is
  std::int64_t accumulate = 1;  // batches whose mean gradient makes an update
  // Of a moving average of the weights with a ramp (optim::MovingAverage), which is evaluated and kept
  // instead of the weights; 0: none.
  double average = 0;
  // Layers that are not trained, and multipliers of the learning rate: "0, 1", "linear_1, conv*",
  // "0 = 0.1, linear_2 = 2". A number counts the layers that have parameters, from 0; a name is that of a
  // layer or of a parameter, * stands for any letters. Parameters that the model holds frozen stay so.
  std::string freeze = {};
  std::string rates = {};

  std::int64_t epochs = 100;
  std::int64_t batch = 32;  // clamped to the rows of the training part
  // Of images, parse_augmentation(): "shift(2), flip"; of the training part alone. In reconstruction the
  // changed image is the target too.
  std::string augment = {};
  bool shuffle = true;         // rows in an order of its own each epoch; false: always in that of the data
  std::int64_t patience = 10;  // epochs without a better validation loss after which to stop; 0: never
  std::uint64_t seed = 1;      // of the order of rows and of random ops
  double l1 = 0;               // adds l1 / n sum |w| over weights, not biases; n: rows of the training part
  double l2 = 0;               // adds l2 / (2 n) sum w^2
  bool track_test = false;     // the test part is evaluated after every epoch too
  // Of the products in a step, forward and backward, for a model in f32; not of a minimiser's. Evaluation is
  // in f32: the parameters are the model.
  Precision precision = Precision::full;
};

// The options with every default written out. Throws Error(argument) for an unknown name or a value outside
// its range, Error(data) for an empty training part.
Options completed(Options options, const data::Parts& parts);

// Of one target among several, in its units.
struct TargetFigures {
  std::string name;
  double r2 = not_known;
  double mae = not_known;
  double rmse = not_known;
};

// Figures of one part; those of the other task are NaN. The loss is the mean over rows, without penalties, in
// the network's units; mae and rmse are in the target's. Of several labels accuracy is label_accuracy, f1,
// precision and recall are means over the labels that rows have or are said to have, auc the mean over those
// that have one, and log_loss is log_loss_of_labels. Of reconstruction r2 is the share of the inputs'
// variance that is given back, 1 - sum (x - y)^2 / sum (x - mean x)^2 over all rows and inputs, the means by
// input; mae and rmse are over all rows and inputs too, in what the network sees: 0 to 1 of images, of a
// table's columns of numbers their deviations.
struct Figures {
  std::int64_t rows = 0;
  double loss = not_known;
  double accuracy = not_known;
  double f1 = not_known;        // macro_f1
  double auc = not_known;       // auc_of_classes
  double log_loss = not_known;  // of the probabilities, whatever the loss
  double r2 = not_known;
  double mae = not_known;
  double rmse = not_known;
  double nats_per_character = not_known;  // of text: the loss
  double precision = not_known;           // macro_precision
  double recall = not_known;              // macro_recall
  double top5 = not_known;                // top_k_accuracy of 5, where there are more than 5 classes
  double calibration_error = not_known;   // expected_calibration_error
  double mape = not_known;
  double subset_accuracy = not_known;  // of several labels
  double micro_f1 = not_known;
  // Of the prediction that looks at no input: the most frequent class of the training part, of each label
  // what most rows have, or the mean.
  double baseline_accuracy = not_known;
  double baseline_subset_accuracy = not_known;
  double baseline_mae = not_known;
  double baseline_rmse = not_known;
  std::vector<std::int64_t> confusion = {};      // confusion_matrix [K, K]
  std::vector<ReliabilityBin> reliability = {};  // ten bins
  std::vector<TargetFigures> targets = {};       // of regression, where there are several
  std::vector<LabelFigures> labels = {};         // of several labels, each
};

// What the training part says without inputs.
struct Baseline {
  std::int32_t majority = -1;  // the class with the most rows, the first of equal ones; -1: not known
  // Of the targets, in their units; of several labels the share of rows that have it. Empty: not known.
  std::vector<double> means = {};
};

struct EpochRecord {
  std::int64_t epoch = 0;  // from 1
  std::int64_t step = 0;   // batches until now
  double seconds = 0;      // of training until now
  double learning_rate = 0;
  double train_loss = not_known;  // the mean over the epoch's batches, each before its update
  double val_loss = not_known;
  double val_score = not_known;   // accuracy or r2
  double grad_norm = not_known;   // the mean over the steps; of large networks over every 16th
  double test_score = not_known;  // where it is tracked
};

// converged: a minimiser found nothing better.
enum class Stop { completed, early, interrupted, converged };
// "completed", "early", "interrupted", "converged".
const char* name(Stop stop);

struct Result {
  std::int64_t epochs = 0;      // that were run
  std::int64_t best_epoch = 0;  // of the model kept: the least validation loss, the earliest of equal ones;
                                // without a validation part the last
  Stop stopped = Stop::completed;
  // Of the model kept; a part without rows has no figures.
  std::optional<Figures> train, validation, test;
  // The figures of the epoch with the best test accuracy (or r2), where it was tracked.
  std::optional<Figures> best_test;
  std::int64_t best_test_epoch = 0;
  double training_seconds = 0;  // forward, backward and update; not planning, evaluation or files
};

struct StepRecord {
  std::int64_t epoch = 0;  // from 1
  std::int64_t step = 0;   // of the epoch, from 1
  std::int64_t steps = 0;  // in an epoch
  std::int64_t epochs = 0;
  double loss = 0;  // the mean over the epoch until now
};

class Observer {
 public:
  virtual ~Observer();
  // After each step. The time is that of training: be brief.
  virtual void on_step(const StepRecord&) {}
  // After each epoch, when its checkpoint is written.
  virtual void on_epoch(const EpochRecord&) {}
  // Asked before each step; true ends the training, after a checkpoint.
  virtual bool stop_requested() { return false; }
};

class Trainer {
 public:
  // Throws what completed() throws, and Error(shape), naming the last layer, where the network's output does
  // not fit the targets.
  Trainer(nn::Sequential model, data::Parts parts, const Options& options = {});
  ~Trainer();
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;

  const Options& options() const;
  // What a user should know, in whole sentences: a clamped batch.
  const std::vector<std::string>& notices() const;
  const data::Parts& parts() const;
  // The network: during training as it is, after run() the one kept.
  const nn::Sequential& model() const;

  // The first epoch, each that ends a second or more after the last checkpoint, the end and an interruption
  // write a checkpoint here; the one before stays until the new one is whole. `settings` are compared when it
  // is resumed.
  void keep_checkpoint(std::string path, std::map<std::string, std::string> settings = {});
  // Goes on from a checkpoint: what follows is, bit for bit, what would have followed. Throws Error(data) for
  // a damaged file, Error(argument) where model, data, options or settings are not those it was made with.
  void resume(const std::string& path);

  // Trains to the end, or until the observer wants to stop: then the result is `interrupted`, without
  // figures, and the model that of the last step. Throws Error(diverged) naming epoch, step and layer.
  Result run(Observer* observer = nullptr);
  const std::vector<EpochRecord>& history() const;

  // The model with its encoder, for Predictor. Equal trainings give equal bytes.
  void save_model(const std::string& path) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A trained network, or an ensemble of them, with all that takes a raw row to a prediction.
class Predictor {
 public:
  // A model file, or the folder of a run or of an ensemble, whose answers are averaged. Error(data).
  explicit Predictor(const std::string& path);
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  const nn::Sequential& model() const;
  const data::Encoder& encoder() const;
  // What the model file says besides: "loss", "seed", "epochs", "best_epoch", ...
  const std::map<std::string, std::string>& metadata() const;

  // Throws Error(data) for a dataset without rows or targets, Error(shape) where it does not fit. A network
  // that reconstructs takes any rows as their own targets.
  Figures evaluate(const data::Dataset& dataset);
  // Probabilities of the classes [N, K], each row of sum 1, or of the labels [N, L], each for itself; for
  // regression numbers in the targets' units [N, M]; for reconstruction what becomes of the D inputs, as the
  // network sees them [N, D].
  std::vector<double> predict(const data::Dataset& dataset);
  // Of reconstruction [N]: the root of the mean over a row's inputs of (x - y)^2. Large where a row is unlike
  // those of the training. Throws Error(argument) for another task, and as predict.
  std::vector<double> errors(const data::Dataset& dataset);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The folder of a run: made here, written as the training goes.
class RunDirectory {
 public:
  // Makes the folder and those above it. Throws Error(argument) where it exists or cannot be made.
  static RunDirectory create(const std::string& path);
  // runs/<name>-<n> with the least n that is free.
  static RunDirectory create_numbered(const std::string& parent, std::string_view name);
  // One that exists. Throws Error(argument) where it does not or cannot be written.
  static RunDirectory open(const std::string& path);

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const;
  std::string checkpoint() const { return file("checkpoint/checkpoint.safetensors"); }
  std::string model() const { return file("model.safetensors"); }

  // Each throws Error(io) where writing fails. write() replaces a file as a whole.
  void write(std::string_view name, std::string_view text) const;
  // metrics.csv, metrics.jsonl and the events of TensorBoard (scalars by epoch) with their header and these
  // records alone; `tracked`: with the test part's score.
  void start_metrics(data::Task task, bool tracked, const std::vector<EpochRecord>& history) const;
  void add_metrics(data::Task task, const EpochRecord& record) const;
  // A line at the end of log.txt, with the time.
  void log(std::string_view line) const;

 private:
  explicit RunDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace retrograd::train
