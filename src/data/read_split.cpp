// A split that a file names, row by row. Random splits are in split.cpp.
#include <retrograd/data.h>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/fail.h"
#include "core/suggest.h"
#include "data/csv.h"
#include "data/file.h"

namespace retrograd::data {
namespace {

const std::array<std::string, 3> parts{"train", "validation", "test"};

std::string word_of(CsvReader& reader, const std::string& path) {
  std::vector<std::string> fields = reader.rest();
  if (fields.size() != 1) {
    fail(ErrorKind::data, "{}: line {} has {} fields; expected one word: train, validation or test", path,
         reader.line(), fields.size());
  }
  return std::move(fields[0]);
}

std::vector<std::int64_t>& part_of(Split& split, std::string_view word, std::int64_t line,
                                   const std::string& path) {
  if (word == parts[0]) return split.train;
  if (word == parts[1]) return split.validation;
  if (word == parts[2]) return split.test;
  fail(ErrorKind::data, "{}: line {}: \"{}\" is no part; expected train, validation or test;{}", path, line,
       word, suggest(word, parts));
}

}  // namespace

Split read_split(const std::string& path, std::int64_t rows) {
  const std::string bytes = read_file(path);
  std::string_view text = bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  CsvReader reader(text, path, ',');
  Split split;
  std::int64_t row = 0;
  for (bool first = true; reader.next_row(); first = false) {
    const std::string word = word_of(reader, path);
    if (first && word == "split") continue;
    part_of(split, word, reader.line(), path).push_back(row++);
  }
  if (row != rows) {
    fail(ErrorKind::data, "{}: names the parts of {} rows, but the data has {}", path, row, rows);
  }
  if (split.train.empty()) fail(ErrorKind::data, "{}: no row is in the training part", path);
  return split;
}

}  // namespace retrograd::data
