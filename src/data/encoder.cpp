// What an encoder tells of itself: shapes, names, units.
#include <retrograd/encoder.h>

#include "core/fail.h"

namespace retrograd::data {

std::int64_t Encoder::Feature::width() const {
  if (is_text) return static_cast<std::int64_t>(categories.size()) + (other ? 1 : 0);
  return indicator ? 2 : 1;
}

Shape Encoder::input_shape() const {
  if (takes_images()) return image_;
  std::int64_t width = 0;
  for (const Feature& feature : features_) width += feature.width();
  return Shape{width};
}

std::vector<std::string> Encoder::input_names() const {
  std::vector<std::string> names;
  for (const Feature& feature : features_) {
    if (feature.is_text) {
      for (const std::string& category : feature.categories) names.push_back(feature.name + " = " + category);
      if (feature.other) names.push_back(feature.name + " = other");
    } else {
      names.push_back(feature.name);
      if (feature.indicator) names.push_back(feature.name + " (missing)");
    }
  }
  return names;
}

double Encoder::in_units(double output, std::size_t target) const {
  if (target >= targets_.size()) {
    fail(ErrorKind::argument, "encoder: target {} is out of range; expected 0 <= target < {}", target,
         targets_.size());
  }
  return targets_[target].mean + targets_[target].deviation * output;
}

std::vector<std::string> Encoder::text_columns() const {
  std::vector<std::string> names;
  for (const Feature& feature : features_) {
    if (feature.is_text) names.push_back(feature.name);
  }
  if (task_ == Task::classification && !number_classes_ && !targets_.empty())
    names.push_back(targets_[0].name);
  return names;
}

}  // namespace retrograd::data
