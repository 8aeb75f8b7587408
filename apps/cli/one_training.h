// One training in a folder of its own: its files, its progress, its report. Several of them make a
// cross-validation (cross_validation.h), an ensemble (ensemble.h) or a search (tune.cpp).
#pragma once

#include <retrograd/train.h>

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/common.h"
#include "cli/report.h"
#include "cli/settings.h"
#include "cli/source.h"

namespace cli {

class IdleCores;

struct Trained {
  Report report;
  std::string text;  // the report for the terminal
};

// Trains with `settings`. `make_run` gives the folder when data and settings are known to be right; `resume`
// goes on from its checkpoint, where it has one. Throws Interrupted, UsageError and what the library throws.
Trained train_once(const Settings& settings, const Source& source,
                   const std::function<retrograd::train::RunDirectory()>& make_run, bool resume,
                   const Common& common);

// The figures of a training that is done.
Report report_of(const retrograd::train::Trainer& trainer, const retrograd::train::RunDirectory& run,
                 const retrograd::train::Result& result);

// The part whose rows the network has not learned from: test, else validation; the training part where there
// is none.
const retrograd::data::Dataset& held_out(const retrograd::data::Parts& parts);

// Where several trainings go.
struct Several {
  std::string out;  // "": runs/<data>-<n>
  bool resume = false;
};

// The folder of several trainings, each of which has a folder of its own in it. It is made when it is first
// asked for, so that settings that cannot be leave nothing.
class SeveralFolder {
 public:
  SeveralFolder(const Several& several, const Source& source) : several_(several), name_(source.name) {}
  const retrograd::train::RunDirectory& get();
  // That of one training.
  retrograd::train::RunDirectory run(const std::string& name);

 private:
  Several several_;
  std::string name_;
  std::optional<retrograd::train::RunDirectory> folder_;
};

// The figures of reports as JSON, {part: {figure: ...}}, the mean and the deviation (divided by n - 1) over
// the reports.
nlohmann::ordered_json means_of(const std::vector<Report>& reports);
nlohmann::ordered_json deviations_of(const std::vector<Report>& reports);

// The folder `path`, which is made, or opened where it exists and `resume` is set.
retrograd::train::RunDirectory run_folder(const std::string& path, bool resume);

// Sets the threads of all that follows: those of the settings, else the idle cores. Throws UsageError.
void choose_threads(Settings& settings, const IdleCores& idle);

}  // namespace cli
