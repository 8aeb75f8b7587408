// What the forward and backward kernels of recurrent layers share: sizes, weights in panels, rows of operands
// of any strides. The arithmetic of one step is in recurrent_loop.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/attributes/recurrent.h"
#include "kernels/cpu/matmul_panel.h"
#include "kernels/cpu/ranges.h"
#include "kernels/kernel.h"

namespace retrograd::kernels::cpu {

enum class Cell { rnn, lstm, gru };

// Of "lstm" and of "lstm_backward".
inline Cell cell_of(std::string_view op) {
  return op.starts_with("lstm") ? Cell::lstm : op.starts_with("gru") ? Cell::gru : Cell::rnn;
}

constexpr std::int64_t panel_columns = 32;

// Weights [K, N] as panels of 32 columns, each row by row, so that a product reads them in one stream.
struct Panels {
  std::int64_t K, N;

  std::int64_t count() const { return (N + panel_columns - 1) / panel_columns; }
  std::int64_t floats() const { return count() * K * panel_columns; }

  // The part of `shard` out of `shards`; element (k, n) of the weights at data[k * row + n * column].
  void pack(const float* data, std::int64_t row, std::int64_t column, float* to, int shard,
            int shards) const {
    const Range own = range_of(count(), shard, shards, 1);
    for (std::int64_t p = own.begin; p < own.end; ++p) {
      float* panel = to + p * K * panel_columns;
      const std::int64_t columns = std::min(panel_columns, N - p * panel_columns);
      const float* from = data + p * panel_columns * column;
      for (std::int64_t k = 0; k < K; ++k) {
        for (std::int64_t n = 0; n < columns; ++n) panel[k * panel_columns + n] = from[k * row + n * column];
      }
    }
  }

  // y [rows, N] = x [rows, K] w, or y + x w; both row by row without gaps.
  void multiply(const float* x, const float* packed, std::int64_t rows, float* y, bool add) const {
    for (std::int64_t p = 0; p < count(); ++p) {
      multiply_panels({.a = x,
                       .a_row = K,
                       .a_column = 1,
                       .b = packed + p * K * panel_columns,
                       .b_row = panel_columns,
                       .bias = nullptr,
                       .y = y + p * panel_columns,
                       .y_row = N,
                       .M = rows,
                       .K = K,
                       .N = std::min(panel_columns, N - p * panel_columns),
                       .add = add});
    }
  }
};

// An operand [N, T, M], or [N, M] with t = 0, of any strides.
class SequenceRows {
 public:
  SequenceRows(const Call& call, const Operands& operands, std::size_t input)
      : data_(operands.in<float>(input)), columns_(0) {
    const Layout& layout = call.inputs[input].layout;
    const auto last = static_cast<std::size_t>(layout.shape.rank() - 1);
    columns_ = layout.shape[static_cast<int>(last)];
    n_ = layout.strides[0];
    t_ = last == 2 ? layout.strides[1] : 0;
    column_ = columns_ == 1 ? 1 : layout.strides[last];
  }
  // The row of sequence n at step t: where it lies, or copied to `scratch` where its elements lie apart.
  const float* at(std::int64_t n, std::int64_t t, float* scratch) const {
    const float* row = data_ + n * n_ + t * t_;
    if (column_ == 1) return row;
    for (std::int64_t i = 0; i < columns_; ++i) scratch[i] = row[i * column_];
    return scratch;
  }

 private:
  const float* data_;
  std::int64_t columns_, n_ = 0, t_ = 0, column_ = 0;
};

// Sizes of a call, and its shards over sequences.
struct RecurrentCall {
  std::int64_t N, T, H, blocks;  // blocks of H in the products with the weights
  Cell cell;
  bool reverse, relu, has_dc, has_dgates;
  int lengths;  // position among the inputs, or -1

  // `sequence`: an input [N, T, H times its_blocks].
  RecurrentCall(const Call& call, std::size_t sequence, std::int64_t its_blocks)
      : N(call.inputs[sequence].shape()[0]),
        T(call.inputs[sequence].shape()[1]),
        H(call.inputs[sequence].shape()[2] / its_blocks),
        cell(cell_of(call.op)) {
    const auto& a = call.attributes.as<attributes::Recurrent>();
    blocks = cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1;
    reverse = a.reverse;
    relu = a.relu;
    has_dc = a.has_dc;
    has_dgates = a.has_dgates;
    lengths = a.has_lengths ? static_cast<int>(call.inputs.size()) - 1 : -1;
  }

  double flops() const { return 2.0 * static_cast<double>(N * T * H * H * blocks); }
  // At least 8 sequences each: fewer would read the weights more often than they can be multiplied.
  int shards() const {
    return flops() < 0.4e6 ? 1 : static_cast<int>(std::clamp<std::int64_t>(N / 8, 1, 16));
  }
  std::int64_t most_rows() const { return (N + shards() - 1) / shards(); }
  int shards_of_packing() const { return blocks * H * H < 16384 ? 1 : 8; }

  // The steps of sequence n that lie within it.
  std::int64_t end(const Call& call, const Operands& operands, std::int64_t n) const {
    if (lengths < 0) return T;
    const auto i = static_cast<std::size_t>(lengths);
    return operands.in<std::int32_t>(i)[n * call.inputs[i].layout.strides[0]];
  }
};

// Row t of sequence n of an output [N, T, M]; null where it is unused.
inline float* output_row(const Call& call, const Operands& operands, std::size_t output, std::int64_t n,
                         std::int64_t t) {
  float* data = operands.out<float>(output);
  const Shape& shape = call.outputs[output].shape();
  return data == nullptr ? nullptr : data + (n * shape[1] + t) * shape[2];
}

inline void copy_row(const float* from, std::int64_t count, float* to) {
  if (to != nullptr) std::copy_n(from, count, to);
}

}  // namespace retrograd::kernels::cpu
