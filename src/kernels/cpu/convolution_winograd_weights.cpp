// convolution_weight_gradient in f32 with kernels of 3 x 3 by Winograd's F(3 x 3, 4 x 4), the transposed of
// the convolution's: x [N, H, W, C], dy [N, P, Q, O] -> dw [O, C, 3, 3]. Each shard adds up the products of a
// part of the tiles in a buffer of its own; then the buffers are added in their order and transformed.
#include "kernels/cpu/shard_sums.h"
#include "kernels/cpu/winograd.h"

namespace retrograd::kernels {
namespace {

using cpu::Range;
using cpu::Winograd;
using cpu::winograd_loops;
using cpu::winograd_points;

// Numbers of a block, of both sides: the more tiles, the rarer the sums are read and written.
constexpr std::int64_t block_floats = 220 * 1024;

Winograd of(const Call& call) { return *Winograd::of(*cpu::DirectConvolution::of_weight_gradient(call)); }

std::int64_t buffer_size(const Winograd& c) { return winograd_points * Winograd::points(c.in * c.out); }
std::int64_t points_in(const Winograd& c) { return Winograd::points(c.block(block_floats) * c.in); }
std::int64_t points_out(const Winograd& c) { return Winograd::points(c.block(block_floats) * c.out); }

bool supports(const Call& call) {
  const auto c = cpu::DirectConvolution::of_weight_gradient(call);
  return c && call.epilogue.empty() && Winograd::is_ahead_of(*c);
}

// Buffers must be added up, so there are fewer than of the other kernels, and 32 MB of them at most where one
// is smaller than that.
Choice choose(const Call& call) {
  constexpr std::int64_t most_floats = 8 * 1024 * 1024;
  const Winograd c = of(call);
  const std::int64_t most = std::min<std::int64_t>(8, most_floats / buffer_size(c));
  const int shards =
      static_cast<int>(std::clamp<std::int64_t>(c.tiles() / 256, 1, std::max<std::int64_t>(most, 1)));
  const std::int64_t scratch = std::max(winograd_points * (points_in(c) + points_out(c)), 9 * c.out);
  return {.shards = shards,
          .shards_after = static_cast<int>(std::clamp<std::int64_t>(c.in * c.out / 4096, 1, 16)),
          .scratch_bytes = static_cast<std::size_t>(scratch) * sizeof(float),
          .workspace_bytes = static_cast<std::size_t>(buffer_size(c) * shards) * sizeof(float)};
}

class WeightGradient final : public BoundKernel {
 public:
  WeightGradient(const Call& call, const Choice& choice) : c_(of(call)), choice_(choice) {}

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<WeightGradient>(call, choice);
  }

  void run(const Operands& operands, int shard) noexcept override {
    auto* scratch = reinterpret_cast<float*>(operands.scratch);
    if (operands.phase == 1) {
      const Range part = cpu::range_of(c_.in, shard, choice_.shards_after, 1);
      for (std::int64_t i = part.begin; i < part.end; ++i) finish(operands, i, scratch);
      return;
    }
    const Range part = cpu::range_of(c_.tiles(), shard, choice_.shards, 1);
    for (std::int64_t first = part.begin; first < part.end; first += c_.block(block_floats)) {
      add_block(operands, {first, std::min(first + c_.block(block_floats), part.end)}, first > part.begin,
                buffer(operands, shard), scratch);
    }
  }

 private:
  std::int64_t weights() const { return Winograd::points(c_.in * c_.out); }
  float* buffer(const Operands& operands, int shard) const {  // [36, C, O]
    return reinterpret_cast<float*>(operands.workspace) + shard * buffer_size(c_);
  }

  void add_block(const Operands& operands, Range tiles, bool add, float* sums,
                 float* scratch) const noexcept {
    float* v = scratch;                                    // [36, tiles, C]
    float* e = scratch + winograd_points * points_in(c_);  // [36, tiles, O]
    for (std::int64_t t = tiles.begin; t < tiles.end; ++t) {
      const Winograd::Tile tile = c_.tile(t);
      winograd_loops().image(tile.patch, operands.in<float>(0) + tile.image, c_.in,
                             v + (t - tiles.begin) * c_.in, points_in(c_));
      winograd_loops().places(tile.square, operands.in<float>(1) + tile.places, c_.out,
                              e + (t - tiles.begin) * c_.out, points_out(c_));
    }
    for (std::int64_t point = 0; point < winograd_points; ++point) {
      cpu::multiply_panels({.a = v + point * points_in(c_),
                            .a_row = 1,
                            .a_column = c_.in,
                            .b = e + point * points_out(c_),
                            .b_row = c_.out,
                            .bias = nullptr,
                            .y = sums + point * weights(),
                            .y_row = c_.out,
                            .M = c_.in,
                            .K = tiles.size(),
                            .N = c_.out,
                            .add = add});
    }
  }

  // The kernels [O, 3, 3] of channel `i`.
  void finish(const Operands& operands, std::int64_t i, float* scratch) const noexcept {
    for (std::int64_t point = 0; point < winograd_points; ++point) {
      sum_(buffer(operands, 0) + point * weights() + i * c_.out, choice_.shards,
           static_cast<std::size_t>(buffer_size(c_)), static_cast<std::size_t>(c_.out));
    }
    winograd_loops().kernel_gradients(buffer(operands, 0) + i * c_.out, weights(), c_.out, scratch);
    float* dw = operands.out<float>() + i * 9;
    for (std::int64_t o = 0; o < c_.out; ++o) {
      for (std::int64_t k = 0; k < 9; ++k) dw[o * c_.in * 9 + k] = scratch[k * c_.out + o];
    }
  }

  Winograd c_;
  Choice choice_;
  cpu::ShardSums sum_;
};

}  // namespace

// The numbers of convolution_winograd.cpp.
extern const KernelDef convolution_weight_gradient_winograd{
    .op = "convolution_weight_gradient",
    .backend = "winograd",
    .supports = supports,
    .choose = choose,
    .bind = WeightGradient::bind,
    .error = ErrorBound::sum("the tiles of 4 x 4 places + 30", cpu::winograd_weight_size, 176)};

}  // namespace retrograd::kernels
