// The only pool of threads. Work is cut into shards by sizes alone, so that results do not depend on how many
// threads there are or which of them ran a shard.
#pragma once

#include <retrograd/threads.h>

#include <memory>
#include <type_traits>

namespace retrograd::core {

// 0 on the thread that called parallel_for, 1 to thread_count() - 1 on the pool's.
int thread_index() noexcept;
// The same as threads(), for sizing per-thread memory.
int thread_count();

using ShardFunction = void (*)(void* context, int shard);
void run_shards(int shards, ShardFunction function, void* context);

// Calls f(shard) once for each shard in [0, shards), on this thread and the pool's, and returns when all are
// done. f must not throw. Allocates nothing. A call from inside a shard, or while another thread uses the
// pool, runs its shards on the calling thread.
template <typename F>
void parallel_for(int shards, F&& f) {
  if (shards == 1) {
    f(0);
    return;
  }
  using Function = std::remove_reference_t<F>;
  run_shards(
      shards, [](void* context, int shard) { (*static_cast<Function*>(context))(shard); },
      const_cast<void*>(static_cast<const void*>(std::addressof(f))));
}

}  // namespace retrograd::core
