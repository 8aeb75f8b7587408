// retrograd train --cv: the trainings of a cross-validation.
#pragma once

#include "cli/one_training.h"

namespace cli {

// settings.cv trainings, in the folders fold-1, fold-2, ... of one folder, where all models are kept, with
// cv.json beside them. Each one's config.toml repeats it alone, that of the folder all of them.
void cross_validate(const Settings& settings, const Source& source, const Several& several,
                    const Common& common);

}  // namespace cli
