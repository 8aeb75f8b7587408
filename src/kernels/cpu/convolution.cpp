// convolution and convolution_input_gradient in f32 by the panels of matmul_panel.h, for sizes at which they
// were measured to be ahead of oneDNN. First the weights are brought to the order of the loops, then each
// shard does a part of the batch. The gradient of the weights is in convolution_weights.cpp.
#include "kernels/cpu/convolution.h"

#include <cstring>

#include "kernels/cpu/matrix.h"
#include "kernels/cpu/winograd.h"

namespace retrograd::kernels {
namespace {

using cpu::DirectConvolution;
using cpu::Range;

// They are read anew for each row of places, from the second-level cache.
constexpr std::int64_t most_weights = 100 * 1024;

std::size_t bytes_of_weights(const DirectConvolution& c) {
  return static_cast<std::size_t>(c.weights()) * sizeof(float);
}

// x [N, H, W, C], w [O, C, R, S], bias [O] -> y [N, P, Q, O].
class Forward final : public BoundKernel {
 public:
  Forward(const Call& call, const Choice& choice)
      : c_(*of(call)), epilogue_(*cpu::MatrixEpilogue::of(call)), shards_(choice.shards_after) {}

  static std::optional<DirectConvolution> of(const Call& call) { return DirectConvolution::of_forward(call); }
  static bool supports(const Call& call) {
    const std::optional<DirectConvolution> c = of(call);
    return c && cpu::MatrixEpilogue::of(call) && is_ahead(*c) && !cpu::Winograd::is_ahead_of(*c);
  }
  static Choice choose(const Call& call) {
    const DirectConvolution c = *of(call);
    return {.shards = 1, .shards_after = c.shards(), .workspace_bytes = bytes_of_weights(c)};
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<Forward>(call, choice);
  }

  void run(const Operands& operands, int shard) noexcept override {
    float* weights = reinterpret_cast<float*>(operands.workspace);  // [R, S, C, O]
    if (operands.phase == 0) return cpu::pack_by_window(c_, operands.in<float>(1), weights);
    const Range part = cpu::range_of(c_.N, shard, shards_, 1);
    const float* bias = epilogue_.bias_row(operands);
    for (std::int64_t n = part.begin; n < part.end; ++n) {
      const float* x = operands.in<float>(0) + n * c_.image_size();
      float* y = operands.out<float>() + n * c_.places_size();
      for (std::int64_t p = 0; p < c_.rows.places; ++p)
        multiply_row(x, weights, bias, p, y + p * c_.places_row());
      epilogue_.activate(y, c_.rows.places * c_.columns.places, c_.O, c_.O);
    }
  }

 private:
  // oneDNN has kernels of its own for images of up to 4 channels; short windows are too little work for a
  // tile.
  static bool is_ahead(const DirectConvolution& c) {
    return c.C > 4 && c.window() >= 64 && c.weights() <= most_weights && !c.fills_long_vectors();
  }

  // Row p of the places: those with a whole window in one product, those at an edge one by one.
  void multiply_row(const float* x, const float* weights, const float* bias, std::int64_t p,
                    float* y) const noexcept {
    const Range whole = c_.columns.whole();
    for (std::int64_t q = 0; q < whole.begin; ++q) multiply(x, weights, bias, p, {q, q + 1}, y);
    if (whole.size() > 0) multiply(x, weights, bias, p, whole, y);
    for (std::int64_t q = whole.end; q < c_.columns.places; ++q) multiply(x, weights, bias, p, {q, q + 1}, y);
  }

  // Places `q` of row p, which have the same elements of their windows inside the image.
  void multiply(const float* x, const float* weights, const float* bias, std::int64_t p, Range q,
                float* y) const noexcept {
    const Range r = c_.rows.inside(p), s = c_.columns.inside(q.begin);
    cpu::multiply_panels(
        {.a = x + c_.rows.element(p, r.begin) * c_.image_row() + c_.columns.element(q.begin, s.begin) * c_.C,
         .a_row = c_.columns.stride * c_.C,
         .a_column = 1,
         .b = weights + r.begin * c_.window_row() * c_.O + s.begin * c_.C * c_.O,
         .b_row = c_.O,
         .bias = bias,
         .y = y + q.begin * c_.O,
         .y_row = c_.O,
         .M = q.size(),
         .K = s.size() * c_.C,
         .N = c_.O,
         .blocks = r.size(),
         .a_block = c_.rows.dilation * c_.image_row(),
         .b_block = c_.window_row() * c_.O});
  }

