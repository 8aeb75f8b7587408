// The settings of a training: flags, lines of config.toml, and their defaults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cli {

struct Settings {
  std::optional<std::string> data;         // a file, a folder, "mnist"
  std::optional<std::string> data_sha256;  // in config.toml alone: what the file was
  std::optional<std::string> target;
  std::optional<std::string> task;
  std::optional<std::string> type;
  std::optional<std::string> ignore;
  std::optional<std::string> weight;
  std::optional<std::string> group;
  std::optional<std::string> separator;
  std::optional<bool> no_header;
  std::optional<double> test;
  std::optional<double> val;
  std::optional<std::string> split_file;
  std::optional<std::string> memory;  // of a table's cells, "500M"
  std::optional<std::string> size;    // of images, "HxW"
  std::optional<bool> strict_data;
  std::optional<std::int64_t> window;   // rows of a sample of a time series
  std::optional<std::int64_t> horizon;  // rows from its last one to the target
  std::optional<std::int64_t> context;
  std::optional<std::string> tokens;
  std::optional<std::string> model;
  std::optional<std::string> from;
  std::optional<double> dropout;
  std::optional<std::string> init;
  std::optional<std::string> precision;
  std::optional<std::string> loss;
  std::optional<double> label_smoothing;
  std::optional<std::string> class_weights;
  std::optional<std::string> optimizer;
  std::optional<double> lr;
  std::optional<double> momentum;
  std::optional<bool> nesterov;
  std::optional<double> beta1;
  std::optional<double> beta2;
  std::optional<double> epsilon;
  std::optional<double> rho;
  std::optional<double> weight_decay;
  std::optional<std::string> schedule;
  std::optional<std::int64_t> warmup;
  std::optional<double> clip_norm;
  std::optional<double> clip_value;
  std::optional<std::int64_t> accumulate;
  std::optional<double> average;
  std::optional<std::string> freeze;
  std::optional<std::string> rates;
  std::optional<double> l1;
  std::optional<double> l2;
  std::optional<std::int64_t> epochs;
  std::optional<std::int64_t> batch;
  std::optional<std::string> augment;
  std::optional<std::int64_t> patience;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> split_seed;
  std::optional<std::int64_t> threads;
  std::optional<bool> track_test;
  std::optional<std::int64_t> cv;        // folds of a cross-validation
  std::optional<std::int64_t> folds;     // in config.toml alone: this training is one of so many
  std::optional<std::int64_t> fold;      // in config.toml alone: from 1
  std::optional<std::int64_t> ensemble;  // members
  std::optional<bool> importance;
  std::optional<std::string> search;  // a space, train::parse_space
  std::optional<std::int64_t> trials;
  std::optional<std::string> method;  // of the search
};

