// The arrays of one batch.
#include "train/batch_buffer.h"

#include <algorithm>
#include <cstring>

namespace retrograd::train {
namespace {

BufferPtr make_buffer(std::int64_t numbers) {
  auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(numbers) * sizeof(float));
  std::fill_n(buffer->as<float>(), numbers, 0.0f);
  return buffer;
}

}  // namespace

BatchBuffer::BatchBuffer(const data::Dataset& like, std::int64_t size)
    : size_(size), sample_size_(like.input_shape().size()), sample_(like.input_shape()) {
  Shape shape{size};
  for (const std::int64_t extent : like.input_shape()) shape.push_back(extent);
  input_buffer_ = make_buffer(shape.size());
  inputs_ = Array::from_buffer(input_buffer_, shape, DType::f32);
  weight_buffer_ = make_buffer(size);
  weights_ = Array::from_buffer(weight_buffer_, Shape{size}, DType::f32);
  if (!like.has_targets()) return;
  if (like.task() == data::Task::reconstruction) {
    targets_ = Array::from_buffer(input_buffer_, Shape{size, sample_size_}, DType::f32);
    return;
  }
  classes_ = like.task() == data::Task::classification;
  const std::int64_t steps = like.steps();
  target_width_ = steps > 0 ? steps : classes_ ? 1 : like.target_width();
  target_buffer_ = make_buffer(size * target_width_);
  targets_ =
      classes_ ? Array::from_buffer(target_buffer_, steps > 0 ? Shape{size, steps} : Shape{size}, DType::i32)
               : Array::from_buffer(target_buffer_, Shape{size, target_width_}, DType::f32);
}

void BatchBuffer::fill(const data::Dataset& dataset, std::span<const std::int64_t> rows) {
  const auto count = static_cast<std::int64_t>(rows.size());
  const std::int64_t padding = size_ - count;
  dataset.copy_inputs(rows, input_buffer_->as<float>());
  std::fill_n(input_buffer_->as<float>() + count * sample_size_, padding * sample_size_, 0.0f);
  dataset.copy_weights(rows, weight_buffer_->as<float>());
  std::fill_n(weight_buffer_->as<float>() + count, padding, 0.0f);
  if (target_width_ == 0) return;
  if (classes_) {
    dataset.copy_labels(rows, target_buffer_->as<std::int32_t>());
  } else {
    dataset.copy_targets(rows, target_buffer_->as<float>());
  }
  // Zero bits are class 0 and the number 0.
  std::memset(target_buffer_->data() + count * target_width_ * 4, 0,
              static_cast<std::size_t>(padding * target_width_ * 4));
}

void BatchBuffer::augment(const data::Augmentation& augmentation, std::uint64_t seed, std::int64_t epoch,
                          std::span<const std::int64_t> rows) {
  if (augmentation.empty()) return;
  data::augment(augmentation, seed, epoch, rows, sample_, input_buffer_->as<float>(), scratch_);
}

}  // namespace retrograd::train
