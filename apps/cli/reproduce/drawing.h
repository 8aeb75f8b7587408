// Drawings of the page as SVG documents: lines, and matrices of weights. They stand on white, so that they
// can be read on a page of any colour.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/reproduce/experiment.h"

namespace cli::reproduce {

// Axes with ticks, a line for each curve; a legend where there are 2 to 10 curves.
std::string draw(const Chart& chart);

// weights [rows, columns], row-major: a square for each, its area as the weight's magnitude, filled where it
// is positive (Hinton's way of drawing them). A row of the matrix is a column of the picture: the weights
// into one unit lie beside each other.
std::string weight_picture(const std::vector<double>& weights, std::int64_t rows, std::int64_t columns,
                           const std::vector<std::string>& row_names = {});

}  // namespace cli::reproduce
