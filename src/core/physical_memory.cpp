// How much memory the machine has, from the system.
#include "core/physical_memory.h"

#include <unistd.h>

namespace retrograd::core {

std::size_t physical_memory() noexcept {
#if defined(__linux__)
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGE_SIZE);
  if (pages > 0 && page > 0) return static_cast<std::size_t>(pages) * static_cast<std::size_t>(page);
#endif
  return 0;
}

}  // namespace retrograd::core
