// Changes an input by a seed alone.
#include "fuzz/mutation.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace fuzz {
namespace {

std::size_t below(std::mt19937_64& random, std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

void set_byte(std::string& bytes, std::mt19937_64& random) {
  if (bytes.empty()) return;
  constexpr char likely[] = {'\0', '\xff', '"', '{', '[', ',', ':', '-', '\n', '9', '.', 'e', '\x80', ' '};
  char& byte = bytes[below(random, bytes.size())];
  if (random() % 2 == 0) {
    byte = likely[below(random, sizeof likely)];
  } else {
    byte = static_cast<char>(byte ^ (1 << (random() % 8)));
  }
}

void cut_run(std::string& bytes, std::mt19937_64& random) {
  const std::size_t first = below(random, bytes.size());
  bytes.erase(first, 1 + below(random, std::min<std::size_t>(64, bytes.size() + 1)));
}

void double_run(std::string& bytes, std::mt19937_64& random) {
  if (bytes.size() > (std::size_t{1} << 16)) return;
  const std::size_t first = below(random, bytes.size());
  const std::string run = bytes.substr(first, 1 + below(random, 64));
  bytes.insert(below(random, bytes.size() + 1), run);
}

// A number written in digits becomes an extreme one.
void set_number(std::string& bytes, std::mt19937_64& random) {
  constexpr const char* extremes[] = {"0",     "-1",        "9223372036854775807", "18446744073709551615",
                                      "1e999", "4294967296"};
  const std::size_t start = below(random, bytes.size());
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto first = std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(start), bytes.end(), digit);
  const auto last = std::find_if_not(first, bytes.end(), digit);
  const std::size_t place = static_cast<std::size_t>(first - bytes.begin());
  bytes.replace(place, static_cast<std::size_t>(last - first), extremes[below(random, std::size(extremes))]);
}

// Four or eight bytes become an extreme length.
void set_length(std::string& bytes, std::mt19937_64& random) {
  constexpr std::uint64_t extremes[] = {0, 1, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, ~std::uint64_t{0}};
  const std::uint64_t value = extremes[below(random, std::size(extremes))];
  const std::size_t size = random() % 2 == 0 ? 4 : 8;
  if (bytes.size() < size) return;
  // Headers hold the lengths: half of the time the change falls there.
  const std::size_t range =
      random() % 2 == 0 ? std::min<std::size_t>(24, bytes.size() - size + 1) : bytes.size() - size + 1;
  std::memcpy(bytes.data() + below(random, range), &value, size);
}

}  // namespace

std::string mutated(std::string bytes, std::mt19937_64& random) {
  const std::uint64_t changes = 1 + random() % 8;
  for (std::uint64_t i = 0; i < changes; ++i) {
    switch (random() % 8) {
      case 0:
        cut_run(bytes, random);
        break;
      case 1:
        double_run(bytes, random);
        break;
      case 2:
        set_number(bytes, random);
        break;
      case 3:
        set_length(bytes, random);
        break;
      case 4:
        if (random() % 4 == 0) bytes.resize(below(random, bytes.size() + 1));
        break;
      default:
        set_byte(bytes, random);
    }
  }
  return bytes;
}

}  // namespace fuzz
