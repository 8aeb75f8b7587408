// The terminal's version of a report: small curves and the figures of each class.
#pragma once

#include <string>

#include "cli/common.h"
#include "cli/report/page.h"

namespace cli::report {

// In the width, letters and colours of the terminal.
std::string text(const PageInput& input, const Common& common);

}  // namespace cli::report
