// The rows that a network gets most wrong, as pictures or as a table.
#pragma once

#include <retrograd/encoder.h>

#include <string>

#include "cli/report/findings.h"

namespace cli::report {

std::string rows_section(const Findings& findings, const retrograd::data::Encoder& encoder);

}  // namespace cli::report
