// The names and kinds of the columns of a CSV text.
#pragma once

#include <retrograd/table.h>

#include <cstdint>
#include <string>
#include <vector>

#include "data/csv_chunk.h"
#include "data/text_pieces.h"

namespace retrograd::data {

struct CsvHeader {
  std::int64_t end = 0;  // offset of the bytes behind it
};

// Fills the layout. Throws Error(data) as read_csv does, Error(argument) for options that name an unknown
// column.
CsvHeader read_header(TextPieces& text, const std::string& name, const CsvOptions& options, CsvLayout& layout,
                      std::vector<std::string>& notices);

}  // namespace retrograd::data
