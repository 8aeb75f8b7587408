// Gathering rows of a dataset into memory of the caller.
#include <retrograd/dataset.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/fail.h"
#include "data/storage.h"

namespace retrograd::data {
namespace {

// One division a byte: the same value as x / 255 in f32 anywhere. Blocks of a fixed size become vector
// instructions.
void bytes_to_floats(const std::uint8_t* __restrict bytes, std::int64_t count, float* __restrict floats) {
  constexpr std::int64_t block = 16;
  std::int64_t i = 0;
  for (; i + block <= count; i += block) {
    for (std::int64_t k = 0; k < block; ++k) floats[i + k] = static_cast<float>(bytes[i + k]) / 255.0f;
  }
  for (; i < count; ++i) floats[i] = static_cast<float>(bytes[i]) / 255.0f;
}

constexpr std::size_t places_at_once = 1024;

}  // namespace

void Dataset::copy_inputs(std::span<const std::int64_t> rows, float* inputs) const {
  const Storage& from = storage();
  const std::int64_t size = from.sample_size;
  const std::int64_t stride = from.stride > 0 ? from.stride : size;
  std::array<std::int64_t, places_at_once> places;
  while (from.input_rows != nullptr && !rows.empty()) {
    const std::size_t count = std::min(rows.size(), places_at_once);
    for (std::size_t i = 0; i < count; ++i) places[i] = place(rows[i]);
    from.input_rows->copy(std::span(places).first(count), inputs);
    rows = rows.subspan(count);
    inputs += static_cast<std::int64_t>(count) * size;
  }
  for (std::int64_t row : rows) {
    if (from.tokens != nullptr) {
      inputs = std::copy_n(window(row), size, inputs);
      continue;
    }
    const std::int64_t offset = place(row) * stride;
    if (from.dtype == DType::u8) {
      bytes_to_floats(from.inputs->as<std::uint8_t>() + offset, size, inputs);
    } else {
      std::memcpy(inputs, from.inputs->as<float>() + offset, static_cast<std::size_t>(size) * sizeof(float));
    }
    inputs += size;
  }
}

void Dataset::copy_weights(std::span<const std::int64_t> rows, float* weights) const {
  const BufferPtr& from = storage().weights;
  for (std::int64_t row : rows) *weights++ = from == nullptr ? 1.0f : from->as<float>()[place(row)];
}

void Dataset::copy_labels(std::span<const std::int64_t> rows, std::int32_t* labels) const {
  const std::int64_t steps = this->steps();
  for (std::int64_t row : rows) {
    if (steps == 0) {
      *labels++ = label(row);
    } else {
      labels = std::copy_n(window(row) + 1, steps, labels);
    }
  }
}

void Dataset::copy_targets(std::span<const std::int64_t> rows, float* targets) const {
  const Storage& from = storage();
  if (!has_targets()) fail(ErrorKind::argument, "dataset: there are no targets");
  if (from.task == Task::reconstruction) return copy_inputs(rows, targets);
  for (std::int64_t row : rows) {
    if (from.task == Task::classification) {
      std::fill_n(targets, from.width, 0.0f);
      targets[label(row)] = 1.0f;
    } else {
      std::copy_n(from.targets->as<float>() + place(row) * from.width, from.width, targets);
    }
    targets += from.width;
  }
}

}  // namespace retrograd::data
