// A target under libFuzzer: RETROGRAD_FUZZ_TARGET names it. The seeds are written into the first folder
// given, where that is empty.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** values) {
  namespace fs = std::filesystem;
  for (int i = 1; i < *count; ++i) {
    const std::string folder = (*values)[i];
    if (folder.starts_with('-')) continue;
    if (!fs::is_directory(folder) || !fs::is_empty(folder)) break;
    int number = 0;
    for (const std::string& bytes : fuzz::RETROGRAD_FUZZ_TARGET.seeds()) {
      std::ofstream(fs::path(folder) / ("seed-" + std::to_string(++number)), std::ios::binary) << bytes;
    }
    break;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  fuzz::RETROGRAD_FUZZ_TARGET.feed({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
