// Reference-counted, 64-byte aligned storage. What lies in it (shape, dtype) is said elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace retrograd {

class Buffer {
 public:
  static constexpr std::size_t alignment = 64;

  // Uninitialised storage of `bytes` bytes (at least one). Throws Error(argument) where memory is exhausted.
  explicit Buffer(std::size_t bytes);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }

  template <typename T>
  T* as() {
    return reinterpret_cast<T*>(data_);
  }
  template <typename T>
  const T* as() const {
    return reinterpret_cast<const T*>(data_);
  }

 private:
  std::byte* data_;
  std::size_t bytes_;
};

using BufferPtr = std::shared_ptr<Buffer>;

}  // namespace retrograd
