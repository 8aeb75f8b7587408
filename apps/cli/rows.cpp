// Rows of data.
#include "cli/rows.h"

#include <fmt/format.h>
#include <retrograd/data.h>
#include <retrograd/error.h>
#include <retrograd/text_model.h>

#include <filesystem>
#include <vector>

#include "cli/common.h"
#include "cli/settings.h"
#include "cli/source.h"

namespace cli {

namespace fs = std::filesystem;
namespace rg = retrograd;

namespace {

// A file that cannot be read is none.
bool is_language_model(const std::string& run) {
  try {
    return rg::train::TextModel::is_one(run);
  } catch (const rg::Error&) {
    return false;
  }
}

}  // namespace

rg::train::Predictor predictor_for(const std::string& run, const std::string& instead) {
  try {
    return rg::train::Predictor(run);
  } catch (const rg::Error& error) {
    if (error.kind() != rg::ErrorKind::data || !is_language_model(run)) throw;
  }
  throw rg::Error(rg::ErrorKind::data,
                  fmt::format("{}: is a language model, which takes text, not rows; {}", run, instead));
}

rg::data::Dataset rows_for(const rg::train::Predictor& predictor, const std::string& run,
                           const std::string& data) {
  std::string named = data;
  if (named.empty()) {
    const fs::path config = fs::path(run) / "config.toml";
    std::error_code error;
    if (!fs::exists(config, error)) {
      throw UsageError(fmt::format("{}: is no folder of a run; name the rows by --data", run));
    }
    named = read_config(config.string()).data.value_or("");
  }
  return load_rows(find_source(named, ""), predictor.encoder());
}

std::string loss_of(const rg::train::Predictor& predictor) {
  const auto found = predictor.metadata().find("loss");
  if (found != predictor.metadata().end()) return found->second;
  const rg::data::Task task = predictor.encoder().task();
  if (task == rg::data::Task::multi_label) return "binary_cross_entropy";
  if (task == rg::data::Task::reconstruction) return "half_squared_error";
  return task == rg::data::Task::classification ? "cross_entropy" : "mse";
}

Samples samples_of(const rg::data::Dataset& rows, std::span<const std::int64_t> numbers) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  rg::Shape shape{count};
  for (const std::int64_t extent : rows.input_shape()) shape.push_back(extent);
  std::vector<float> inputs(static_cast<std::size_t>(shape.size()));
  rows.copy_inputs(numbers, inputs.data());
  Samples samples{rg::Array::from(std::span<const float>(inputs), shape), {}};
  if (rows.task() == rg::data::Task::classification) {
    rg::Shape of_labels{count};
    if (rows.steps() > 0) of_labels.push_back(rows.steps());
    std::vector<std::int32_t> labels(static_cast<std::size_t>(of_labels.size()));
    rows.copy_labels(numbers, labels.data());
    samples.t = rg::Array::from(std::span<const std::int32_t>(labels), of_labels);
  } else {
    std::vector<float> targets(static_cast<std::size_t>(count * rows.target_width()));
    rows.copy_targets(numbers, targets.data());
    samples.t = rg::Array::from(std::span<const float>(targets), {count, rows.target_width()});
  }
  return samples;
}

}  // namespace cli
