// All rows of a CSV text, pieces of it parsed side by side and handed over in order. What becomes of the
// cells is the sink's affair: a table (read_csv.cpp), packed rows (packed_rows.cpp).
#pragma once

#include <retrograd/table.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/csv_chunk.h"
#include "data/text_pieces.h"

namespace retrograd::data {

// What is known of a column over all rows so far.
struct CsvColumn {
  bool is_text = false;
  bool has_numbers = false;
  std::optional<Place> infinite;
  std::vector<std::string> words;  // of text, in order of first appearance
  WordCodes codes;
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  // Before the first row, and again where reading starts anew because a column turned out to be text.
  virtual void begin(const CsvLayout& layout) = 0;
  // The next rows. Cells of text are places in the words of the whole text. A column may be numbers for some
  // chunks, if all of theirs are missing, and text from then on.
  virtual void add(std::span<const Chunk> chunks, const std::vector<CsvColumn>& columns) = 0;
};

struct CsvRead {
  CsvLayout layout;
  std::vector<CsvColumn> columns;  // as many as the layout has; ignored ones are empty
  std::string sha256;
  std::vector<std::string> notices;
};

// Throws what read_csv does. The result depends neither on the number of threads nor on how they run.
CsvRead read_rows(TextPieces& text, const std::string& name, const CsvOptions& options, RowSink& sink);

// "," ";" "tab" and so on.
std::string separator_name(char separator);

}  // namespace retrograd::data
