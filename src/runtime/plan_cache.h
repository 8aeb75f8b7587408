// Plans of evaluated graphs, found again by structure. Plans of compiled functions are kept by those
// (compile.cpp).
#pragma once

#include <retrograd/cache_counts.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "array/node.h"
#include "runtime/execution.h"

namespace retrograd::runtime {

// Ops, attributes, types and edges of a graph, leaves numbered in order; equal keys mean equal plans.
struct GraphKey {
  std::vector<std::uint64_t> words;
  std::string attributes;
  bool operator==(const GraphKey&) const = default;
};

// The key of the graph above `roots`; its leaves with values go to `leaves`.
GraphKey key_of(std::span<const Array> roots, std::vector<Array>& leaves);

// Least recently used plans are dropped beyond `capacity`. Safe to use from several threads.
class PlanCache {
 public:
  static constexpr std::size_t capacity = 256;

  // An execution that is ready to run for `key`, or null.
  std::unique_ptr<Execution> take(const GraphKey& key);
  // Gives an execution back for the next call.
  void put(const GraphKey& key, std::unique_ptr<Execution> execution);
  CacheCounts counts() const;

 private:
  struct Entry {
    GraphKey key;
    std::unique_ptr<Execution> execution;
  };
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the most recent first
  CacheCounts counts_;
};

}  // namespace retrograd::runtime
