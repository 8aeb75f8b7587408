// Work that may fail, shared among the threads of the pool.
#pragma once

#include <exception>
#include <vector>

#include "core/thread_pool.h"

namespace retrograd::data {

// Calls f(shard) for each shard as core::parallel_for does; then throws what the first shard that failed did.
template <typename F>
void parallel_or_throw(std::size_t shards, F f) {
  if (shards == 0) return;
  if (shards == 1) return f(std::size_t{0});
  std::vector<std::exception_ptr> errors(shards);
  core::parallel_for(static_cast<int>(shards), [&](int shard) {
    const auto i = static_cast<std::size_t>(shard);
    try {
      f(i);
    } catch (...) {
      errors[i] = std::current_exception();
    }
  });
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace retrograd::data
