// Fitting the encoder: means, deviations, categories, class names.
#include <retrograd/encoder.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "core/fail.h"
#include "data/value.h"

namespace retrograd::data {
namespace {

struct Moments {
  double mean = 0;
  double deviation = 0;
  bool has_missing = false;
};

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

Encoder::Feature fit_numbers(const Column& column, std::span<const std::int64_t> rows) {
  const Moments found = moments(column.numbers, rows);
  return {
      .name = column.name, .mean = found.mean, .deviation = found.deviation, .indicator = found.has_missing};
}

Encoder::Feature fit_text(const Column& column, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> counts(column.words.size());
  Encoder::Feature feature{.name = column.name, .is_text = true};
  for (std::int64_t row : rows) {
    const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
    if (code == Column::missing) {
      feature.other = true;
    } else {
      ++counts[static_cast<std::size_t>(code)];
    }
  }
  std::vector<std::size_t> order(column.words.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t code) { return counts[code] == 0; });
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : column.words[a] < column.words[b];
  });
  if (order.size() > Encoder::most_categories) {
    order.resize(Encoder::most_categories);
    feature.other = true;
  }
  for (std::size_t code : order) feature.categories.push_back(column.words[code]);
  std::sort(feature.categories.begin(), feature.categories.end());
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

Encoder Encoder::fit(const Table& table, const Target& target, std::span<const std::int64_t> training) {
  Encoder encoder;
  encoder.task_ = target.task;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (std::count(target.columns.begin(), target.columns.end(), static_cast<int>(i)) > 0) continue;
    encoder.features_.push_back(column.is_text ? fit_text(column, training) : fit_numbers(column, training));
  }
  if (encoder.features_.empty()) {
    fail(ErrorKind::data, "{}: has no column beside the target; expected at least one to learn from",
         table.name);
  }
  for (int i : target.columns) {
    const Column& column = table.columns[static_cast<std::size_t>(i)];
    TargetColumn found{.name = column.name};
    if (target.task == Task::regression) {
      const Moments of = moments(column.numbers, training);
      found.mean = of.mean;
      found.deviation = of.deviation > 0 ? of.deviation : 1;
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
  for (const TargetColumn& target : targets_) {
    for (const Feature& feature : trained.features_) {
      if (feature.name != target.name) continue;
      fail(ErrorKind::argument, "target: \"{}\" is an input of the model to go on from", target.name);
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
