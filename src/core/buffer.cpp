// Aligned allocation.
#include "core/buffer.h"

#include <algorithm>
#include <new>

#include "core/fail.h"

namespace retrograd {

Buffer::Buffer(std::size_t bytes) : bytes_(bytes) {
  const std::size_t wanted = std::max<std::size_t>(bytes, 1);
  data_ = static_cast<std::byte*>(::operator new (wanted, std::align_val_t{alignment}, std::nothrow));
  if (data_ == nullptr) fail(ErrorKind::argument, "out of memory: {} bytes could not be had", bytes);
}

Buffer::~Buffer() { ::operator delete (data_, std::align_val_t{alignment}); }

}  // namespace retrograd
