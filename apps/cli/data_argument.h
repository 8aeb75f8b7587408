// DATA of the command line with the settings of a training: what `train` and the verbs that train have in
// common.
#pragma once

#include <string>

#include "cli/settings.h"

namespace CLI {
class App;
}

namespace cli {

struct DataArgument {
  std::string data;           // DATA: what to learn from, or a config.toml or the folder of a run
  std::string named_folder;   // what follows DATA where that is "images" or "mnist"
  std::string folder;         // --data
  std::string config_folder;  // where the config.toml was; "" where DATA is data
  Settings settings;
};

// DATA, --data and a flag for each setting.
void add_data_argument(CLI::App& app, DataArgument& argument);

// Where DATA is a config.toml or a folder that holds one: its settings, behind those of flags, and its data.
// Throws UsageError where it names none.
void read_config_argument(DataArgument& argument);

}  // namespace cli
