// The page of all reproductions, docs/reproductions.md, with its charts beside it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/reproduce/experiment.h"
#include "cli/reproduce/journal.h"

namespace cli::reproduce {

// A row with what is in its journal.
struct Measured {
  const Row* row = nullptr;
  std::size_t seeds = 0;           // that were run
  double seconds = 0;              // of all of them
  std::optional<Finding> finding;  // none where no seed was run
};

Measured measured(const Row& row, const Journal& journal);

// "reproduced: ..." or "not reproduced: ...", or the finding alone where nothing was published.
std::string verdict(const Finding& finding);

// Writes the page, and charts and pictures as SVG files, with the points of the charts as CSV, into the
// folder of the same name beside it. Throws retrograd::Error(io).
void write_page(const std::string& path, const std::string& journals);

}  // namespace cli::reproduce
