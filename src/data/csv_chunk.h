// A piece of a CSV text, whole rows, as cells: what one thread makes of it without knowing the others.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retrograd::data {

// How the fields of a column are read.
enum class CellKind : std::uint8_t {
  automatic,  // numbers, or text where a field is no number
  number,
  text,
  date,    // a number: days since 1970
  ignored  // not read
};

// What all rows have in common.
struct CsvLayout {
  std::string name;  // of the file, for messages
  char separator = ',';
  std::vector<std::string> names;  // of the columns
  std::vector<CellKind> kinds;
  bool has_header = true;  // for messages
};

struct Place {
  std::int64_t line = 0;
  std::string text;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
using WordCodes = std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>>;

struct ChunkColumn {
  bool is_text = false;
  bool has_numbers = false;
  std::optional<Place> infinite;    // the first infinite number, whose cell is NaN
  std::optional<Place> first_text;  // that made an automatic column text after numbers of the chunk
  std::vector<std::string> words;   // of text, in order of first appearance
  WordCodes codes;
};

struct Chunk {
  std::string_view text;
  std::int64_t first_line = 1;
  std::int64_t offset = 0;  // of the text in the whole

  std::vector<std::int64_t> lines;   // [rows]
  std::vector<std::size_t> offsets;  // [rows], in the text
  std::vector<double> cells;         // [rows, columns]: numbers, places in words; NaN where missing
  std::vector<ChunkColumn> columns;
  std::exception_ptr error;

  std::int64_t rows() const { return static_cast<std::int64_t>(lines.size()); }
};

// Fills a chunk from its text. An Error(data) of a row goes to chunk.error.
void parse_chunk(const CsvLayout& layout, Chunk& chunk) noexcept;

}  // namespace retrograd::data
