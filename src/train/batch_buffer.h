// The arrays of one batch, filled again for each step: no storage is made while training. Orders of rows are
// made in data/random.h.
#pragma once

#include <retrograd/array.h>
#include <retrograd/augmentation.h>
#include <retrograd/dataset.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/buffer.h"

namespace retrograd::train {

class BatchBuffer {
 public:
  // For batches of `size` rows of data like this.
  BatchBuffer(const data::Dataset& like, std::int64_t size);

  std::int64_t size() const { return size_; }
  // Gathers at most size() rows. The rest is padding: zeros as inputs, the target of class 0 or zeros, weight
  // 0.
  void fill(const data::Dataset& dataset, std::span<const std::int64_t> rows);
  // Changes the images of these rows, which fill() has gathered.
  void augment(const data::Augmentation& augmentation, std::uint64_t seed, std::int64_t epoch,
               std::span<const std::int64_t> rows);

  // x f32 [B, sample...]; t i32 [B] classes, of text [B, T], or f32 [B, M], in reconstruction the memory of
  // x, empty for data without targets; w f32 [B], the rows' weights, of padding 0.
  const Array& inputs() const { return inputs_; }
  const Array& targets() const { return targets_; }
  const Array& weights() const { return weights_; }

 private:
  std::int64_t size_;
  std::int64_t sample_size_;
  Shape sample_;
  std::vector<float> scratch_;     // of augmentation
  std::int64_t target_width_ = 0;  // numbers in a row of targets: 1 for a class; 0: none of their own
  bool classes_ = false;
  BufferPtr input_buffer_, target_buffer_, weight_buffer_;
  Array inputs_, targets_, weights_;
};

}  // namespace retrograd::train
