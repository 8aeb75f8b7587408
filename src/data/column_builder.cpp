// Numbers, dictionaries, and the change from the one to the other.
#include "data/column_builder.h"

#include <cmath>
#include <utility>

#include "core/fail.h"
#include "data/value.h"

namespace retrograd::data {

ColumnBuilder::ColumnBuilder(std::string name, bool as_text) {
  column_.name = std::move(name);
  column_.is_text = as_text;
}

void ColumnBuilder::reserve(std::size_t rows) {
  if (column_.is_text) {
    column_.codes.reserve(rows);
  } else {
    column_.numbers.reserve(rows);
  }
}

void ColumnBuilder::add_numbers(const double* numbers, std::size_t step, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    has_numbers_ = has_numbers_ || !std::isnan(numbers[i * step]);
    column_.numbers.push_back(numbers[i * step]);
  }
}

void ColumnBuilder::add_infinite(std::string_view field, std::int64_t line) {
  if (!infinite_) infinite_ = Place{line, std::string(field)};
}

void ColumnBuilder::become_text(std::string_view field, std::int64_t line) {
  column_.is_text = true;
  late_ = has_numbers_ || infinite_.has_value();
  first_text_ = Place{line, std::string(field)};
  if (!late_) column_.codes.assign(column_.numbers.size(), Column::missing);
  column_.numbers = {};
}

void ColumnBuilder::add_text(std::string_view field, std::int64_t line, const std::string& file) {
  if (!late_) encode(field, line, file);
}

void ColumnBuilder::add_again(std::string_view field, std::int64_t line, const std::string& file) {
  if (late_) encode(field, line, file);
}

void ColumnBuilder::encode(std::string_view field, std::int64_t line, const std::string& file) {
  double number;
  if (read_value(field, number) == Value::missing) {
    column_.codes.push_back(Column::missing);
    return;
  }
  auto found = codes_.find(field);
  if (found == codes_.end()) {
    if (!is_utf8(field)) {
      fail(ErrorKind::data,
           "{}: line {}: column \"{}\" has text that is not UTF-8; convert the file, for example with "
           "iconv -f LATIN1 -t UTF-8",
           file, line, column_.name);
    }
    found = codes_.emplace(field, static_cast<std::int32_t>(column_.words.size())).first;
    column_.words.emplace_back(field);
  }
  column_.codes.push_back(found->second);
}

Column ColumnBuilder::finish(const std::string& file, std::vector<std::string>& notices) {
  if (!column_.is_text && infinite_) {
    fail(ErrorKind::data,
         "{}: line {}: column \"{}\" has an infinite number, \"{}\"; expected finite numbers", file,
         infinite_->line, column_.name, infinite_->text);
  }
  if (late_) {
    notices.push_back(fmt::format("{}: column \"{}\" is read as text because of \"{}\" in line {}.", file,
                                  column_.name, first_text_.text, first_text_.line));
  }
  return std::move(column_);
}

}  // namespace retrograd::data
