// Arrays of one value that has storage.
#include "optim/filled.h"

#include <algorithm>

#include "core/buffer.h"
#include "core/fail.h"

namespace retrograd::optim {

Array filled(const TensorType& type, double value) {
  const auto count = static_cast<std::size_t>(type.shape.size());
  auto buffer = std::make_shared<Buffer>(count * size_of(type.dtype));
  switch (type.dtype) {
    case DType::f32:
      std::fill_n(buffer->as<float>(), count, static_cast<float>(value));
      break;
    case DType::f64:
      std::fill_n(buffer->as<double>(), count, value);
      break;
    case DType::i64:
      std::fill_n(buffer->as<std::int64_t>(), count, static_cast<std::int64_t>(value));
      break;
    default:
      fail(ErrorKind::dtype, "optimizer: a parameter is f32 or f64, not {}", retrograd::name(type.dtype));
  }
  return Array::from_buffer(std::move(buffer), type.shape, type.dtype);
}

}  // namespace retrograd::optim
