// The page of a run, report.html: one file that holds all it shows, readable on a phone, light and dark,
// without scripts and without anything from outside.
#pragma once

#include <retrograd/train.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/report.h"
#include "cli/report/charts.h"
#include "cli/report/findings.h"

namespace cli::report {

struct PageInput {
  const Report* report = nullptr;
  const Findings* findings = nullptr;
  const retrograd::train::Predictor* predictor = nullptr;
  std::vector<retrograd::train::EpochRecord> history;
  std::string data;                                           // its name
  std::vector<std::pair<std::string, std::string>> settings;  // as in config.toml
  std::string command;                                        // as it was given
};

std::string page(const PageInput& input);

}  // namespace cli::report
