// How many cores the rest of the machine leaves idle.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace cli {

// What the processors have done up to a moment, and this process among them.
struct Load {
  struct Processor {
    std::int64_t idle = 0;   // ticks, that wait for a disk too
    std::int64_t total = 0;  // ticks
  };
  std::map<int, Processor> processors;  // by number, those that this process may run on; empty: not known
  double own = 0;                       // processor seconds of this process
  double seconds = 0;                   // of a steady clock
};

// `stat` is a file in the form of Linux's /proc/stat. No processors where it cannot be read.
Load read_load(const std::string& stat = "/proc/stat");

// Of `most` physical cores those that others left idle from `before` to `now`, 1 to `most`: a hardware thread
// that is busy with others takes a core, for that is how a system spreads them. `most` where nothing is
// known.
int idle_cores(const Load& before, const Load& now, int most);

// Looks at the load from when it is made until cores() is asked, at least a twentieth of a second.
class IdleCores {
 public:
  IdleCores() : before_(read_load()) {}
  // Cores that were idle or busy with this process, 1 to `most`; `most` where the system does not tell.
  int cores(int most) const;

 private:
  Load before_;
};

}  // namespace cli
