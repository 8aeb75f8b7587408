// What a training is made of and where it stands. Its files are in checkpoint.cpp, the epochs in trainer.cpp.
#pragma once

#include <retrograd/optim.h>
#include <retrograd/random.h>
#include <retrograd/recurrent_layers.h>
#include <retrograd/train.h>

#include <array>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "train/batch_buffer.h"
#include "train/evaluator.h"
#include "train/full_batch.h"
#include "train/training_step.h"

namespace retrograd::train {

struct Progress {
  std::int64_t epochs_done = 0;
  std::int64_t step = 0;       // steps done of the epoch after those
  std::int64_t rows_seen = 0;  // in those steps
  double loss_sum = 0;         // over those rows
  double norm_sum = 0;         // over those steps that have one
  double seconds = 0;
  std::int64_t best_epoch = 0;
  double best_loss = std::numeric_limits<double>::infinity();
  std::int64_t best_test_epoch = 0;
  double best_test_score = -std::numeric_limits<double>::infinity();
  bool converged = false;  // a minimiser found nothing better
};

struct Trainer::State {
  State(nn::Sequential network, data::Parts data, const Options& given);

  // What goes to a checkpoint beside the model and the random counter: the optimizer's variables and those of
  // accumulation, average and plateau.
  std::vector<Variable> learning_variables() const;
  // The rate of the update made last, or of the first one.
  double rate() const;
  std::int64_t steps_per_epoch() const;
  bool is_finished() const;
  bool stopped_early() const;
  // Everything that must be the same when a training is resumed.
  std::map<std::string, std::string> all_settings() const;
  void save_checkpoint() const;
  void load_checkpoint(const std::string& path);

  // False where the observer stopped it.
  bool run_epoch(Observer* observer);
  bool has_norm(std::int64_t step) const;
  void run_step(std::int64_t step);
  void run_iteration();
  Stop reason() const;
  // Which rows the steps of the epoch see: all of them in random order; of text, for recurrent models, pieces
  // that go on from step to step, else windows that begin anywhere.
  void begin_epoch();
  bool is_stream() const;
  void finish_epoch();
  void evaluate_epoch(EpochRecord& record);
  void track_test();
  Result finish();

  nn::Sequential model;
  data::Parts parts;
  data::Dataset training_part;  // with the windows of text that make no whole batch
  Options options;
  std::vector<std::string> notices;
  nn::Loss loss;
  std::unique_ptr<optim::Optimizer> optimizer;        // null where there is full_batch
  std::unique_ptr<optim::Accumulation> accumulation;  // null: each batch makes an update
  std::unique_ptr<optim::MovingAverage> average;      // null: none
  std::unique_ptr<optim::Plateau> plateau;            // null: another schedule
  std::unique_ptr<FullBatch> full_batch;              // a minimiser instead of an optimizer, else null
  Generator generator;
  data::Augmentation augmentation;  // of the training part
  BatchBuffer batch;
  nn::CarriedState carried;  // of a recurrent model of text, from batch to batch
  TrainingStep training_step;
  Evaluator evaluator;
  Baseline baseline;
  std::string checkpoint_path;
  std::map<std::string, std::string> settings;

  Progress progress;
  std::vector<EpochRecord> history;
  std::map<std::string, Array> best;  // the variables of the model kept
  Figures best_test;
  // The norm of the gradient is taken in the first of so many steps, and again in the first of the next.
  std::int64_t norm_interval = 1;
  std::array<bool, 2> planned{};  // the training step without and with the norm has run in this process
  data::Dataset rows_of_epoch;
  std::vector<std::int64_t> order;  // of rows in the epoch
};

}  // namespace retrograd::train
