// Text, hash and equality of attributes. Two of one struct type are equal when their texts are: numbers are
// written so that they read back exactly.
#include <retrograd/attributes.h>

#include <string_view>

#include "core/fail.h"

namespace retrograd {

void AttributeFields::add(const char* name, const std::string& value) {
  if (!text_.empty()) text_ += ", ";
  text_ += name;
  text_ += '=';
  text_ += value;
}

void AttributeFields::add(const char* name, const std::vector<std::int64_t>& values) {
  std::string list;
  for (std::int64_t value : values) list += (list.empty() ? "" : ", ") + std::to_string(value);
  add(name, "[" + list + "]");
}

void AttributeFields::add(const char* name, double value) { add(name, fmt::format("{}", value)); }

void Attributes::HeldBase::describe(const AttributeFields& fields) {
  text = fields.text();
  hash = std::hash<std::string_view>()(text);
}

bool Attributes::operator==(const Attributes& other) const {
  if (held_ == other.held_) return true;
  if (!held_ || !other.held_) return false;
  return held_->type == other.held_->type && held_->text == other.held_->text;
}

void Attributes::check(const void* type) const {
  if (!held_ || held_->type != type)
    fail(ErrorKind::internal, "internal: attributes of another op were asked for");
}

}  // namespace retrograd
