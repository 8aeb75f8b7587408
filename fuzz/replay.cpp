// fuzz_replay TARGET [ROUNDS [SEED]]: feeds a target its seeds and ROUNDS changed ones, drawn by SEED,
// without libFuzzer, so that every build can run it as a test. fuzz_replay TARGET FILE feeds one file: what a
// fuzzer found.
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "fuzz/mutation.h"
#include "fuzz/target.h"

namespace {

constexpr const char* fault_file = "fuzz-fault.bin";

// Inputs are some kilobytes: a loader that wants gigabytes for one believed a size it should have checked.
// Sanitizers reserve terabytes of addresses, so with them there is no limit.
void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit limit{std::size_t{4} << 30, std::size_t{4} << 30};
  setrlimit(RLIMIT_AS, &limit);
#endif
}

bool feed(const fuzz::Target& target, const std::string& bytes) {
  try {
    target.feed(bytes);
    return true;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: not an Error: %s\n", target.name, error.what());
  } catch (...) {
    std::fprintf(stderr, "%s: something else was thrown\n", target.name);
  }
  std::ofstream(fault_file, std::ios::binary) << bytes;
  std::fprintf(stderr, "the input is in %s (%zu bytes)\n", fault_file, bytes.size());
  return false;
}

int replay(const fuzz::Target& target, std::uint64_t rounds, std::uint64_t seed) {
  const std::vector<std::string> seeds = target.seeds();
  for (const std::string& bytes : seeds) {
    if (!feed(target, bytes)) return 1;
  }
  std::mt19937_64 random(seed);
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const std::string bytes = fuzz::mutated(seeds[random() % seeds.size()], random);
    if (!feed(target, bytes)) {
      std::fprintf(stderr, "round %llu of seed %llu\n", static_cast<unsigned long long>(i),
                   static_cast<unsigned long long>(seed));
      return 1;
    }
  }
  std::printf("%s: %zu seeds and %llu changed inputs, no fault\n", target.name, seeds.size(),
              static_cast<unsigned long long>(rounds));
  return 0;
}

int usage() {
  std::fprintf(stderr, "usage: fuzz_replay TARGET [ROUNDS [SEED] | FILE]\ntargets:");
  for (const fuzz::Target* target : fuzz::targets()) std::fprintf(stderr, " %s", target->name);
  std::fprintf(stderr, "\n");
  return 2;
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) return usage();
  limit_memory();
  for (const fuzz::Target* target : fuzz::targets()) {
    if (std::strcmp(values[1], target->name) != 0) continue;
    if (count == 3 && std::strspn(values[2], "0123456789") != std::strlen(values[2])) {
      std::ifstream file(values[2], std::ios::binary);
      if (!file) {
        std::fprintf(stderr, "%s: cannot be read\n", values[2]);
        return 2;
      }
      return feed(*target, {std::istreambuf_iterator<char>(file), {}}) ? 0 : 1;
    }
    return replay(*target, count > 2 ? std::strtoull(values[2], nullptr, 10) : 1000,
                  count > 3 ? std::strtoull(values[3], nullptr, 10) : 1);
  }
  return usage();
}
