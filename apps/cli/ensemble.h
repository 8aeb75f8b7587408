// retrograd train --ensemble: several networks whose predictions are averaged.
#pragma once

#include "cli/one_training.h"

namespace cli {

// settings.ensemble trainings with the seeds seed, seed + 1, ... on one split, in the folders member-1,
// member-2, ... of one folder, which Predictor takes as one model: ensemble.json names its members.
void train_ensemble(const Settings& settings, const Source& source, const Several& several,
                    const Common& common);

}  // namespace cli
