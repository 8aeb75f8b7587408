// Truths and lists of labels.
#include "data/labels.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "core/call_text.h"
#include "core/fail.h"
#include "core/suggest.h"

namespace retrograd::data {
namespace {

constexpr char bar = '|';

std::int8_t truth_of(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "1" || lower == "true" || lower == "yes") return 1;
  return lower == "0" || lower == "false" || lower == "no" ? 0 : -1;
}

// The parts between bars that are not empty.
std::vector<std::string> parts_of(std::string_view cell) {
  std::vector<std::string> parts = split_text(cell, bar);
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return parts;
}

[[noreturn]] void fail_cell(const Table& table, const Column& column, std::int64_t row,
                            const std::string& what) {
  fail(ErrorKind::data, "{}: line {}: the target \"{}\" {}", table.name,
       table.lines[static_cast<std::size_t>(row)], column.name, what);
}

}  // namespace

std::vector<std::int8_t> truths_of(const Column& column) {
  std::vector<std::int8_t> truths;
  if (!column.is_text) {
    for (const double number : column.numbers) {
      const std::int8_t truth = number == 1 ? 1 : 0;
      truths.push_back(number == 0 || number == 1 ? truth : std::int8_t{-1});
    }
    return truths;
  }
  std::vector<std::int8_t> of_words;
  for (const std::string& word : column.words) of_words.push_back(truth_of(word));
  for (const std::int32_t code : column.codes) {
    truths.push_back(code == Column::missing ? std::int8_t{-1} : of_words[static_cast<std::size_t>(code)]);
  }
  return truths;
}

std::vector<std::string> labels_in(const Column& column) {
  std::set<std::string> labels;
  for (const std::string& word : column.words) {
    for (std::string& part : parts_of(word)) labels.insert(std::move(part));
  }
  return {labels.begin(), labels.end()};
}

bool lists_labels(const Column& column) {
  return std::any_of(column.words.begin(), column.words.end(),
                     [](const std::string& word) { return parts_of(word).size() > 1; });
}

BufferPtr encode_truths(const Table& table, std::span<const std::string> columns) {
  const auto rows = static_cast<std::size_t>(table.rows());
  auto buffer = std::make_shared<Buffer>(rows * columns.size() * sizeof(float));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const Column& column = table[columns[j]];
    const std::vector<std::int8_t> truths = truths_of(column);
    for (std::size_t i = 0; i < rows; ++i) {
      const auto row = static_cast<std::int64_t>(i);
      if (truths[i] < 0) {
        fail_cell(table, column, row,
                  column.is_missing(row) ? "is missing; every row needs one"
                                         : fmt::format("is \"{}\"; expected 0 or 1, true or false, yes or no",
                                                       column.text(row)));
      }
      buffer->as<float>()[i * columns.size() + j] = static_cast<float>(truths[i]);
    }
  }
  return buffer;
}

BufferPtr encode_lists(const Table& table, const Column& column, const std::vector<std::string>& labels) {
  const auto rows = static_cast<std::size_t>(table.rows());
  auto buffer = std::make_shared<Buffer>(rows * labels.size() * sizeof(float));
  std::fill_n(buffer->as<float>(), rows * labels.size(), 0.0f);
  std::map<std::string, std::vector<std::size_t>> known;  // the places of a cell's labels
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const std::string cell = column.text(row);
    const auto [found, is_new] = known.emplace(cell, std::vector<std::size_t>());
    for (const std::string& part : is_new ? parts_of(cell) : std::vector<std::string>()) {
      const auto place = std::lower_bound(labels.begin(), labels.end(), part);
      if (place == labels.end() || *place != part) {
        const std::string near = suggest(part, labels);
        fail_cell(table, column, row,
                  fmt::format("has the label \"{}\", none of the model's {}{}{}", part, labels.size(),
                              near.empty() ? "" : ";", near));
      }
      found->second.push_back(static_cast<std::size_t>(place - labels.begin()));
    }
    for (const std::size_t place : found->second) buffer->as<float>()[i * labels.size() + place] = 1;
  }
  return buffer;
}

}  // namespace retrograd::data
