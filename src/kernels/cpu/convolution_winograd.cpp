// convolution and convolution_input_gradient in f32 with kernels of 3 x 3 by Winograd's F(4 x 4, 3 x 3), for
// sizes at which it was measured to be ahead. First the weights are transformed, then each shard does a part
// of the tiles. The gradient of the weights is in convolution_winograd_weights.cpp.
#include "kernels/cpu/matrix.h"
#include "kernels/cpu/winograd.h"

namespace retrograd::kernels {
namespace {

// Numbers of a block, of both sides: with the weights of a point they stay in the second-level cache.
constexpr std::int64_t block_floats = 110 * 1024;

using cpu::DirectConvolution;
using cpu::Range;
using cpu::Winograd;
using cpu::winograd_loops;
using cpu::winograd_points;

// What tells the gradient of the image from the convolution.
struct Forward {
  static std::optional<DirectConvolution> of(const Call& call) { return DirectConvolution::of_forward(call); }
  static constexpr bool turned = false;
};

struct InputGradient {
  static std::optional<DirectConvolution> of(const Call& call) {
    return DirectConvolution::of_input_gradient(call);
  }
  static constexpr bool turned = true;
};

template <typename D>
class WinogradKernel final : public BoundKernel {
 public:
  WinogradKernel(const Call& call, const Choice& choice)
      : c_(of(call)), epilogue_(*cpu::MatrixEpilogue::of(call)), choice_(choice) {}

  static bool supports(const Call& call) {
    const std::optional<DirectConvolution> c = D::of(call);
    const auto epilogue = cpu::MatrixEpilogue::of(call);
    return c && epilogue && (epilogue->bias < 0 || !D::turned) && Winograd::is_ahead_of(*c, D::turned);
  }
  static Choice choose(const Call& call) {
    const Winograd c = of(call);
    const std::int64_t scratch = winograd_points * (points_in(c) + points_out(c)) + 9 * c.out;
    return {.shards = static_cast<int>(std::clamp<std::int64_t>(c.in * c.out / 4096, 1, 16)),
            .shards_after = static_cast<int>(std::clamp<std::int64_t>(c.tiles() / 48, 1, 16)),
            .scratch_bytes = static_cast<std::size_t>(scratch) * sizeof(float),
            .workspace_bytes = static_cast<std::size_t>(winograd_points * weights(c)) * sizeof(float)};
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<WinogradKernel>(call, choice);
  }

  void run(const Operands& operands, int shard) noexcept override {
    auto* scratch = reinterpret_cast<float*>(operands.scratch);
    auto* u = reinterpret_cast<float*>(operands.workspace);  // [36, in, out]
    if (operands.phase == 0) {
      const Range part = cpu::range_of(c_.in, shard, choice_.shards, 1);
      for (std::int64_t i = part.begin; i < part.end; ++i) {
        gather_kernels(operands.in<float>(1), i, scratch);
        winograd_loops().kernels(scratch, c_.out, u + i * c_.out, weights(c_));
      }
      return;
    }
    const Range part = cpu::range_of(c_.tiles(), shard, choice_.shards_after, 1);
    for (std::int64_t first = part.begin; first < part.end; first += c_.block(block_floats))
      run_block(operands, {first, std::min(first + c_.block(block_floats), part.end)}, u, scratch);
  }

 private:
  static Winograd of(const Call& call) { return *Winograd::of(*D::of(call), D::turned); }
  static std::int64_t weights(const Winograd& c) { return Winograd::points(c.in * c.out); }
  static std::int64_t points_in(const Winograd& c) { return Winograd::points(c.block(block_floats) * c.in); }
  static std::int64_t points_out(const Winograd& c) {
    return Winograd::points(c.block(block_floats) * c.out);
  }

  // The kernels [9, out] that read channel `i`, of weights [O, C, 3, 3].
  void gather_kernels(const float* w, std::int64_t i, float* kernels) const noexcept {
    for (std::int64_t o = 0; o < c_.out; ++o) {
      const float* from = w + (D::turned ? i * c_.out + o : o * c_.in + i) * 9;
      for (std::int64_t k = 0; k < 9; ++k) kernels[k * c_.out + o] = from[D::turned ? 8 - k : k];
    }
  }

  void run_block(const Operands& operands, Range tiles, const float* u, float* scratch) const noexcept {
    float* v = scratch;                                    // [36, tiles, in]
    float* m = scratch + winograd_points * points_in(c_);  // [36, tiles, out]
    const float* bias = epilogue_.bias_row(operands);
    for (std::int64_t t = tiles.begin; t < tiles.end; ++t) {
      const Winograd::Tile tile = c_.tile(t);
      winograd_loops().image(tile.patch, operands.in<float>(0) + tile.image, c_.in,
                             v + (t - tiles.begin) * c_.in, points_in(c_));
    }
    for (std::int64_t point = 0; point < winograd_points; ++point) {
      cpu::multiply_panels({.a = v + point * points_in(c_),
                            .a_row = c_.in,
                            .a_column = 1,
                            .b = u + point * weights(c_),
                            .b_row = c_.out,
                            .bias = nullptr,
                            .y = m + point * points_out(c_),
                            .y_row = c_.out,
                            .M = tiles.size(),
                            .K = c_.in,
                            .N = c_.out});
    }
    for (std::int64_t t = tiles.begin; t < tiles.end; ++t) {
      const Winograd::Tile tile = c_.tile(t);
      float* y = operands.out<float>() + tile.places;
      winograd_loops().result(m + (t - tiles.begin) * c_.out, points_out(c_), c_.out, bias, tile.square, y);
      for (std::int64_t p = 0; p < tile.square.rows.end; ++p)
        epilogue_.activate(y + p * tile.square.row, tile.square.columns.end, c_.out, c_.out);
    }
  }

  Winograd c_;
  cpu::MatrixEpilogue epilogue_;
  Choice choice_;
};

}  // namespace

// An element of the image, and one of the kernels, comes to a place multiplied by numbers whose absolute
// values, of all 36 points, add up to 13.25 x 13.25 at most; a number of a transform is a sum of a few terms,
// in all below 30 roundings.
extern const KernelDef convolution_winograd{.op = "convolution",
                                            .backend = "winograd",
                                            .supports = WinogradKernel<Forward>::supports,
                                            .choose = WinogradKernel<Forward>::choose,
                                            .bind = WinogradKernel<Forward>::bind,
                                            .error = ErrorBound::sum("C + 30", cpu::winograd_size, 176)};
extern const KernelDef convolution_input_gradient_winograd{
    .op = "convolution_input_gradient",
    .backend = "winograd",
    .supports = WinogradKernel<InputGradient>::supports,
    .choose = WinogradKernel<InputGradient>::choose,
    .bind = WinogradKernel<InputGradient>::bind,
    .error = ErrorBound::sum("O + 30", cpu::winograd_gradient_size, 176)};

}  // namespace retrograd::kernels
