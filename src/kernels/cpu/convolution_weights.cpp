// convolution_weight_gradient in f32 by the panels of matmul_panel.h, for sizes at which they were measured
// to be ahead of oneDNN: x [N, H, W, C], dy [N, P, Q, O] -> dw [O, C, R, S]. Each shard does a part of the
// batch into a buffer of its own; then the buffers are added in their order.
#include "kernels/cpu/shard_sums.h"
#include "kernels/cpu/winograd.h"

namespace retrograd::kernels {
namespace {

using cpu::DirectConvolution;
using cpu::Range;

std::optional<DirectConvolution> of(const Call& call) { return DirectConvolution::of_weight_gradient(call); }

// oneDNN has kernels of its own for images of 3 channels.
bool supports(const Call& call) {
  const std::optional<DirectConvolution> c = of(call);
  return c && call.epilogue.empty() && c->C != 3 && c->window() > c->C && c->weights() <= 200 * 1024 &&
         !c->fills_long_vectors() && !cpu::Winograd::is_ahead_of(*c);
}

// Each has a buffer that must be added up, so fewer than of the other kernels: 4e6 operations or more each.
Choice choose(const Call& call) {
  const DirectConvolution c = *of(call);
  const auto most = static_cast<std::int64_t>(c.flops() / 4e6);
  const int shards = static_cast<int>(std::clamp<std::int64_t>(most, 1, c.shards()));
  return {.shards = shards,
          .shards_after = 1,
          .workspace_bytes = static_cast<std::size_t>(c.weights() * shards) * sizeof(float)};
}

class WeightGradient final : public BoundKernel {
 public:
  WeightGradient(const Call& call, const Choice& choice) : c_(*of(call)), shards_(choice.shards) {}

  void run(const Operands& operands, int shard) noexcept override {
    if (operands.phase == 1) return finish(operands);
    const Range part = cpu::range_of(c_.N, shard, shards_, 1);
    for (std::int64_t n = part.begin; n < part.end; ++n) {
      const float* x = operands.in<float>(0) + n * c_.image_size();
      const float* dy = operands.in<float>(1) + n * c_.places_size();
      for (std::int64_t r = 0; r < c_.rows.kernel; ++r)
        add_row(x, dy, r, n > part.begin, buffer(operands, shard));
    }
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<WeightGradient>(call, choice);
  }

 private:
  float* buffer(const Operands& operands, int shard) const {  // [R, S, C, O]
    return reinterpret_cast<float*>(operands.workspace) + shard * c_.weights();
  }

  // Row r of the kernels: in one product where all windows lie in the image, else column by column.
  void add_row(const float* x, const float* dy, std::int64_t r, bool add, float* dw) const noexcept {
    const Range all{0, c_.columns.places};
    if (c_.columns.whole().size() == all.size())
      return multiply(x, dy, r, {0, c_.columns.kernel}, all, add, dw);
    for (std::int64_t s = 0; s < c_.columns.kernel; ++s)
      multiply(x, dy, r, {s, s + 1}, c_.columns.places_of(s), add, dw);
  }

  // Elements (r, s) of the kernels, from the places q of all rows.
  void multiply(const float* x, const float* dy, std::int64_t r, Range s, Range q, bool add,
                float* dw) const noexcept {
    const Range p = c_.rows.places_of(r);
    cpu::multiply_panels(
        {.a = x + c_.rows.element(p.begin, r) * c_.image_row() + c_.columns.element(q.begin, s.begin) * c_.C,
         .a_row = 1,
         .a_column = c_.columns.stride * c_.C,
         .b = dy + p.begin * c_.places_row() + q.begin * c_.O,
         .b_row = c_.O,
         .bias = nullptr,
         .y = dw + (r * c_.columns.kernel + s.begin) * c_.C * c_.O,
         .y_row = c_.O,
         .M = s.size() * c_.C,
         .K = q.size(),
         .N = c_.O,
         .add = add,
         .blocks = p.size(),
         .a_block = c_.rows.stride * c_.image_row(),
         .b_block = c_.places_row()});
  }

  void finish(const Operands& operands) const noexcept {
    const auto size = static_cast<std::size_t>(c_.weights());
    add_up_(buffer(operands, 0), shards_, size, size);
    cpu::unpack_by_window(c_, buffer(operands, 0), operands.out<float>());
  }

  DirectConvolution c_;
  int shards_;
  cpu::ShardSums add_up_;
};

}  // namespace

extern const KernelDef convolution_weight_gradient_highway{
    .op = "convolution_weight_gradient",
    .backend = "highway",
    .supports = supports,
    .choose = choose,
    .bind = WeightGradient::bind,
    .error = ErrorBound::sum("the products in one sum", "sum |x dy|")};

}  // namespace retrograd::kernels
