// What a finished training leaves for people and programs: report.html and result.json in the folder of the
// run, and the text for the terminal.
#pragma once

#include <retrograd/train.h>

#include <string>

#include "cli/common.h"
#include "cli/report.h"
#include "cli/settings.h"

namespace cli {

// Writes the two files (of text result.json alone) and gives the text, what follows the table of figures.
// `data` names the rows.
std::string leave_report(const retrograd::train::Trainer& trainer, const retrograd::train::RunDirectory& run,
                         const Report& report, const Settings& settings, const std::string& data,
                         const Common& common);

}  // namespace cli
