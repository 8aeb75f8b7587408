// attention_backward in f32: q [N, T, H, D], k [N, S, H', D], v [N, S, H', V], log_sums [N, T, H],
// dy [N, T, H, V], delta [N, T, H], of any strides -> dq, dk, dv. The weights are made again tile by tile.
// One head of keys, with the heads of queries that share it, is one piece of work.
#include <algorithm>

#include "kernels/cpu/attention_tiles.h"
#include "kernels/cpu/ranges.h"

namespace retrograd::kernels {
namespace {

constexpr std::int64_t tile = cpu::tile_of_attention;

bool supports(const Call& call) { return call.outputs[0].dtype == DType::f32 && call.epilogue.empty(); }

// Packed of one head of keys: k [S, D], k^T, v^T and the sums dk [S, D], dv [S, V]; of one of queries q
// [T, D], dy [T, V] and dq; tiles of weights and of slopes.
struct Scratch {
  float *k, *k_columns, *v_columns, *dk, *dv, *q, *dy, *dq, *weights, *slopes;
  Scratch(const cpu::AttentionCall& a, float* at)
      : k(at),
        k_columns(k + a.S * a.D),
        v_columns(k_columns + a.S * a.D),
        dk(v_columns + a.S * a.V),
        dv(dk + a.S * a.D),
        q(dv + a.S * a.V),
        dy(q + a.T * a.D),
        dq(dy + a.T * a.V),
        weights(dq + a.T * a.D),
        slopes(weights + tile * tile) {}
  static std::int64_t floats(const cpu::AttentionCall& a) {
    return 3 * a.S * a.D + 2 * a.S * a.V + 2 * a.T * a.D + a.T * a.V + 2 * tile * tile;
  }
};

Choice choose(const Call& call) {
  const cpu::AttentionCall a(call, 6);
  const double flops = 4.0 * static_cast<double>(a.N * a.H * a.T * a.S * (a.D + a.V));
  const std::int64_t most = flops < 0.2e6 ? 1 : flops < 2e6 ? 2 : 16;
  return {.shards = static_cast<int>(std::min(most, a.N * a.K)),
          .scratch_bytes = static_cast<std::size_t>(Scratch::floats(a)) * sizeof(float)};
}

// y [M, N] += a [M, K] b [K, N], b and y row by row; a with its strides.
void add_product(const float* a, std::int64_t a_row, std::int64_t a_column, const float* b, float* y,
                 std::int64_t M, std::int64_t K, std::int64_t N) {
  cpu::multiply_panels({.a = a,
                        .a_row = a_row,
                        .a_column = a_column,
                        .b = b,
                        .b_row = N,
                        .bias = nullptr,
                        .y = y,
                        .y_row = N,
                        .M = M,
                        .K = K,
                        .N = N,
                        .add = true});
}

// A tile of x [rows, K] with columns of `packed` [K, S].
void scores(const float* x, std::int64_t rows, std::int64_t K, const float* packed, std::int64_t S,
            std::int64_t columns, float* to) {
  cpu::multiply_panels({.a = x,
                        .a_row = K,
                        .a_column = 1,
                        .b = packed,
                        .b_row = S,
                        .bias = nullptr,
                        .y = to,
                        .y_row = columns,
                        .M = rows,
                        .K = K,
                        .N = columns});
}

// One head of queries: adds to dk and dv, makes dq.
void pull_back_head(const Call& call, const Operands& operands, const cpu::AttentionCall& a, const Scratch& z,
                    std::int64_t n, std::int64_t h) {
  cpu::Head::of(call.inputs[0], operands.in<float>(0), n, h).copy(a.T, a.D, z.q);
  cpu::Head::of(call.inputs[4], operands.in<float>(4), n, h).copy(a.T, a.V, z.dy);
  const auto at = [&](std::size_t i, std::int64_t t) {
    const auto& strides = call.inputs[i].layout.strides;
    return operands.in<float>(i)[n * strides[0] + t * strides[1] + h * strides[2]];
  };
  std::fill(z.dq, z.dq + a.T * a.D, 0.0f);
  const std::int64_t keys = a.keys(call, operands, n);
  for (std::int64_t t = 0; t < a.T; t += tile) {
    const std::int64_t rows = std::min(tile, a.T - t);
    const std::int64_t last = a.end(t + rows - 1, keys);
    for (std::int64_t s = 0; s < last; s += tile) {
      const std::int64_t columns = std::min(tile, last - s);
      scores(z.q + t * a.D, rows, a.D, z.k_columns + s, a.S, columns, z.weights);
      scores(z.dy + t * a.V, rows, a.V, z.v_columns + s, a.S, columns, z.slopes);
      for (std::int64_t r = 0; r < rows; ++r) {
        float* row = z.weights + r * columns;
        const std::int64_t count = std::min(columns, a.end(t + r, keys) - s);
        a.hide(call, operands, n, h, t + r, s, count, row);
        cpu::slopes_of_scores(row, z.slopes + r * columns, count, columns, a.scale, at(3, t + r),
                              at(5, t + r));
      }
      add_product(z.weights, 1, columns, z.dy + t * a.V, z.dv + s * a.V, columns, rows, a.V);
      add_product(z.slopes, 1, columns, z.q + t * a.D, z.dk + s * a.D, columns, rows, a.D);
      add_product(z.slopes, columns, 1, z.k + s * a.D, z.dq + t * a.D, rows, columns, a.D);
    }
  }
}

// x [rows, columns] to head h of n of an output [N, rows, heads, columns], which may be unused.
void put(const float* x, std::int64_t rows, std::int64_t columns, const View& view, float* output,
         std::int64_t n, std::int64_t h) {
  if (output == nullptr) return;
  const std::int64_t heads = view.shape()[2];
  for (std::int64_t t = 0; t < rows; ++t) {
    std::copy_n(x + t * columns, columns, output + ((n * rows + t) * heads + h) * columns);
  }
}

void attention_backward(const Call& call, const Operands& operands, int shard, int shards) {
  const cpu::AttentionCall a(call, 6);
  const Scratch z(a, reinterpret_cast<float*>(operands.scratch));
  const cpu::Range items = cpu::range_of(a.N * a.K, shard, shards, 1);
  for (std::int64_t item = items.begin; item < items.end; ++item) {
    const std::int64_t n = item / a.K;
    const std::int64_t head = item % a.K;
    const cpu::Head k = cpu::Head::of(call.inputs[1], operands.in<float>(1), n, head);
    k.copy(a.S, a.D, z.k);
    k.transpose(a.S, a.D, z.k_columns);
    cpu::Head::of(call.inputs[2], operands.in<float>(2), n, head).transpose(a.S, a.V, z.v_columns);
    std::fill(z.dk, z.dv + a.S * a.V, 0.0f);
    for (std::int64_t h = head * a.G; h < (head + 1) * a.G; ++h) {
      pull_back_head(call, operands, a, z, n, h);
      put(z.dq, a.T, a.D, call.outputs[0], operands.out<float>(0), n, h);
    }
    put(z.dk, a.S, a.D, call.outputs[1], operands.out<float>(1), n, head);
    put(z.dv, a.S, a.V, call.outputs[2], operands.out<float>(2), n, head);
  }
}

}  // namespace

extern const KernelDef attention_backward_highway{
    .op = "attention_backward",
    .backend = "highway",
    .supports = supports,
    .choose = choose,
    .bind = FunctionKernel<attention_backward>::bind,
    .error = ErrorBound::sum(
        "D + V + S + T H / H'",
        "the equation with the size of each term, each weight p times 1 + |log_sum| + |scale| sum |q k|", 1,
        16)};

}  // namespace retrograd::kernels
