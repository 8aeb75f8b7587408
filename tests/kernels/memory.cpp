// Pages with one page of no access behind them.
#include "kernels/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace retrograd::kernels::testing {

GuardedMemory::GuardedMemory(std::span<const std::byte> bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t open = (bytes.size() + page - 1) / page * page;
  mapped_ = open + page;
  void* pages = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  pages_ = static_cast<std::byte*>(pages);
  mprotect(pages_ + open, page, PROT_NONE);
  data_ = pages_ + open - bytes.size();
  std::copy(bytes.begin(), bytes.end(), data_);
}

GuardedMemory::~GuardedMemory() { munmap(pages_, mapped_); }

bool GuardedMemory::holds(std::span<const std::byte> bytes) const {
  return std::equal(bytes.begin(), bytes.end(), data_);
}

}  // namespace retrograd::kernels::testing
