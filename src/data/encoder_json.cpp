// The encoder as JSON text and back. Numbers are written with as many digits as give back the same bits.
#include <retrograd/encoder.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/fail.h"
#include "data/value.h"
#include "data/windows.h"

namespace retrograd::data {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void fail_json(const std::string& what) { fail(ErrorKind::data, "encoder: {}", what); }

const Json& member(const Json& object, const char* key) {
  if (!object.is_object()) fail_json(fmt::format("expected an object with \"{}\"", key));
  const auto found = object.find(key);
  if (found == object.end()) fail_json(fmt::format("\"{}\" is missing", key));
  return *found;
}

double finite(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_number() || !std::isfinite(value.get<double>()))
    fail_json(fmt::format("\"{}\" is no number", key));
  return value.get<double>();
}

bool boolean(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_boolean()) fail_json(fmt::format("\"{}\" is neither true nor false", key));
  return value.get<bool>();
}

std::string text(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_string()) fail_json(fmt::format("\"{}\" is no text", key));
  return value.get<std::string>();
}

const Json& array(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_array()) fail_json(fmt::format("\"{}\" is no array", key));
  return value;
}

// Distinct texts.
std::vector<std::string> texts(const Json& object, const char* key) {
  std::vector<std::string> result;
  for (const Json& value : array(object, key)) {
    if (!value.is_string()) fail_json(fmt::format("\"{}\" has a value that is no text", key));
    result.push_back(value.get<std::string>());
  }
  if (std::set<std::string>(result.begin(), result.end()).size() != result.size()) {
    fail_json(fmt::format("\"{}\" has a text twice", key));
  }
  return result;
}

Json to_json(const Encoder::Feature& feature) {
  // A column of categories is called text for the sake of older files.
  switch (feature.type) {
    case ColumnType::category:
      return {{"name", feature.name},
              {"type", "text"},
              {"categories", feature.categories},
              {"other", feature.other}};
    case ColumnType::text:
      return {{"name", feature.name}, {"type", "words"}, {"words", feature.categories}};
    case ColumnType::number:
    case ColumnType::date:
      break;
  }
  Json json = {{"name", feature.name},
               {"type", name(feature.type)},
               {"mean", feature.mean},
               {"deviation", feature.deviation},
               {"indicator", feature.indicator}};
  if (feature.type == ColumnType::date) json["time"] = feature.time;
  return json;
}

void read_names(const Json& json, const char* key, std::size_t most, Encoder::Feature& feature) {
  feature.categories = texts(json, key);
  if (feature.categories.size() > most ||
      !std::is_sorted(feature.categories.begin(), feature.categories.end()) || feature.width() == 0) {
    fail_json(fmt::format("the {} of \"{}\" are none, too many or not sorted", key, feature.name));
  }
}

void read_moments(const Json& json, Encoder::Feature& feature) {
  feature.mean = finite(json, "mean");
  feature.deviation = finite(json, "deviation");
  feature.indicator = boolean(json, "indicator");
  if (feature.deviation < 0) fail_json(fmt::format("the deviation of \"{}\" is negative", feature.name));
}

Encoder::Feature read_feature(const Json& json) {
  Encoder::Feature feature{.name = text(json, "name")};
  const std::string type = text(json, "type");
  if (type == "text") {
    feature.type = ColumnType::category;
    feature.other = boolean(json, "other");
    read_names(json, "categories", Encoder::most_categories, feature);
  } else if (type == "words") {
    feature.type = ColumnType::text;
    read_names(json, "words", Encoder::most_words, feature);
  } else if (type == "number" || type == "date") {
    feature.type = column_type(type);
    read_moments(json, feature);
    feature.time = feature.type == ColumnType::date && boolean(json, "time");
  } else {
    fail_json(fmt::format("\"{}\" is no type of a column; expected number, text, words or date", type));
  }
  return feature;
}

Encoder::Form read_form(const Json& json) {
  Encoder::Form form;
  if (!json.contains("form")) return form;
  const std::string separator = text(json["form"], "separator");
  if (separator.size() > 1) fail_json(fmt::format("\"{}\" is no separator", separator));
  form.separator = separator.empty() ? '\0' : separator[0];
  form.header = boolean(json["form"], "header");
  return form;
}

Windows read_windows(const Json& json) {
  const auto length = [&](const char* key) {
    const Json& value = member(json["windows"], key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < 1 ||
        value.get<std::uint64_t>() > longest_window) {
      fail_json(fmt::format("the {} of windows is not 1 to {}", key, longest_window));
    }
    return value.get<std::int64_t>();
  };
  return {.size = length("size"), .horizon = length("horizon")};
}

Shape read_image(const Json& json) {
  Shape shape;
  const Json& extents = array(json, "image");
  for (const Json& extent : extents) {
    // Bounded, so that the product of the three is, too.
    if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() < 1 ||
        extent.get<std::uint64_t>() > 65536) {
      fail_json("\"image\" has an extent that is not 1 to 65536");
    }
    if (shape.rank() == 3) fail_json("\"image\" has more than the extents C, H, W");
    shape.push_back(extent.get<std::int64_t>());
  }
  if (shape.rank() != 3) fail_json("\"image\" has fewer than the extents C, H, W");
  return shape;
}

