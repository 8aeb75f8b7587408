// What both attention kernels share: operands by heads, which keys a query sees, packing. Products are
// multiply_panels; rows of scores are in attention_loop.h.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/attributes/attention.h"
#include "kernels/cpu/attention_loop.h"
#include "kernels/cpu/matmul_panel.h"
#include "kernels/kernel.h"

namespace retrograd::kernels::cpu {

constexpr std::int64_t tile_of_attention = 64;  // queries and keys of a tile of scores

// One head of an operand [N, T, H, D], of any strides.
struct Head {
  const float* data;
  std::int64_t row, column;  // strides of T and D

  static Head of(const View& view, const float* data, std::int64_t n, std::int64_t h) {
    const auto& strides = view.layout.strides;
    return {data + n * strides[0] + h * strides[2], strides[1], strides[3]};
  }
  // The rows one after the other.
  void copy(std::int64_t rows, std::int64_t columns, float* to) const {
    for (std::int64_t t = 0; t < rows; ++t) {
      const float* from = data + t * row;
      for (std::int64_t d = 0; d < columns; ++d) to[t * columns + d] = from[d * column];
    }
  }
  // The columns one after the other.
  void transpose(std::int64_t rows, std::int64_t columns, float* to) const {
    for (std::int64_t t = 0; t < rows; ++t) {
      const float* from = data + t * row;
      for (std::int64_t d = 0; d < columns; ++d) to[d * rows + t] = from[d * column];
    }
  }
};

// Sizes, and which keys a query sees.
struct AttentionCall {
  std::int64_t N, T, H, D, S, K, G, V;  // K heads of keys, G = H / K
  bool causal;
  float scale;
  int lengths, mask;  // positions among the inputs, or -1

  AttentionCall(const Call& call, int extras)
      : N(call.inputs[0].shape()[0]),
        T(call.inputs[0].shape()[1]),
        H(call.inputs[0].shape()[2]),
        D(call.inputs[0].shape()[3]),
        S(call.inputs[1].shape()[1]),
        K(call.inputs[1].shape()[2]),
        G(H / K),
        V(call.inputs[2].shape()[3]) {
    const auto& a = call.attributes.as<attributes::Attention>();
    causal = a.causal;
    scale = static_cast<float>(a.scale);
    lengths = a.has_lengths ? extras++ : -1;
    mask = a.has_mask ? extras : -1;
  }

  // Keys of sequence n that are no padding.
  std::int64_t keys(const Call& call, const Operands& operands, std::int64_t n) const {
    if (lengths < 0) return S;
    const auto i = static_cast<std::size_t>(lengths);
    const std::int64_t length = operands.in<std::int32_t>(i)[n * call.inputs[i].layout.strides[0]];
    return std::clamp<std::int64_t>(length, 0, S);
  }
  // The first key that query t does not see.
  std::int64_t end(std::int64_t t, std::int64_t keys) const {
    return causal ? std::clamp<std::int64_t>(t + 1 + S - T, 0, keys) : keys;
  }
  // Puts a low number in the place of scores s [count] of query t with keys from `first` on that it does not
  // see.
  void hide(const Call& call, const Operands& operands, std::int64_t n, std::int64_t h, std::int64_t t,
            std::int64_t first, std::int64_t count, float* s) const {
    if (mask < 0) return;
    const auto i = static_cast<std::size_t>(mask);
    const auto& strides = call.inputs[i].layout.strides;
    const auto* seen =
        operands.in<std::uint8_t>(i) + n * strides[0] + h * strides[1] + t * strides[2] + first * strides[3];
    const float low = scale < 0 ? -3e38f : 3e38f;
    for (std::int64_t k = 0; k < count; ++k) {
      if (seen[k * strides[3]] == 0) s[k] = -low;
    }
  }
};

}  // namespace retrograd::kernels::cpu
