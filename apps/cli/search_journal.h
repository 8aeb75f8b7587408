// The trainings of a search that were done: journal.jsonl in its folder, a line for each.
#pragma once

#include <retrograd/train.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/settings.h"

namespace cli {

struct Trial {
  std::int64_t trial = 0;  // from 1
  std::int64_t rung = 0;   // of successive halving, from 1
  std::int64_t epochs = 0;
  std::vector<std::pair<std::string, std::string>> values;  // of the settings that are searched
  double loss = retrograd::train::not_known;                // what trainings are compared by
  double score = retrograd::train::not_known;               // accuracy or r2 of the validation part
  double seconds = 0;                                       // of training
  std::string error;                                        // "": none
};

class SearchJournal {
 public:
  // The trainings that stand in the file, a torn last line left out. Throws UsageError where it was made with
  // other settings, retrograd::Error(data) where it is damaged.
  SearchJournal(std::string path, const Settings& settings);

  const std::vector<Trial>& trials() const { return trials_; }
  const Trial* find(std::int64_t trial, std::int64_t rung) const;
  // The one with the least loss, the earliest of equal ones; null where none has one.
  const Trial* best() const;
  // Writes a line, on the disk when it returns.
  const Trial& add(Trial trial);

 private:
  std::string path_;
  std::string text_;
  std::vector<Trial> trials_;
};

}  // namespace cli