void check_order(const std::vector<std::string>& classes, bool numbers) {
  double last = -INFINITY;
  for (const std::string& name : classes) {
    double number;
    if (!numbers) continue;
    if (read_value(name, number) != Value::number || number <= last) {
      fail_json("the classes are not numbers in ascending order");
    }
    last = number;
  }
  if (!numbers && !std::is_sorted(classes.begin(), classes.end())) fail_json("the classes are not sorted");
}

Task read_task(const Json& json) {
  const std::string task = text(json, "task");
  for (const Task known : {Task::classification, Task::regression, Task::multi_label, Task::reconstruction}) {
    if (task == name(known)) return known;
  }
  fail_json(fmt::format("\"{}\" is no task", task));
}

// Of one target its lists', of several their names.
std::vector<std::string> read_labels(const Json& json, const std::vector<Encoder::TargetColumn>& targets) {
  std::vector<std::string> labels = texts(json, "labels");
  bool fits = !labels.empty();
  if (targets.size() == 1) {
    fits = fits && std::is_sorted(labels.begin(), labels.end());
  } else {
    fits =
        fits && std::equal(labels.begin(), labels.end(), targets.begin(), targets.end(),
                           [](const std::string& label, const auto& target) { return label == target.name; });
  }
  if (!fits) fail_json("the labels are none, not sorted or not those of the targets");
  return labels;
}

}  // namespace

std::string Encoder::to_json() const {
  Json json;
  json["version"] = 1;
  json["task"] = name(task_);
  if (takes_images()) {
    json["image"] = std::vector<std::int64_t>(image_.begin(), image_.end());
  } else {
    json["features"] = Json::array();
    for (const Feature& feature : features_) json["features"].push_back(data::to_json(feature));
  }
  if (form_ != Form{}) {
    const std::string separator(form_.separator == '\0' ? 0 : 1, form_.separator);
    json["form"] = {{"separator", separator}, {"header", form_.header}};
  }
  if (windows_.size > 0) json["windows"] = {{"size", windows_.size}, {"horizon", windows_.horizon}};
  json["targets"] = Json::array();
  for (const TargetColumn& target : targets_) {
    Json column = {{"name", target.name}};
    if (task_ == Task::regression) {
      column["mean"] = target.mean;
      column["deviation"] = target.deviation;
    }
    json["targets"].push_back(std::move(column));
  }
  if (task_ == Task::classification) {
    json["classes"] = classes_;
    json["number_classes"] = number_classes_;
  }
  if (task_ == Task::multi_label) json["labels"] = classes_;
  try {
    return json.dump();
  } catch (const Json::exception& error) {
    fail_json(fmt::format("a name is not UTF-8: {}", error.what()));
  }
}

Encoder Encoder::from_json(std::string_view source) {
  const Json json = Json::parse(source, nullptr, false);
  if (json.is_discarded()) fail_json("is not JSON text");
  const Json& version = member(json, "version");
  if (version != 1) fail_json(fmt::format("has version {}; this program knows version 1", version.dump()));

  Encoder encoder;
  encoder.task_ = read_task(json);
  if (json.contains("image")) {
    encoder.image_ = read_image(json);
  } else {
    for (const Json& feature : array(json, "features")) encoder.features_.push_back(read_feature(feature));
    if (encoder.features_.empty()) fail_json("there are no features");
    encoder.form_ = read_form(json);
    if (json.contains("windows")) encoder.windows_ = read_windows(json);
  }
  for (const Json& column : array(json, "targets")) {
    TargetColumn target{.name = text(column, "name")};
    if (encoder.task_ == Task::regression) {
      target.mean = finite(column, "mean");
      target.deviation = finite(column, "deviation");
      if (target.deviation <= 0) fail_json("the deviation of a target is not positive");
    }
    encoder.targets_.push_back(std::move(target));
  }
  if (encoder.task_ == Task::classification) {
    encoder.classes_ = texts(json, "classes");
    encoder.number_classes_ = boolean(json, "number_classes");
    if (encoder.classes_.size() < 2) fail_json("there are fewer than two classes");
    if (!encoder.takes_images()) check_order(encoder.classes_, encoder.number_classes_);
  }
  if (encoder.task_ == Task::multi_label) encoder.classes_ = read_labels(json, encoder.targets_);
  const bool reconstruction = encoder.task_ == Task::reconstruction;
  if (reconstruction && !encoder.targets_.empty()) fail_json("reconstruction has a target beside its inputs");
  if (reconstruction && encoder.windows_.size > 0) fail_json("reconstruction has windows");
  const bool table_target = encoder.task_ != Task::classification || !encoder.takes_images();
  if (table_target && !reconstruction && encoder.targets_.empty()) fail_json("there is no target");
  if (encoder.task_ == Task::classification && encoder.targets_.size() > 1)
    fail_json("there are several targets");
  return encoder;
}

}  // namespace retrograd::data
