// Progress on stderr: a bar on a terminal, a line an epoch elsewhere, nothing with -q; and the lines of the
// run's metrics and log.
#pragma once

#include <retrograd/train.h>

#include <chrono>
#include <string>

#include "cli/common.h"

namespace cli {

class Progress : public retrograd::train::Observer {
 public:
  Progress(const Common& common, const retrograd::train::RunDirectory& run, retrograd::data::Task task,
           std::int64_t epochs, std::int64_t epochs_before);
  ~Progress() override;

  void on_step(const retrograd::train::StepRecord& record) override;
  void on_epoch(const retrograd::train::EpochRecord& record) override;
  bool stop_requested() override;
  // Takes the bar off the screen.
  void clear();

 private:
  enum class Kind { bar, lines, nothing };
  using Clock = std::chrono::steady_clock;
  void draw(const retrograd::train::StepRecord& record);
  std::string epoch_text(const retrograd::train::EpochRecord& record) const;

  const retrograd::train::RunDirectory* run_;
  retrograd::data::Task task_;
  std::int64_t epochs_;
  std::int64_t epochs_before_;  // done before this process
  Kind kind_;
  bool color_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_;  // when to draw again
  std::string last_;                 // of the last epoch, for the bar
};

}  // namespace cli
