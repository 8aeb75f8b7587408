// Fitting the encoder: means, deviations, categories, class names.
#include <retrograd/encoder.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/fail.h"
#include "data/labels.h"
#include "data/packed_inputs.h"
#include "data/value.h"
#include "data/windows.h"
#include "data/words.h"

namespace retrograd::data {
namespace {

// Mean and deviation (divided by n) of the values that are there, in two passes and relative to the largest
// magnitude, so that squares of large numbers do not overflow.
Moments moments(const std::vector<double>& numbers, std::span<const std::int64_t> rows) {
  Moments result;
  double scale = 0;
  std::int64_t count = 0;
  for (std::int64_t row : rows) {
    const double x = numbers[static_cast<std::size_t>(row)];
    if (std::isnan(x)) continue;
    scale = std::max(scale, std::abs(x));
    ++count;
  }
  result.has_missing = count < static_cast<std::int64_t>(rows.size());
  if (count == 0 || scale == 0) return result;

  const auto sum = [&](auto term) {
    double total = 0;
    for (std::int64_t row : rows) {
      const double x = numbers[static_cast<std::size_t>(row)];
      if (!std::isnan(x)) total += term(x / scale);
    }
    return total / static_cast<double>(count);
  };
  const double mean = sum([](double x) { return x; });
  const double variance = sum([mean](double x) { return (x - mean) * (x - mean); });
  result.mean = mean * scale;
  // A deviation within the rounding of the mean is that of a constant column.
  const double deviation = std::sqrt(variance);
  if (deviation > 1e-14 * std::abs(mean)) result.deviation = deviation * scale;
  return result;
}

Encoder::Feature fit_numbers(const Column& column, const Moments& found) {
  return {.name = column.name,
          .type = column.type,
          .mean = found.mean,
          .deviation = found.deviation,
          .indicator = found.has_missing};
}

Encoder::Feature fit_date(const Column& column, std::span<const std::int64_t> rows) {
  Encoder::Feature feature = fit_numbers(column, moments(column.numbers, rows));
  for (std::int64_t row : rows) {
    const double days = column.numbers[static_cast<std::size_t>(row)];
    feature.time = feature.time || (!std::isnan(days) && days != std::floor(days));
  }
  return feature;
}

// How many of the rows have each word of the column; those without one are counted last.
std::vector<std::int64_t> word_counts(const Column& column, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> counts(column.words.size() + 1);
  for (std::int64_t row : rows) {
    const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
    ++counts[code == Column::missing ? column.words.size() : static_cast<std::size_t>(code)];
  }
  return counts;
}

// The names with the largest counts, at most so many (ties by name), sorted.
std::vector<std::string> most_frequent(std::vector<std::pair<std::string, std::int64_t>> counts,
                                       std::size_t most) {
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  counts.resize(std::min(counts.size(), most));
  std::vector<std::string> names;
  for (auto& [name, count] : counts) names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  return names;
}

Encoder::Feature fit_category(const Column& column, const std::vector<std::int64_t>& counts) {
  Encoder::Feature feature{.name = column.name, .type = ColumnType::category};
  std::vector<std::pair<std::string, std::int64_t>> seen;
  for (std::size_t code = 0; code < column.words.size(); ++code) {
    if (counts[code] > 0) seen.emplace_back(column.words[code], counts[code]);
  }
  feature.other = counts.back() > 0 || seen.size() > Encoder::most_categories;
  feature.categories = most_frequent(std::move(seen), Encoder::most_categories);
  return feature;
}

Encoder::Feature fit_words(const Table& table, const Column& column,
                           const std::vector<std::int64_t>& counts) {
  std::map<std::string, std::int64_t> rows_with;
  for (std::size_t code = 0; code < column.words.size(); ++code) {
    if (counts[code] == 0) continue;
    for (const std::string& word : words_of(column.words[code])) rows_with[word] += counts[code];
  }
  std::erase_if(rows_with, [](const auto& word) { return word.second < 2; });
  if (rows_with.empty()) {
    fail(ErrorKind::data,
         "{}: column \"{}\" has no word that stands in two rows of the training part; leave it out (ignore) "
         "or "
         "read it as a category",
         table.name, column.name);
  }
  Encoder::Feature feature{.name = column.name, .type = ColumnType::text};
  feature.categories = most_frequent({rows_with.begin(), rows_with.end()}, Encoder::most_words);
  return feature;
}

std::vector<std::string> class_names(const Column& column) {
  std::vector<std::string> names;
  if (column.is_text) {
    names = column.words;
    std::sort(names.begin(), names.end());
  } else {
    for (double number : std::set<double>(column.numbers.begin(), column.numbers.end())) {
      names.push_back(number_text(number));
    }
  }
  return names;
}

}  // namespace

Encoder Encoder::fit(const Table& table, const Target& target, std::span<const std::int64_t> training,
                     const Windows& windows) {
  check(windows);
  if (target.task == Task::reconstruction) check_single_rows(windows);
  Encoder encoder;
  encoder.windows_ = windows;
  encoder.task_ = target.task;
  std::vector<PackedSummary> packed;
  if (table.packed != nullptr) packed = summarise_packed(table, training);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const bool is_target = std::count(target.columns.begin(), target.columns.end(), static_cast<int>(i)) > 0;
    if (is_target && windows.size == 0) continue;
    const PackedSummary* summary =
        column.packed >= 0 ? &packed[static_cast<std::size_t>(column.packed)] : nullptr;
    const auto counts = [&] { return summary != nullptr ? summary->counts : word_counts(column, training); };
    Feature feature;
    if (column.type == ColumnType::date) {
      feature = fit_date(column, training);
    } else if (!column.is_text) {
      feature =
          fit_numbers(column, summary != nullptr ? summary->moments : moments(column.numbers, training));
    } else if (column.type == ColumnType::text) {
      feature = fit_words(table, column, counts());
    } else {
      feature = fit_category(column, counts());
    }
    encoder.features_.push_back(std::move(feature));
  }
  if (encoder.features_.empty()) {
    fail(ErrorKind::data, "{}: has no column beside the target; expected at least one to learn from",
         table.name);
  }
  if (target.task == Task::reconstruction) return encoder;
  for (int i : target.columns) {
    const Column& column = table.columns[static_cast<std::size_t>(i)];
    TargetColumn found{.name = column.name};
    if (target.task == Task::regression) {
      const Moments of = moments(column.numbers, training);
      found.mean = of.mean;
      found.deviation = of.deviation > 0 ? of.deviation : 1;
    } else if (target.task == Task::multi_label) {
      const bool lists = target.columns.size() == 1;
      if (lists) encoder.classes_ = labels_in(column);
      if (!lists) encoder.classes_.push_back(column.name);
    } else {
      encoder.classes_ = class_names(column);
      encoder.number_classes_ = !column.is_text;
    }
    encoder.targets_.push_back(std::move(found));
  }
  return encoder;
}

