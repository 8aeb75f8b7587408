// Replaces the global operator new by one that counts; not under the thread sanitizer, which has its own.
#include "runtime/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count{0};

[[maybe_unused]] void* allocate(std::size_t bytes, std::size_t alignment) {
  count.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

[[maybe_unused]] constexpr std::size_t natural = alignof(std::max_align_t);

}  // namespace

namespace retrograd::testing {

std::size_t allocations() { return count.load(); }

}  // namespace retrograd::testing

#ifndef RETROGRAD_THREAD_SANITIZER
void* operator new(std::size_t bytes) { return allocate(bytes == 0 ? 1 : bytes, natural); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate(bytes == 0 ? 1 : bytes, natural);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes == 0 ? 1 : bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(bytes == 0 ? 1 : bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif
