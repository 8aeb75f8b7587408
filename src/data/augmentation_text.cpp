// Augmentations by their text. What they do is in augment.cpp.
#include <retrograd/augmentation.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/call_text.h"
#include "core/fail.h"
#include "core/suggest.h"

namespace retrograd::data {
namespace {

const std::array<std::string, 5> names{"shift", "flip", "crop", "rotate", "cutout"};
constexpr double largest_whole = 4096;

// The number of the call, or the default.
double amount(const CallText& call, double otherwise, bool whole, double most, const char* expected) {
  check_call("augment", call, 1, expected);
  const double value = call.numbers.empty() ? otherwise : call.numbers[0];
  if (value > 0 && value <= most && (!whole || value == std::floor(value))) return value;
  fail(ErrorKind::argument, "augment: {}({}) is out of range; expected {}", call.name, value, expected);
}

void add(const CallText& call, Augmentation& to) {
  if (call.name == "shift") {
    to.shift = static_cast<std::int64_t>(amount(call, 2, true, largest_whole, "shift(pixels), 1 or more"));
  } else if (call.name == "flip") {
    check_call("augment", call, 0, "flip without a number");
    to.flip = true;
  } else if (call.name == "crop") {
    to.crop = amount(call, 0.875, false, 1, "crop(share), 0 < share <= 1");
  } else if (call.name == "rotate") {
    to.rotate = amount(call, 15, false, 180, "rotate(degrees), 0 < degrees <= 180");
  } else if (call.name == "cutout") {
    to.cutout = static_cast<std::int64_t>(amount(call, 8, true, largest_whole, "cutout(side), 1 or more"));
  } else {
    fail(ErrorKind::argument, "augment: \"{}\" is unknown;{} known are {}", call.name,
         suggest(call.name, names), fmt::join(names, ", "));
  }
}

}  // namespace

std::string Augmentation::text() const {
  std::string text;
  const auto put = [&](bool there, const std::string& part) {
    if (there) text += (text.empty() ? "" : ", ") + part;
  };
  put(shift > 0, fmt::format("shift({})", shift));
  put(flip, "flip");
  put(crop < 1, fmt::format("crop({})", crop));
  put(rotate > 0, fmt::format("rotate({})", rotate));
  put(cutout > 0, fmt::format("cutout({})", cutout));
  return text;
}

Augmentation parse_augmentation(std::string_view text) {
  Augmentation result;
  std::vector<std::string> seen;
  for (const std::string& part : split_text(text, ',')) {
    const CallText call = parse_call("augment", part);
    for (const std::string& name : seen) {
      if (name == call.name) fail(ErrorKind::argument, "augment: {} is there twice", name);
    }
    add(call, result);
    seen.push_back(call.name);
  }
  return result;
}

void check_augmentation(const Augmentation& augmentation, const Shape& sample) {
  if (augmentation.empty()) return;
  if (sample.rank() != 3) {
    fail(ErrorKind::argument, "augment: {} is for images [channels, height, width]; a sample here is {}",
         augmentation.text(), sample.to_string());
  }
  if (augmentation.shift < std::min(sample[1], sample[2])) return;
  fail(ErrorKind::argument, "augment: shift({}) may leave nothing of images of {} x {} pixels",
       augmentation.shift, sample[1], sample[2]);
}

}  // namespace retrograd::data
