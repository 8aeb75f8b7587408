// Keys by structure, and the list of recent plans.
#include "runtime/plan_cache.h"

#include <algorithm>
#include <unordered_map>

namespace retrograd::runtime {
namespace {

void add_type(GraphKey& key, const TensorType& type) {
  key.words.push_back(static_cast<std::uint64_t>(type.dtype) << 8 |
                      static_cast<std::uint64_t>(type.shape.rank()));
  for (std::int64_t extent : type.shape) key.words.push_back(static_cast<std::uint64_t>(extent));
}

}  // namespace

GraphKey key_of(std::span<const Array> roots, std::vector<Array>& leaves) {
  GraphKey key;
  std::unordered_map<const Node*, std::uint64_t> number;
  std::unordered_map<std::uint64_t, std::uint64_t> region{{0, 0}};  // numbered in order
  for (Node* node : reachable(roots)) {
    number.emplace(node, number.size());
    key.words.push_back(reinterpret_cast<std::uintptr_t>(node->op));
    if (node->is_leaf()) {
      for (int i = 0; i < static_cast<int>(node->outputs.size()); ++i) {
        leaves.emplace_back(NodePtr(node), i);
        add_type(key, leaves.back().type());
      }
      continue;
    }
    key.words.push_back(region.emplace(node->region, region.size()).first->second);
    key.attributes += node->attributes.to_string();
    key.attributes += ';';
    for (const Array& input : node->inputs) {
      key.words.push_back(number.at(input.node().get()) << 8 | static_cast<std::uint64_t>(input.output()));
    }
  }
  for (const Array& root : roots) {
    key.words.push_back(number.at(root.node().get()) << 8 | static_cast<std::uint64_t>(root.output()));
  }
  return key;
}

std::unique_ptr<Execution> PlanCache::take(const GraphKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
  ++(found == entries_.end() ? counts_.misses : counts_.hits);
  if (found == entries_.end()) return nullptr;
  std::unique_ptr<Execution> execution = std::move(found->execution);
  entries_.erase(found);
  return execution;
}

void PlanCache::put(const GraphKey& key, std::unique_ptr<Execution> execution) {
  const std::lock_guard lock(mutex_);
  entries_.push_front({key, std::move(execution)});
  if (entries_.size() <= capacity) return;
  entries_.pop_back();
  ++counts_.evictions;
}

CacheCounts PlanCache::counts() const {
  const std::lock_guard lock(mutex_);
  CacheCounts counts = counts_;
  counts.held = entries_.size();
  counts.capacity = capacity;
  return counts;
}

}  // namespace retrograd::runtime
