// A training of a reproduction: it can be stopped, goes on from its checkpoint, and may have a limit of time.
#pragma once

#include <retrograd/nn.h>
#include <retrograd/train.h>

#include "cli/reproduce/experiment.h"

namespace cli::reproduce {

// Trains from request.checkpoint where that is there, writes it as Trainer does, and ends with the epochs
// that there are when request.minutes are over. -> {"epochs", "planned", "seconds", "curve": [[epoch, figure
// of validation, of test], ...]}, figures in percent for classes of rows, in nats a token for text; null
// where there is none.
Json train_recipe(retrograd::nn::Sequential model, retrograd::data::Parts parts,
                  const retrograd::train::Options& options, const Request& request);

// A curve of the outcomes' "curve", with the column-th figure of each point (1: validation, 2: test).
std::vector<Curve> figures_of(std::span<const Json> outcomes, std::size_t column);

// "12 of 60 epochs" where an outcome ended early, else "".
std::string unfinished(std::span<const Json> outcomes);

}  // namespace cli::reproduce
