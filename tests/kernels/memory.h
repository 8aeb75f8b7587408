// Memory that ends where no access is allowed: a read or write beyond the end stops the test, in every build.
#pragma once

#include <cstddef>
#include <span>

namespace retrograd::kernels::testing {

class GuardedMemory {
 public:
  // A copy of the bytes, aligned as their number happens to be.
  explicit GuardedMemory(std::span<const std::byte> bytes);
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  std::byte* data() const { return data_; }
  bool holds(std::span<const std::byte> bytes) const;

 private:
  std::byte* pages_;
  std::size_t mapped_;
  std::byte* data_;
};

}  // namespace retrograd::kernels::testing
