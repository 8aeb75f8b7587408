// Reading a table from a file that may be large.
#pragma once

#include <retrograd/table.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace retrograd::data {

struct PackOptions {
  std::int64_t above = 0;          // files with more bytes are packed
  std::vector<std::string> exact;  // columns that are needed as they are: targets
  bool last = false;               // the last column, too
  // Bytes of packed cells that are kept, see LoadOptions::memory.
  std::optional<std::int64_t> memory = {};
};

// As read_csv. The columns of a packed table that are not kept exactly have no numbers and no codes; their
// cells are in table.packed, in the order of the columns.
Table read_table(const std::string& path, const CsvOptions& options, const PackOptions& pack);

}  // namespace retrograd::data
