// What the operating system tells of the machine, and its limits measured by the loops of probe_loop.cpp on
// the library's threads.
#include <hwy/highway.h>
#include <retrograd/machine.h>
#include <retrograd/version.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <oneapi/dnnl/dnnl.hpp>

#include "core/buffer.h"
#include "core/fail.h"
#include "core/physical_cores.h"
#include "core/physical_memory.h"
#include "core/thread_pool.h"
#include "kernels/cpu/probe_loop.h"
#include "kernels/low_precision.h"

namespace retrograd {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (line.starts_with("model name") && colon != std::string::npos && colon + 2 < line.size()) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

void check_threads(const char* function, int count) {
  if (count >= 1 && count <= threads()) return;
  fail(ErrorKind::argument, "{}: {} threads; expected 1 to {}, the library's threads", function, count,
       threads());
}

// The most that a round did in a second: f(shard) for each of `threads` shards, again and again for `seconds`
// and at least twice. `amount` is what one round does.
template <typename F>
double best_rate(int threads, double seconds, double amount, F f) {
  double best = 0;
  const Clock::time_point start = Clock::now();
  for (int round = 0; round < 2 || seconds_since(start) < seconds; ++round) {
    const Clock::time_point begin = Clock::now();
    core::parallel_for(threads, f);
    best = std::max(best, amount / seconds_since(begin));
  }
  return best;
}

}  // namespace

Machine machine() {
  const dnnl_version_t& dnnl = *dnnl_version();
  return {.cpu = cpu_name(),
          .instruction_set = kernels::cpu::instruction_set(),
          .bf16 = kernels::bf16_instructions(),
          .cores = core::physical_cores(),
          .memory_bytes = core::physical_memory(),
          .libraries = {{"Retrograd", version()},
                        {"oneDNN", fmt::format("{}.{}.{}", dnnl.major, dnnl.minor, dnnl.patch)},
                        {"Highway", fmt::format("{}.{}.{}", HWY_MAJOR, HWY_MINOR, HWY_PATCH)},
                        {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                                            FMT_VERSION % 100)}}};
}

double measure_peak(int threads) {
  check_threads("measure_peak", threads);
  constexpr std::int64_t rounds = 100000;  // about 0.1 ms
  double flops = 0;
  std::atomic<float> seen = kernels::cpu::multiply_add_rounds(rounds, flops);
  const auto shard = [&](int) noexcept {
    double done = 0;
    seen.store(kernels::cpu::multiply_add_rounds(rounds, done), std::memory_order_relaxed);
  };
  return best_rate(threads, 0.1, flops * threads, shard) * 1e-9;
}

double measure_bandwidth(int threads, std::size_t bytes) {
  check_threads("measure_bandwidth", threads);
  if (bytes < 4096) fail(ErrorKind::argument, "measure_bandwidth: {} bytes; expected at least 4096", bytes);
  const std::size_t count = bytes / (3 * sizeof(float));
  const std::size_t repeats = 1 + (std::size_t{4} << 20) / bytes;  // a round of some 0.1 ms or more
  Buffer a(count * sizeof(float));
  Buffer b(count * sizeof(float));
  Buffer c(count * sizeof(float));
  const auto part = [&](int shard) {
    return count * static_cast<std::size_t>(shard) / static_cast<std::size_t>(threads);
  };
  core::parallel_for(threads, [&](int shard) noexcept {
    std::fill(b.as<float>() + part(shard), b.as<float>() + part(shard + 1), 1.0f);
    std::fill(c.as<float>() + part(shard), c.as<float>() + part(shard + 1), 2.0f);
  });
  const auto shard = [&](int i) noexcept {
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      kernels::cpu::triad(a.as<float>() + part(i), b.as<float>() + part(i), c.as<float>() + part(i), 3.0f,
                          part(i + 1) - part(i));
    }
  };
  const double moved = 3.0 * sizeof(float) * static_cast<double>(count * repeats);
  return best_rate(threads, 0.2, moved, shard) * 1e-9;
}

}  // namespace retrograd