void Encoder::keep_target_units() {
  for (TargetColumn& target : targets_) {
    target.mean = 0;
    target.deviation = 1;
  }
}

void Encoder::go_on_from(const Encoder& trained) {
  const bool targets_are_inputs = trained.windows_.size > 0 && windows_.size > 0;
  for (const TargetColumn& target : targets_) {
    for (const Feature& feature : trained.features_) {
      if (feature.name != target.name || targets_are_inputs) continue;
      fail(ErrorKind::argument, "target: \"{}\" is an input of the model to go on from{}", target.name,
           trained.windows_.size > 0 ? fmt::format(", which takes windows of {} rows", trained.windows_.size)
                                     : "");
    }
  }
  features_ = trained.features_;
  const auto same_name = [](const TargetColumn& a, const TargetColumn& b) { return a.name == b.name; };
  const auto knows = [&](const std::string& name) {
    return std::count(trained.classes_.begin(), trained.classes_.end(), name) > 0;
  };
  if (trained.task_ != task_ || trained.number_classes_ != number_classes_ ||
      !std::equal(targets_.begin(), targets_.end(), trained.targets_.begin(), trained.targets_.end(),
                  same_name) ||
      !std::all_of(classes_.begin(), classes_.end(), knows)) {
    return;
  }
  targets_ = trained.targets_;
  classes_ = trained.classes_;
}

Encoder Encoder::as_reconstruction() const {
  check_single_rows(windows_);
  Encoder encoder = *this;
  encoder.task_ = Task::reconstruction;
  encoder.targets_.clear();
  encoder.classes_.clear();
  encoder.number_classes_ = false;
  return encoder;
}

Encoder Encoder::images(const Shape& image, std::vector<std::string> classes) {
  if (image.rank() != 3 || image.size() == 0) {
    fail(ErrorKind::argument, "encoder: images have a shape [C, H, W], got {}", image.to_string());
  }
  Encoder encoder;
  encoder.task_ = Task::classification;
  encoder.image_ = image;
  encoder.classes_ = std::move(classes);
  return encoder;
}

}  // namespace retrograd::data
