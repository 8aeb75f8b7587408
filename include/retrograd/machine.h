// The machine that the library runs on: what it is, and what it can do at most, measured on the spot. Not
// here: how many threads the library uses (threads.h).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace retrograd {

struct LibraryVersion {
  std::string name;     // "oneDNN"
  std::string version;  // "2.6.3"
};

struct Machine {
  std::string cpu;                        // the processor's name, "unknown" where the system does not tell it
  std::string instruction_set;            // that the kernels use, as Highway names it: "AVX2", "AVX3", "NEON"
  std::string bf16;                       // what multiplies bf16, "avx512_bf16" or "amx_bf16"; empty: nothing
  int cores = 1;                          // physical cores that this process may run on
  std::size_t memory_bytes = 0;           // of the machine; 0 where the system does not tell it
  std::vector<LibraryVersion> libraries;  // Retrograd first, then what it computes with
};

Machine machine();

// The most multiplications and additions of f32 in registers, in GFLOP/s; a fused multiply-add counts as two.
// The best of several rounds, 0.1 s in all. `threads` of the library's threads take part; throws
// Error(argument) unless 1 <= threads <= retrograd::threads().
double measure_peak(int threads);

// The bytes read and written by a[i] = b[i] + s * c[i] in f32, three arrays of `bytes` in all, in GB/s: 12
// bytes an element, as the program counts them. What is small enough stays in a cache from one round to the
// next. The best of several rounds, 0.2 s in all and at least two rounds. Throws Error(argument) as
// measure_peak does, or for less than 4096 bytes.
constexpr std::size_t bandwidth_bytes = std::size_t{192} << 20;
double measure_bandwidth(int threads, std::size_t bytes = bandwidth_bytes);

}  // namespace retrograd
