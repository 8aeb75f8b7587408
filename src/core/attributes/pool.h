// The windows of pooling: one number for each spatial axis. Window i of an axis is the elements
// [i stride - low, i stride - low + window) that lie in it; where `outputs` is given, the axis of L elements
// is cut into that many windows instead: [floor(i L / outputs), ceil((i + 1) L / outputs)).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace retrograd::attributes {

struct Pool {
  std::vector<std::int64_t> window;
  std::vector<std::int64_t> stride;
  std::vector<std::int64_t> low;           // padding in front
  std::vector<std::int64_t> high;          // and behind
  std::vector<std::int64_t> outputs = {};  // not empty: adaptive, the others are empty
  bool count_include_pad = false;          // an average divides by the whole window, padding and all
  std::vector<std::int64_t> extents = {};  // of the image, for gradients that do not see it
  bool channels_last = false;              // images are N [D] [H] W C, not N C [D] [H] W
  template <class F>
  void fields(F& f) const {
    f("window", window);
    f("stride", stride);
    f("low", low);
    f("high", high);
    f("outputs", outputs);
    f("count_include_pad", count_include_pad);
    f("extents", extents);
    f("channels_last", channels_last);
  }

  std::size_t axes() const { return outputs.empty() ? window.size() : outputs.size(); }
  // The elements of window i of axis a, which has L of them.
  std::int64_t begin(std::size_t a, std::int64_t i, std::int64_t L) const {
    if (!outputs.empty()) return i * L / outputs[a];
    return std::max<std::int64_t>(i * stride[a] - low[a], 0);
  }
  std::int64_t end(std::size_t a, std::int64_t i, std::int64_t L) const {
    if (!outputs.empty()) return ((i + 1) * L + outputs[a] - 1) / outputs[a];
    return std::min(i * stride[a] - low[a] + window[a], L);
  }
};

}  // namespace retrograd::attributes
