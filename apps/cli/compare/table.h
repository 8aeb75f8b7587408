// The table of runs for the terminal.
#pragma once

#include <string>
#include <vector>

#include "cli/compare/runs.h"
#include "cli/terminal.h"

namespace cli::compare {

// A column a run, a row a setting that differs or a figure; as many columns beside each other as `width`
// letters hold, at least one. The best test figure of each row is marked by a star.
std::string table(const std::vector<Run>& runs, std::size_t width, const Colors& colors);

}  // namespace cli::compare
