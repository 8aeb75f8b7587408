// Where the model of a run lies.
#pragma once

#include <string>
#include <vector>

namespace retrograd::train {

// The path of a model file as it is; of the folder of a run that of its model. Throws Error(data) for a
// folder without one.
std::string model_path(const std::string& path);

// The same, and the models of an ensemble's folder, which holds ensemble.json:
// {"format": "retrograd ensemble", "members": [names of folders in it]}.
std::vector<std::string> model_paths(const std::string& path);

}  // namespace retrograd::train