  DirectConvolution c_;
  cpu::MatrixEpilogue epilogue_;
  int shards_;
};

// dy [N, P, Q, O], w [O, C, R, S] -> dx [N, H, W, C]: what each place gives to its window, added up.
class InputGradient final : public BoundKernel {
 public:
  InputGradient(const Call& call, const Choice& choice) : c_(*of(call)), shards_(choice.shards_after) {}

  static std::optional<DirectConvolution> of(const Call& call) {
    return DirectConvolution::of_input_gradient(call);
  }
  static bool supports(const Call& call) {
    const std::optional<DirectConvolution> c = of(call);
    return c && call.epilogue.empty() && is_ahead(*c) && !cpu::Winograd::is_ahead_of(*c, true);
  }
  static Choice choose(const Call& call) {
    const DirectConvolution c = *of(call);
    return {.shards = 1,
            .shards_after = c.shards(),
            .scratch_bytes = static_cast<std::size_t>(places_at_a_time(c) * c.window_row()) * sizeof(float),
            .workspace_bytes = bytes_of_weights(c)};
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<InputGradient>(call, choice);
  }

  void run(const Operands& operands, int shard) noexcept override {
    float* weights = reinterpret_cast<float*>(operands.workspace);  // [O, R, S, C]
    if (operands.phase == 0) return cpu::pack_by_kernel(c_, operands.in<float>(1), weights);
    const Range part = cpu::range_of(c_.N, shard, shards_, 1);
    float* windows = reinterpret_cast<float*>(operands.scratch);
    for (std::int64_t n = part.begin; n < part.end; ++n) {
      const float* dy = operands.in<float>(0) + n * c_.places_size();
      float* dx = operands.out<float>() + n * c_.image_size();
      std::memset(dx, 0, static_cast<std::size_t>(c_.image_size()) * sizeof(float));
      for (std::int64_t r = 0; r < c_.rows.kernel; ++r) add_row(dy, weights, r, windows, dx);
    }
  }

 private:
  // A tile is started and added to the image for every row of a window; that must be worth it.
  static bool is_ahead(const DirectConvolution& c) {
    return c.O >= 16 && c.window_row() >= 100 && c.weights() <= most_weights &&
           (c.C % 16 != 0 || c.O % 16 != 0);
  }

  // Rows of their windows stay in the first-level cache.
  static std::int64_t places_at_a_time(const DirectConvolution& c) {
    return std::clamp<std::int64_t>(4096 / c.window_row() / 12 * 12, 12, 48);
  }

  // What row r of the kernels gives to dx.
  void add_row(const float* dy, const float* weights, std::int64_t r, float* windows,
               float* dx) const noexcept {
    const Range p = c_.rows.places_of(r);
    const std::int64_t end = p.end * c_.columns.places;
    for (std::int64_t at = p.begin * c_.columns.places; at < end; at += places_at_a_time(c_)) {
      const std::int64_t count = std::min(end - at, places_at_a_time(c_));
      cpu::multiply_panels({.a = dy + at * c_.O,
                            .a_row = c_.O,
                            .a_column = 1,
                            .b = weights + r * c_.window_row(),
                            .b_row = c_.window(),
                            .bias = nullptr,
                            .y = windows,
                            .y_row = c_.window_row(),
                            .M = count,
                            .K = c_.O,
                            .N = c_.window_row()});
      for (std::int64_t i = 0; i < count; ++i)
        add_window(windows + i * c_.window_row(), r, (at + i) / c_.columns.places,
                   (at + i) % c_.columns.places, dx);
    }
  }

  // One row of the window of place (p, q), [S, C].
  void add_window(const float* window, std::int64_t r, std::int64_t p, std::int64_t q,
                  float* dx) const noexcept {
    const Range s = c_.columns.inside(q);
    cpu::add_to(window + s.begin * c_.C,
                dx + c_.rows.element(p, r) * c_.image_row() + c_.columns.element(q, s.begin) * c_.C,
                s.size() * c_.C);
  }

  DirectConvolution c_;
  int shards_;
};

}  // namespace

extern const KernelDef convolution_highway{
    .op = "convolution",
    .backend = "highway",
    .supports = Forward::supports,
    .choose = Forward::choose,
    .bind = Forward::bind,
    .error = ErrorBound::sum("the products in one sum, and 1 with a bias", "sum |x w|")};
extern const KernelDef convolution_input_gradient_highway{
    .op = "convolution_input_gradient",
    .backend = "highway",
    .supports = InputGradient::supports,
    .choose = InputGradient::choose,
    .bind = InputGradient::bind,
    .error = ErrorBound::sum("the products in one sum", "sum |dy w|")};

}  // namespace retrograd::kernels
