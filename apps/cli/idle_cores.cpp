// How many cores are idle, from /proc/stat.
#include "cli/idle_cores.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace cli {
namespace {

constexpr double shortest = 0.05;  // seconds

// True where the system does not tell.
bool may_run_on([[maybe_unused]] int processor) {
#if defined(__linux__)
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && processor < CPU_SETSIZE) {
    return CPU_ISSET(processor, &allowed);
  }
#endif
  return true;
}

}  // namespace

Load read_load(const std::string& stat) {
  Load load;
  load.own = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  load.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  std::ifstream stream(stat);
  // "cpu0 user nice system idle iowait irq softirq steal ...", behind a line "cpu" for all together.
  for (std::string line; std::getline(stream, line) && line.starts_with("cpu");) {
    std::istringstream fields(line.substr(3));
    int number = 0;
    if (line.starts_with("cpu ") || !(fields >> number) || !may_run_on(number)) continue;
    Load::Processor& processor = load.processors[number];
    std::int64_t ticks = 0;
    for (int column = 0; column < 8 && fields >> ticks; ++column) {
      processor.total += ticks;
      if (column == 3 || column == 4) processor.idle += ticks;
    }
  }
  return load;
}

int idle_cores(const Load& before, const Load& now, int most) {
  double busy = 0;  // hardware threads
  bool known = false;
  for (const auto& [number, processor] : now.processors) {
    const auto earlier = before.processors.find(number);
    if (earlier == before.processors.end()) continue;
    const std::int64_t total = processor.total - earlier->second.total;
    if (total <= 0) continue;
    known = true;
    busy += 1 - static_cast<double>(processor.idle - earlier->second.idle) / static_cast<double>(total);
  }
  const double seconds = now.seconds - before.seconds;
  if (!known || !(seconds > 0)) return most;
  const double others = std::max(0.0, busy - (now.own - before.own) / seconds);
  return std::clamp(most - static_cast<int>(std::lround(others)), 1, std::max(1, most));
}

int IdleCores::cores(int most) const {
  if (most == 1) return 1;
  const double now =
      std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  const double rest = before_.seconds + shortest - now;
  if (rest > 0) std::this_thread::sleep_for(std::chrono::duration<double>(rest));
  return idle_cores(before_, read_load(), most);
}

}  // namespace cli
