// The results of training and evaluation as text and as JSON.
#pragma once

#include <retrograd/importance.h>
#include <retrograd/train.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace cli {

// What `train` and `eval` report.
struct Report {
  std::string run;  // the folder, or a model file
  std::int64_t rows = 0;
  std::string sha256;
  std::optional<std::uint64_t> seed;
  int threads = 1;
  std::int64_t parameters = 0;
  std::optional<std::int64_t> epochs;
  std::optional<std::int64_t> best_epoch;
  std::string stopped;  // "completed", "early", "interrupted"; empty: not known
  retrograd::data::Task task = retrograd::data::Task::classification;
  std::optional<retrograd::train::Figures> train, validation, test, best_test;
  std::int64_t best_test_epoch = 0;
  std::optional<retrograd::train::Importance> importance;
  std::optional<double> training_seconds;
  double total_seconds = 0;
};

nlohmann::ordered_json json_of(const Report& report);

// [{column, mean, deviation}] of each, the most important first.
nlohmann::ordered_json json_of(const retrograd::train::Importance& importance);

// A line a part: rows, loss and the figures of the task.
std::string parts_text(const Report& report);
// A line for each of the most important columns; "" where it is not known.
std::string importance_text(const Report& report);

}  // namespace cli
