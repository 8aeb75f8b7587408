// From settings to a trainer: what `train` and `summary` have in common.
#pragma once

#include <retrograd/train.h>

#include <string>
#include <vector>

#include "cli/settings.h"
#include "cli/source.h"

namespace cli {

// The scheme of initial values.
std::string initialisation(const Settings& settings);

// A network with its data, before it is trained.
struct Prepared {
  retrograd::data::Parts parts;
  retrograd::nn::Sequential model;
  std::vector<std::string> notices;  // of the data and of --from
};
// Reads the data and makes the network, which has the weights of --from where that is given. Throws what
// load(), make_model() and train::Pretrained do.
Prepared prepare(const Settings& settings, const Source& source);

// The network of the settings, or the default for such data. Throws retrograd::Error(argument) and
// Error(shape).
retrograd::nn::Sequential make_model(const Settings& settings, const retrograd::data::Dataset& data);

// `images`: from a folder of IDX files. The rate of a table is chosen by the size of `data`, its training
// part.
retrograd::train::Options make_options(const Settings& settings, const retrograd::data::Dataset& data,
                                       bool images);

// Every value that was used: for config.toml.
Settings written_out(const Settings& settings, const Source& source,
                     const retrograd::train::Trainer& trainer);

}  // namespace cli
