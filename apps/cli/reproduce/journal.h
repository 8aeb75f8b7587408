// What was measured, kept seed by seed in files of a folder, so that a long row goes on where it was cut off.
#pragma once

#include <string>
#include <vector>

#include "cli/reproduce/experiment.h"

namespace cli::reproduce {

struct Entry {
  std::uint64_t seed = 0;
  double seconds = 0;
  Json outcome;
};

// The entries of one row: <folder>/<experiment>-<row, from 1>.jsonl, a line a seed. A last line that was cut
// off does not count.
class Journal {
 public:
  // Makes the folder. Throws retrograd::Error(io) where that fails, Error(data) for a file that is none.
  Journal(const std::string& folder, const Experiment& experiment, std::size_t row);
  const std::vector<Entry>& entries() const { return entries_; }
  bool has(std::uint64_t seed) const;
  // Adds a line to the file, whole when this returns. Throws Error(io).
  void add(Entry entry);
  // Where a seed's training that is not done keeps its checkpoint: beside the file.
  std::string checkpoint(std::uint64_t seed) const;
  // Forgets all of it.
  void clear();

 private:
  std::string path_;
  std::vector<Entry> entries_;
};

}  // namespace cli::reproduce
