// How many cores the rest of the machine leaves idle.
#pragma once

#include <chrono>
#include <cstdint>

namespace cli {

// Looks at the load from when it is made until cores() is asked, at least a twentieth of a second.
class IdleCores {
 public:
  IdleCores();
  // Cores that were idle or busy with this process, 1 to `most`; `most` where the system does not tell.
  int cores(int most) const;

 private:
  struct Sample {
    std::int64_t idle = 0;   // of all cores together, in ticks
    std::int64_t total = 0;  // 0: not known
    double own = 0;          // processor seconds of this process
  };
  static Sample sample();

  std::chrono::steady_clock::time_point start_;
  Sample before_;
};

}  // namespace cli
