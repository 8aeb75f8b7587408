// The nodes of checkpointed segments once more, for a gradient that is to use them instead of the kept
// values.
#pragma once

#include <retrograd/array.h>

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "array/node.h"
#include "array/trace_state.h"

namespace retrograd::autodiff {

// Of one sweep: each node is copied at most once for each segment that it lies in.
class Recomputation {
 public:
  // What stands for `value` in the vjp of a node of `segment`: a copy where it was made in that segment; from
  // outside the segment, what stands for it there; and where there is no segment, itself.
  Array again(const Array& value, const std::shared_ptr<const Segment>& segment);
  std::vector<Array> again(std::span<const Array> values, const std::shared_ptr<const Segment>& segment);

 private:
  struct Copies {
    std::unordered_map<const Node*, NodePtr> of_node;
    std::unordered_map<std::uint64_t, std::uint64_t> region;  // of a copy, by that of its original
  };
  void copy(Node* node, const std::shared_ptr<const Segment>& segment, Copies& copies);

  std::unordered_map<const Segment*, Copies> of_segment_;
  std::unordered_set<const Node*> constant_;  // depends on no leaf: kept, and shared by all copies
};

}  // namespace retrograd::autodiff
