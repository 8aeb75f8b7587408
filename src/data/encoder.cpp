// What an encoder tells of itself: shapes, names, units.
#include <retrograd/encoder.h>

#include <algorithm>

#include "core/fail.h"

namespace retrograd::data {

std::int64_t Encoder::Feature::width() const {
  const std::int64_t more = indicator ? 1 : 0;
  switch (type) {
    case ColumnType::number:
      return 1 + more;
    case ColumnType::date:
      return 5 + (time ? 2 : 0) + more;
    case ColumnType::category:
    case ColumnType::text:
      break;
  }
  return static_cast<std::int64_t>(categories.size()) + (other ? 1 : 0);
}

Shape Encoder::input_shape() const {
  if (takes_images()) return image_;
  return windows_.size > 0 ? Shape{windows_.size, row_width()} : Shape{row_width()};
}

std::int64_t Encoder::row_width() const {
  std::int64_t width = 0;
  for (const Feature& feature : features_) width += feature.width();
  return width;
}

std::vector<std::string> Encoder::input_names() const {
  std::vector<std::string> names;
  for (const Feature& feature : features_) {
    const auto add = [&](const char* what) { names.push_back(fmt::format("{} ({})", feature.name, what)); };
    switch (feature.type) {
      case ColumnType::category:
        for (const std::string& category : feature.categories)
          names.push_back(feature.name + " = " + category);
        if (feature.other) names.push_back(feature.name + " = other");
        break;
      case ColumnType::text:
        for (const std::string& word : feature.categories) names.push_back(feature.name + ": " + word);
        break;
      case ColumnType::date:
        for (const char* what : {"days", "year, sine", "year, cosine", "week, sine", "week, cosine"})
          add(what);
        if (feature.time) add("day, sine");
        if (feature.time) add("day, cosine");
        break;
      case ColumnType::number:
        names.push_back(feature.name);
    }
    if (feature.indicator) add("missing");
  }
  if (windows_.size == 0) return names;
  std::vector<std::string> of_windows;
  for (std::int64_t back = windows_.size - 1; back >= 0; --back) {
    for (const std::string& name : names) of_windows.push_back(fmt::format("{} [{}]", name, -back));
  }
  return of_windows;
}

double Encoder::in_units(double output, std::size_t target) const {
  if (target >= targets_.size()) {
    fail(ErrorKind::argument, "encoder: target {} is out of range; expected 0 <= target < {}", target,
         targets_.size());
  }
  return targets_[target].mean + targets_[target].deviation * output;
}

std::vector<Encoder::Units> Encoder::input_units() const {
  if (takes_images()) return std::vector<Units>(static_cast<std::size_t>(image_.size()));
  std::vector<Units> row;
  for (const Feature& feature : features_) {
    const std::size_t first = row.size();
    row.resize(first + static_cast<std::size_t>(feature.width()));
    const bool number = feature.type == ColumnType::number || feature.type == ColumnType::date;
    if (number) row[first] = {feature.mean, feature.deviation};
  }
  std::vector<Units> units;
  for (std::int64_t i = 0; i < std::max<std::int64_t>(windows_.size, 1); ++i) {
    units.insert(units.end(), row.begin(), row.end());
  }
  return units;
}

std::vector<std::string> Encoder::text_columns() const {
  std::vector<std::string> names;
  for (const Feature& feature : features_) {
    if (!feature.categories.empty() || feature.other) names.push_back(feature.name);
  }
  const bool lists = task_ == Task::multi_label && targets_.size() == 1;
  const bool classes = task_ == Task::classification && !number_classes_ && !targets_.empty();
  if (lists || classes) names.push_back(targets_[0].name);
  return names;
}

CsvOptions Encoder::csv_options() const {
  CsvOptions options{.separator = form_.separator, .text_columns = text_columns(), .header = form_.header};
  for (const Feature& feature : features_) {
    options.only.push_back(feature.name);
    options.types.emplace_back(feature.name, feature.type);
  }
  for (const TargetColumn& target : targets_) {
    const bool is_there = std::count(options.only.begin(), options.only.end(), target.name) > 0;
    if (!is_there) options.only.push_back(target.name);
  }
  return options;
}

}  // namespace retrograd::data
