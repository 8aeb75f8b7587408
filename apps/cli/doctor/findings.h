// What a machine lacks that the tool could use.
#pragma once

#include <retrograd/machine.h>

#include <string>
#include <vector>

namespace cli::doctor {

struct Finding {
  std::string name;    // "vector instructions", "cores", "data", "folder", "disk", "letters"
  std::string found;   // what there is
  std::string remedy;  // a whole sentence
};

// Nothing here keeps a training from running but a folder that cannot be written and a full disk.
std::vector<Finding> missing(const retrograd::Machine& machine);

}  // namespace cli::doctor
