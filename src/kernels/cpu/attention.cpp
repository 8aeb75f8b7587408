// attention in f32: q [N, T, H, D], k [N, S, H', D], v [N, S, H', V], of any strides -> y [N, T, H, V],
// log_sums [N, T, H]. Tiles of scores go through the softmax while they lie in the cache; the sum over keys
// is corrected as larger scores come (Milakov and Gimelshein 2018). The gradient is in
// attention_backward.cpp.
#include <algorithm>
#include <cmath>

#include "kernels/cpu/attention_tiles.h"
#include "kernels/cpu/ranges.h"

namespace retrograd::kernels {
namespace {

constexpr std::int64_t tile = cpu::tile_of_attention;

bool supports(const Call& call) { return call.outputs[0].dtype == DType::f32 && call.epilogue.empty(); }

// Pieces of the queries of one head of keys, so that few heads make work for all.
std::int64_t pieces_of(const cpu::AttentionCall& a) {
  const std::int64_t tiles = (a.T + tile - 1) / tile;
  return std::clamp<std::int64_t>(16 / (a.N * a.K), 1, tiles);
}

Choice choose(const Call& call) {
  const cpu::AttentionCall a(call, 3);
  const double flops = 2.0 * static_cast<double>(a.N * a.H * a.T * a.S * (a.D + a.V));
  const std::int64_t most = flops < 0.2e6 ? 1 : flops < 2e6 ? 2 : 16;
  const std::int64_t floats = a.D * a.S + a.S * a.V + tile * tile + tile * a.V;
  return {.shards = static_cast<int>(std::min(most, a.N * a.K * pieces_of(a))),
          .scratch_bytes = static_cast<std::size_t>(floats) * sizeof(float)};
}

// What is packed of one head of keys: k^T [D, S], v [S, V]; a tile of scores and one of the result.
struct Scratch {
  float *k, *v, *scores, *y;
  Scratch(const cpu::AttentionCall& a, std::byte* scratch)
      : k(reinterpret_cast<float*>(scratch)),
        v(k + a.D * a.S),
        scores(v + a.S * a.V),
        y(scores + tile * tile) {}
};

// Queries [first, first + rows) of one head.
void attend(const Call& call, const Operands& operands, const cpu::AttentionCall& a, const Scratch& scratch,
            std::int64_t n, std::int64_t h, std::int64_t first, std::int64_t rows) {
  const cpu::Head q = cpu::Head::of(call.inputs[0], operands.in<float>(0), n, h);
  const std::int64_t keys = a.keys(call, operands, n);
  cpu::RunningSum running[tile];
  std::fill(scratch.y, scratch.y + rows * a.V, 0.0f);
  const std::int64_t last = a.end(first + rows - 1, keys);
  for (std::int64_t s = 0; s < last; s += tile) {
    const std::int64_t columns = std::min(tile, last - s);
    cpu::multiply_panels({.a = q.data + first * q.row,
                          .a_row = q.row,
                          .a_column = q.column,
                          .b = scratch.k + s,
                          .b_row = a.S,
                          .bias = nullptr,
                          .y = scratch.scores,
                          .y_row = columns,
                          .M = rows,
                          .K = a.D,
                          .N = columns});
    for (std::int64_t r = 0; r < rows; ++r) {
      float* row = scratch.scores + r * columns;
      const std::int64_t count = std::min(columns, a.end(first + r, keys) - s);
      a.hide(call, operands, n, h, first + r, s, count, row);
      const float correction = cpu::weigh_scores(row, count, columns, a.scale, running[r]);
      if (s > 0 && correction != 1.0f) cpu::scale_row(scratch.y + r * a.V, a.V, correction);
    }
    cpu::multiply_panels({.a = scratch.scores,
                          .a_row = columns,
                          .a_column = 1,
                          .b = scratch.v + s * a.V,
                          .b_row = a.V,
                          .bias = nullptr,
                          .y = scratch.y,
                          .y_row = a.V,
                          .M = rows,
                          .K = columns,
                          .N = a.V,
                          .add = true});
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t at = (n * a.T + first + r) * a.H + h;
    const bool sees = !(running[r].sum == 0.0f);
    float* y = scratch.y + r * a.V;
    cpu::scale_row(y, a.V, sees ? 1.0f / running[r].sum : 0.0f);
    if (operands.outputs[0] != nullptr) std::copy_n(y, a.V, operands.out<float>(0) + at * a.V);
    if (operands.outputs[1] == nullptr) continue;
    operands.out<float>(1)[at] = sees ? running[r].largest + std::log(running[r].sum) : 0.0f;
  }
}

void attention(const Call& call, const Operands& operands, int shard, int shards) {
  const cpu::AttentionCall a(call, 3);
  const Scratch scratch(a, operands.scratch);
  const std::int64_t pieces = pieces_of(a);
  const std::int64_t tiles = (a.T + tile - 1) / tile;
  const cpu::Range items = cpu::range_of(a.N * a.K * pieces, shard, shards, 1);
  for (std::int64_t item = items.begin; item < items.end; ++item) {
    const std::int64_t n = item / pieces / a.K;
    const std::int64_t head = item / pieces % a.K;
    cpu::Head::of(call.inputs[1], operands.in<float>(1), n, head).transpose(a.S, a.D, scratch.k);
    cpu::Head::of(call.inputs[2], operands.in<float>(2), n, head).copy(a.S, a.V, scratch.v);
    const cpu::Range own = cpu::range_of(tiles, static_cast<int>(item % pieces), static_cast<int>(pieces), 1);
    for (std::int64_t h = head * a.G; h < (head + 1) * a.G; ++h) {
      for (std::int64_t t = own.begin * tile; t < std::min(own.end * tile, a.T); t += tile) {
        attend(call, operands, a, scratch, n, h, t, std::min(tile, a.T - t));
      }
    }
  }
}

}  // namespace

extern const KernelDef attention_highway{
    .op = "attention",
    .backend = "highway",
    .supports = supports,
    .choose = choose,
    .bind = FunctionKernel<attention>::bind,
    .error = ErrorBound::sum(
        "D + S", "(1 + R) sum p |v|, of log_sums 1 + R + |y|, R the largest |scale| sum |q k| of the query",
        4, 16)};

}  // namespace retrograd::kernels
