// The IDX format of MNIST: unsigned bytes with one or three extents, plain or compressed with gzip. Which
// files make a data set is not found here: load_idx.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/buffer.h"

namespace retrograd::data {

struct Idx {
  std::vector<std::int64_t> extents;  // [N] labels, [N, H, W] images
  BufferPtr bytes;                    // u8, row-major
  std::int64_t size = 0;              // the product of the extents
};

// Reads IDX bytes with `rank` extents; `name` stands for the file in messages. No more is allocated than the
// bytes there are. Throws Error(data): not IDX, other elements than bytes, another rank, an extent of zero,
// fewer or more bytes than the header promises, damaged or cut compression.
Idx parse_idx(std::string_view file, const std::string& name, int rank);

// What a gzip file holds, at most `most` bytes of it (all its members, one after the other; zeros after the
// last one are padding). Memory grows with what is really there. `ended` tells whether that was all. Throws
// Error(data) for damage.
std::string inflate_gzip(std::string_view file, const std::string& name, std::size_t most, bool& ended);

}  // namespace retrograd::data
