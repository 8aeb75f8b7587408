// Searching for settings: a space of values, written as text, random points of it, and successive halving.
// Training and comparing is the caller's; `retrograd tune` does it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::train {

// The values of one setting.
struct Dimension {
  std::string name;
  // Either texts, of which each is as likely, or a range of numbers.
  std::vector<std::string> choices = {};
  double low = 0, high = 0;
  bool whole = false;        // whole numbers, both ends included
  bool logarithmic = false;  // uniform in the logarithm: of positive numbers over a decade or more
};

// "lr = 1e-4..1e-1, batch = 16..128, model = linear(32)|linear(64), relu, linear(64)": commas between the
// settings, `..` between the ends of a range, | between choices; a comma that no `name =` follows belongs to
// the choice. A range of whole numbers gives whole numbers. Throws Error(argument) for anything else, and for
// a name that stands twice.
std::vector<Dimension> parse_space(std::string_view text);

// Values for each dimension, as text; of seed and trial alone, whatever was drawn before. Random search:
// Bergstra and Bengio 2012.
std::vector<std::string> draw_trial(std::span<const Dimension> space, std::uint64_t seed, std::int64_t trial);

// A round of successive halving: so many trials, each trained for so many epochs.
struct Rung {
  std::int64_t trials = 0;
  std::int64_t epochs = 0;
};
// From many trials with few epochs to a few with all: the best third of a round (rounded up) goes on to three
// times the epochs. As many rounds as `trials` and `epochs` allow, so that the last but one has at least
// `factor` times fewer epochs and the first at least one. Jamieson and Talwalkar 2016; the factor of 3 is
// that of Li et al. 2018 (Hyperband). Throws Error(argument) for less than one trial or epoch, or factor < 2.
std::vector<Rung> halving_rungs(std::int64_t trials, std::int64_t epochs, std::int64_t factor = 3);

// The places of the `count` least losses, the least first; of equal ones the earlier. NaN is larger than all.
std::vector<std::size_t> least_losses(std::span<const double> losses, std::size_t count);

}  // namespace retrograd::train
