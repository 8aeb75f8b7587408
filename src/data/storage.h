// What a dataset and its subsets share.
#pragma once

#include <retrograd/dataset.h>

#include "core/buffer.h"

namespace retrograd::data {

// Inputs that are made when they are gathered. Safe to call from several threads.
class InputRows {
 public:
  virtual ~InputRows() = default;
  // inputs [count, sample...]
  virtual void copy(std::span<const std::int64_t> rows, float* inputs) const = 0;
};

struct Dataset::Storage {
  std::int64_t rows = 0;
  Shape sample;
  std::int64_t sample_size = 0;
  std::int64_t stride = 0;   // from one sample to the next, fewer where windows overlap; 0: sample_size
  DType dtype = DType::f32;  // of the inputs: f32, or u8 that stand for value / 255
  BufferPtr inputs;  // [rows, sample...], or rows that windows lie over; null where rows are encoded when
                     // they are gathered
  std::shared_ptr<const InputRows> input_rows;
  BufferPtr weights;  // f32 [rows]; null: all 1

  Task task = Task::regression;
  std::vector<std::string> classes;
  BufferPtr labels;        // i32 [rows], classification; null without targets
  BufferPtr targets;       // f32 [rows, width], regression and several labels; null without targets, and in
                           // reconstruction, where they are the inputs
  std::int64_t width = 0;  // of the target
  BufferPtr tokens;        // i32, of text; windows lie one behind the other
  std::int64_t count_of_tokens = 0;
  Vocabulary vocabulary;
  Source source;
};

}  // namespace retrograd::data
