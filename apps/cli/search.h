// retrograd tune, and train --search: trainings with settings from a space, compared by the validation part.
#pragma once

#include "cli/one_training.h"

namespace CLI {
class App;
}

namespace cli {

// --search, --trials, --method.
void add_search_flags(CLI::App& app, Settings& settings);

// Searches settings.search. The folder holds journal.jsonl, with a line for each training that was done, from
// which an interrupted search goes on; best/, the run of the best one; leaderboard.csv and leaderboard.json.
// Trainings are compared by what does not depend on their loss: log loss of classes, RMSE of numbers, nats of
// text.
void search(const Settings& settings, const Source& source, const Several& several, const Common& common);

}  // namespace cli
