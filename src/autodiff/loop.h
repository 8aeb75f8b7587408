// Nodes that run a body in a loop: closing the body that was traced, making the node, its vjp. Not here: what
// the user calls (scan.cpp).
#pragma once

#include <retrograd/array.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "array/loop.h"

namespace retrograd::autodiff {

// Copies nodes of a traced body so that it depends on placeholders alone.
class Closing {
 public:
  // Leaves with a value, and nodes made before `first`, are from outside: each becomes a placeholder of its
  // own, and the array it stands for one of captured().
  explicit Closing(std::uint64_t first) : first_(first) {}

  // `with` takes the place of `array`.
  void replace(const Array& array, const Array& with) { stand_ins_.emplace(key(array), with); }
  bool replaces(const Array& array) const { return stand_ins_.contains(key(array)); }

  // Random ops and loops that have some draw by their counter plus `offset` i64[2], from now on.
  void move_counters_by(const Array& offset) { offset_ = offset; }
  // The largest number of streams that one such op uses, 0 where there is none.
  std::int64_t draws() const { return draws_; }

  std::vector<Array> close(std::span<const Array> roots);

  const std::vector<Array>& captured() const { return captured_; }
  const std::vector<Array>& placeholders() const { return placeholders_; }
  // Positions among captured() of the counters.
  const std::vector<std::size_t>& counters() const { return counters_; }

 private:
  // A node and one of its outputs.
  using Key = std::pair<const Node*, int>;
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<const Node*>()(key.first) * 31 + static_cast<std::size_t>(key.second);
    }
  };
  static Key key(const Array& array) { return {array.node().get(), array.output()}; }
  bool is_outside(const Node& node) const { return node.is_leaf() || node.id < first_; }
  std::vector<Node*> inside(std::span<const Array> roots) const;
  Array stand_in(const Array& array);
  void copy(const Node& node);
  Array moved(const Array& counter);

  std::uint64_t first_;
  std::unordered_map<Key, Array, Hash> stand_ins_;
  std::vector<Array> captured_;
  std::vector<Array> placeholders_;
  std::vector<std::size_t> counters_;
  Array offset_;
  std::int64_t draws_ = 0;
};

// An id that is above those of all nodes there are and below those of all that come.
std::uint64_t id_of_now();

// The outputs of a new node that runs `loop` on `inputs`: those that the body has, and further ones which its
// gradient uses. The body is closed.
std::vector<Array> make_loop(Loop loop, std::vector<Array> inputs);

}  // namespace retrograd::autodiff
