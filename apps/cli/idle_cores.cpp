// How many cores are idle, from /proc/stat.
#include "cli/idle_cores.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>

namespace cli {
namespace {

constexpr std::chrono::milliseconds shortest(50);

}  // namespace

IdleCores::Sample IdleCores::sample() {
  Sample sample;
  sample.own = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  std::ifstream stream("/proc/stat");
  std::string word;
  stream >> word;  // "cpu": user nice system idle iowait irq softirq steal
  std::int64_t ticks = 0;
  for (int column = 0; column < 8 && stream >> ticks; ++column) {
    sample.total += ticks;
    if (column == 3 || column == 4) sample.idle += ticks;
  }
  return sample;
}

IdleCores::IdleCores() : start_(std::chrono::steady_clock::now()), before_(sample()) {}

int IdleCores::cores(int most) const {
  if (most == 1) return 1;
  std::this_thread::sleep_until(start_ + shortest);
  const Sample now = sample();
  if (now.total <= before_.total) return most;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double all = static_cast<double>(std::max(1u, std::thread::hardware_concurrency()));
  const double idle =
      static_cast<double>(now.idle - before_.idle) / static_cast<double>(now.total - before_.total);
  const double own = (now.own - before_.own) / seconds;
  return std::clamp(static_cast<int>(std::lround(idle * all + own)), 1, most);
}

}  // namespace cli