// Calls f(key, member, help) for each setting that is a flag of every verb that trains: key "weight_decay",
// flag "--weight-decay". The defaults stand at the end of the help, in parentheses.
template <typename S, typename F>
void visit_flags(S& s, F f) {
  f("target", s.target,
    "Column to predict, or several with commas between; in reconstruction columns that are no inputs, or "
    "none; for tables (the last column)");
  f("task", s.task,
    "classification, regression or multi-label: any number of labels a row, each a column of 0 and 1 (true "
    "and false, yes and no) or all in one column, as rain|wind; for tables. reconstruction: rows or images "
    "are given back, through a network that is narrow inside; labels are not used (by the target column; "
    "several columns of 0 and 1: multi-label)");
  f("type", s.type,
    "What columns hold, \"zip=category, born=date, remark=text\": number, category, date, text; repeated or "
    "with "
    "commas (number or category, as found)");
  f("ignore", s.ignore, "Columns that are left out, repeated or with commas between (none)");
  f("weight", s.weight, "Column of numbers: how much each row counts in training (all the same)");
  f("group", s.group, "Column: rows with the same value stay in one part, training or test (none)");
  f("separator", s.separator, "Between the fields of a table: \",\", \";\", tab or auto (auto)");
  f("no_header", s.no_header, "The first line of the table is a row; columns are called c1, c2, ...");
  f("test", s.test,
    "Share of the rows kept for the test, of each class the same, of text its end; not for MNIST's files "
    "(0.2)");
  f("val", s.val, "Share of the rest kept for validation; not for MNIST's files (0.1)");
  f("split_file", s.split_file,
    "File that says train, validation or test for each row, one a line, in the place of a random split; for "
    "tables (none)");
  f("memory", s.memory,
    "Most memory for the cells of a table, 4 bytes each, \"500M\" or \"2G\"; of a table with more the rows "
    "stay in the file and are read again and again, to the same result; not from the standard input, which "
    "is kept (half of the machine's)");
  f("size", s.size,
    "Height and width that pictures are resized to, \"32x48\"; for folders of pictures (the median of the "
    "files, at most 128 a side)");
  f("strict_data", s.strict_data,
    "A picture that cannot be read is an error, not left out; for folders of pictures");
  f("window", s.window,
    "Time series: so many rows, one behind the other, are a sample, the target's past included; rows are in "
    "the order of time and are split in it; for tables (none)");
  f("horizon", s.horizon, "Rows from the last one of the window to the target's, with --window (1)");
  f("context", s.context, "Characters that a language model learns at a time; for text (64)");
  f("tokens", s.tokens, "characters or bytes; for text (characters)");
  f("model", s.model,
    "Network as text, \"linear(64), relu, dropout(0.2), linear(10)\", or by name: lenet, lenet5, "
    "nielsen-cnn, "
    "resnet(18), autoencoder(32), vae(16), unet (tables: two hidden layers of 64, for classes with "
    "dropout(0.5) below 1000 rows of training; images: lenet; reconstruction: autoencoder, a quarter of the "
    "inputs wide, at most 32)");
  f("from", s.from,
    "A run or model file to go on from: its network, with its weights as far as they fit, and what it knows "
    "of the columns (none)");
  f("dropout", s.dropout,
    "Puts dropout(share) behind each activation of the network but one at its end (none)");
  f("init", s.init,
    "Initial values: default (he-uniform before a relu, else xavier-uniform), zeros, xavier-uniform, "
    "xavier-normal, he-uniform, he-normal, lecun-uniform, lecun-normal, truncated-normal, orthogonal, "
    "nielsen, "
    "nielsen-scaled (default; he-normal where --model is not given, but in "
    "reconstruction)");
  f("precision", s.precision,
    "f32; f64; bf16: products of numbers in bf16, sums, parameters and all else in f32, on a processor that "
    "multiplies bf16; bf16-forced: the same numbers on any, slower than f32 (f32)");
  f("loss", s.loss,
    "cross_entropy, binary_cross_entropy, focal(gamma), kl_divergence, hinge; half_squared_error, mse, mae, "
    "huber(delta), quantile(q), poisson (cross_entropy for classes, binary_cross_entropy for several labels, "
    "mse for numbers, half_squared_error for reconstruction)");
  f("label_smoothing", s.label_smoothing,
    "Share of each label that goes to all classes, for cross_entropy (0)");
  f("class_weights", s.class_weights,
    "\"balanced\", or a weight for each class in the order of their names, \"1, 2, 0.5\" (all 1)");
  f("optimizer", s.optimizer,
    "adamw, adam, sgd, nadam, rmsprop, adagrad, adadelta, lion, rprop, rumelhart; on all rows at once: "
    "lbfgs, levenberg-marquardt (adamw)");
  f("lr", s.lr,
    "Learning rate (0.001; tables without --model: 0.1 / inputs, 0.002 to 0.02, below 1000 rows of training, "
    "0.002 below 10000; tables in reconstruction: 0.01, from 10000 rows 0.003; sgd, rmsprop, adagrad, rprop, "
    "rumelhart: 0.01; nadam: 0.002; adadelta: 1; lion: 2 "
    "/ "
    "updates, 0.0001 to 0.003; lbfgs: 1, its first step; levenberg-marquardt: 0.01, its damping)");
  f("momentum", s.momentum, "Momentum of sgd (0), rmsprop (0) or rumelhart (0.9)");
  f("nesterov", s.nesterov, "Nesterov's form of the momentum, for sgd");
  f("beta1", s.beta1, "Decay of the mean gradient, for adam, adamw, nadam, lion (0.9)");
  f("beta2", s.beta2, "Decay of the mean square, for adam, adamw, nadam (0.999) and lion (0.99)");
  f("epsilon", s.epsilon, "Added to roots that divide (1e-8; adagrad: 1e-10; adadelta: 1e-6)");
  f("rho", s.rho, "Decay of the mean square, for adadelta (0.9) and rmsprop (0.99)");
  f("weight_decay", s.weight_decay,
    "Weight decay, decoupled in adam, adamw, nadam, lion (adamw: 1000 / rows of training, 0.01 to 2, "
    "in reconstruction 0.01; else 0)");
  f("schedule", s.schedule,
    "Learning rate over time: constant, cosine(last), step(epochs, factor, after), exponential(factor an "
    "epoch), "
    "one_cycle(share), plateau(factor, patience), with numbers or without (cosine; sgd: constant)");
  f("warmup", s.warmup, "Updates in which the rate rises (cosine: an epoch, a tenth at most; else 0)");
  f("clip_norm", s.clip_norm, "Largest norm of all gradients together, 0: none (0)");
  f("clip_value", s.clip_value, "Largest element of a gradient, 0: none (0)");
  f("accumulate", s.accumulate, "Batches whose mean gradient makes an update (1)");
  f("average", s.average,
    "Decay of a moving average of the weights, which is evaluated and kept, as 0.999; 0: none (0)");
  f("freeze", s.freeze,
    "Layers that are not trained: \"0, 1\" by number, \"linear_1, conv*\" by name (none)");
  f("rates", s.rates, "Multipliers of the learning rate for layers: \"0 = 0.1, linear_2 = 2\" (all 1)");
  f("l1", s.l1, "Adds L/n sum |w| to the loss, over weights, not biases; n: rows of the training part (0)");
  f("l2", s.l2, "Adds L/(2n) sum w^2 to the loss (0)");
  f("epochs", s.epochs, "Passes over the training part (100)");
  f("batch", s.batch, "Rows in a batch (32; images: 64)");
  f("augment", s.augment,
    "Changes of the training images at random, anew in each epoch: shift(pixels), flip, crop(share), "
    "rotate(degrees), cutout(side), with numbers or without: \"shift,flip\" (none)");
  f("patience", s.patience,
    "Stop after so many epochs without a better validation loss, 0: never (10; with --epochs: 0)");
  f("seed", s.seed, "Of the split, the initial values, the order of rows and dropout (1)");
  f("split_seed", s.split_seed, "Of the split alone, for tables and folders of pictures (the seed)");
  f("threads", s.threads, "Results do not depend on it (the physical cores that are idle)");
  f("track_test", s.track_test, "Evaluate the test part after every epoch too and report the best");
}

// Those of `given`, the others from `otherwise`.
Settings merged(const Settings& given, const Settings& otherwise);

// What a setting holds.
enum class SettingKind { text, number, whole, truth };
// Of the flag `name`, "lr" or "weight-decay". Throws UsageError for an unknown one ("did you mean").
SettingKind kind_of(const std::string& name);
// Sets it from text. Throws UsageError for a value of another kind.
void set_value(Settings& settings, const std::string& name, const std::string& value);

// Throws UsageError for a file that is no TOML, an unknown key ("did you mean") or a value of another type;
// retrograd::Error(data) where it is missing.
Settings read_config(const std::string& path);
// Those that are given, in the order of config.toml, with their values as TOML writes them.
std::vector<std::pair<std::string, std::string>> written(const Settings& settings);
// The text of config.toml.
std::string config_text(const Settings& settings);

}  // namespace cli
