// batch_norm with its gradient in f32 on images with the channels last, or rows of features: x [N, ..., C].
// Each shard sums over a part of the batch; then each one combines the sums of all, in their order, and does
// its part of the result, with an activation on the way out. The loops are in batch_norm_loop.cpp.
#include "core/attributes/batch_norm.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/cpu/batch_norm_loop.h"
#include "kernels/cpu/matrix.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"

// N samples of P rows of C features; weights [N] of samples, W the total of all rows.
namespace retrograd::kernels {
namespace {

struct Geometry {
  std::int64_t N, P, C, weight_stride;
  float epsilon;
  int shards;

  static Geometry of(const Call& call, const View& weights, int shards) {
    const Shape& x = call.inputs[0].shape();
    const std::int64_t C = x[x.rank() - 1];
    const auto& a = call.attributes.as<attributes::BatchNorm>();
    return {x[0], x.size() / x[0] / C, C, weights.layout.strides[0], static_cast<float>(a.epsilon), shards};
  }
  std::int64_t sample() const { return P * C; }
};

// f32; images contiguous with the channels last, or rows; vectors contiguous.
bool supports(const Call& call, std::size_t weights) {
  const Shape& x = call.inputs[0].shape();
  const bool is_last = call.attributes.as<attributes::BatchNorm>().channels_last || x.rank() == 2;
  bool fits = is_last && x.size() > 0;
  for (std::size_t i = 0; i <= weights; ++i) {
    fits = fits && call.inputs[i].dtype == DType::f32 && (i == weights || call.inputs[i].is_contiguous());
  }
  return fits;
}

bool supports_forward(const Call& call) {
  const auto epilogue = cpu::MatrixEpilogue::of(call);
  return supports(call, 3) && epilogue && epilogue->bias < 0;
}
bool supports_gradient(const Call& call) { return supports(call, 5) && call.epilogue.empty(); }

// A shard's sums: its weight first, then two vectors; a whole number of cache lines.
std::int64_t sums_stride(std::int64_t C) { return (2 * C + 1 + 15) / 16 * 16; }

Choice choose(const Call& call) {
  const Shape& x = call.inputs[0].shape();
  const auto shards = static_cast<int>(std::min<std::int64_t>(cpu::shards_for(x.size()), x[0]));
  const std::int64_t C = x[x.rank() - 1];
  return {.shards = shards,
          .shards_after = shards,
          .scratch_bytes = static_cast<std::size_t>(4 * C) * sizeof(float),
          .workspace_bytes = static_cast<std::size_t>(shards * sums_stride(C)) * sizeof(float)};
}

class BatchNormKernel final : public BoundKernel {
 public:
  BatchNormKernel(const Call& call, const Choice& choice)
      : g_(Geometry::of(call, call.inputs[3], choice.shards)), epilogue_(*cpu::MatrixEpilogue::of(call)) {}

  void run(const Operands& operands, int shard) noexcept override {
    const cpu::Range part = cpu::range_of(g_.N, shard, g_.shards, 1);
    if (operands.phase == 0) {
      sum(operands, part, sums(operands, shard));
    } else {
      normalise(operands, part, shard);
    }
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<BatchNormKernel>(call, choice);
  }

 private:
  float* sums(const Operands& operands, int shard) const {
    return reinterpret_cast<float*>(operands.workspace) + shard * sums_stride(g_.C);
  }
  float weight(const Operands& operands, std::int64_t n) const {
    return operands.in<float>(3)[n * g_.weight_stride];
  }

  // The part's weight, mean and weighted squares of the differences from it.
  void sum(const Operands& operands, const cpu::Range& part, float* to) const {
    const cpu::BatchNormLoops& loops = cpu::batch_norm_loops();
    float *mean = to + 1, *squares = mean + g_.C;
    std::memset(to, 0, static_cast<std::size_t>(2 * g_.C + 1) * sizeof(float));
    for (std::int64_t n = part.begin; n < part.end; ++n)
      to[0] += weight(operands, n) * static_cast<float>(g_.P);
    if (to[0] == 0.0f) return;
    for (std::int64_t n = part.begin; n < part.end; ++n)
      loops.add_rows(operands.in<float>(0) + n * g_.sample(), g_.P, g_.C, weight(operands, n), mean);
    for (std::int64_t c = 0; c < g_.C; ++c) mean[c] /= to[0];
    for (std::int64_t n = part.begin; n < part.end; ++n)
      loops.add_squares(operands.in<float>(0) + n * g_.sample(), g_.P, g_.C, mean, weight(operands, n),
                        squares);
  }

  // Mean and variance of the whole from those of the parts (Chan, Golub, LeVeque 1983).
  void combine(const Operands& operands, float* mean, float* variance) const {
    double total = 0;
    for (int i = 0; i < g_.shards; ++i) total += sums(operands, i)[0];
    for (std::int64_t c = 0; c < g_.C; ++c) {
      double centre = 0, squares = 0;
      for (int i = 0; i < g_.shards; ++i)
        centre += static_cast<double>(sums(operands, i)[0]) * sums(operands, i)[1 + c];
      centre /= total;
      for (int i = 0; i < g_.shards; ++i) {
        const float* part = sums(operands, i);
        const double off = part[1 + c] - centre;
        squares += part[1 + g_.C + c] + part[0] * off * off;
      }
      mean[c] = static_cast<float>(centre);
      variance[c] = static_cast<float>(squares / total);
    }
  }

  void normalise(const Operands& operands, const cpu::Range& part, int shard) const {
    auto* mean = reinterpret_cast<float*>(operands.scratch);
    float *variance = mean + g_.C, *scale = variance + g_.C;
    combine(operands, mean, variance);
    const auto bytes = static_cast<std::size_t>(g_.C) * sizeof(float);
    if (shard == 0 && operands.outputs[1] != nullptr) std::memcpy(operands.outputs[1], mean, bytes);
    if (shard == 0 && operands.outputs[2] != nullptr) std::memcpy(operands.outputs[2], variance, bytes);
    if (operands.outputs[0] == nullptr) return;
    for (std::int64_t c = 0; c < g_.C; ++c)
      scale[c] = operands.in<float>(1)[c] / std::sqrt(variance[c] + g_.epsilon);
    // Rows that stay in the first-level cache for the activation.
    const std::int64_t block = std::max<std::int64_t>(2048 / g_.C, 1);
    for (std::int64_t r = part.begin * g_.P; r < part.end * g_.P; r += block) {
      const std::int64_t rows = std::min(block, part.end * g_.P - r);
      float* y = operands.out<float>() + r * g_.C;
      cpu::batch_norm_loops().normalise(operands.in<float>(0) + r * g_.C, rows, g_.C, mean, scale,
                                        operands.in<float>(2), y);
      epilogue_.activate(y, rows, g_.C, g_.C);
    }
  }

  Geometry g_;
  cpu::MatrixEpilogue epilogue_;
};

// x, dy, weight, mean, variance, weights -> dx, dweight, dbias
class GradientKernel final : public BoundKernel {
 public:
  GradientKernel(const Call& call, const Choice& choice)
      : g_(Geometry::of(call, call.inputs[5], choice.shards)) {}

  void run(const Operands& operands, int shard) noexcept override {
    const cpu::Range part = cpu::range_of(g_.N, shard, g_.shards, 1);
    const cpu::BatchNormLoops& loops = cpu::batch_norm_loops();
    if (operands.phase == 0) {
      float* to = sums(operands, shard);
      std::memset(to, 0, static_cast<std::size_t>(2 * g_.C + 1) * sizeof(float));
      for (std::int64_t n = part.begin; n < part.end; ++n) {
        to[0] += weight(operands, n) * static_cast<float>(g_.P);
        const std::int64_t at = n * g_.sample();
        loops.add_products(operands.in<float>(0) + at, operands.in<float>(1) + at, g_.P, g_.C,
                           operands.in<float>(3), to + 1, to + 1 + g_.C);
      }
      return;
    }
    auto* scale = reinterpret_cast<float*>(operands.scratch);
    float *first = scale + g_.C, *second = first + g_.C;
    combine(operands, shard, scale, first, second);
    if (operands.outputs[0] == nullptr) return;
    for (std::int64_t n = part.begin; n < part.end; ++n) {
      const std::int64_t at = n * g_.sample();
      loops.pull(operands.in<float>(0) + at, operands.in<float>(1) + at, g_.P, g_.C, operands.in<float>(3),
                 scale, first, second, weight(operands, n), operands.out<float>() + at);
    }
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<GradientKernel>(call, choice);
  }

 private:
  float* sums(const Operands& operands, int shard) const {
    return reinterpret_cast<float*>(operands.workspace) + shard * sums_stride(g_.C);
  }
  float weight(const Operands& operands, std::int64_t n) const {
    return operands.in<float>(5)[n * g_.weight_stride];
  }

  void combine(const Operands& operands, int shard, float* scale, float* first, float* second) const {
    double total = 0;
    for (int i = 0; i < g_.shards; ++i) total += sums(operands, i)[0];
    for (std::int64_t c = 0; c < g_.C; ++c) {
      double dbias = 0, product = 0;
      for (int i = 0; i < g_.shards; ++i) {
        dbias += sums(operands, i)[1 + c];
        product += sums(operands, i)[1 + g_.C + c];
      }
      const double spread = 1.0 / std::sqrt(static_cast<double>(operands.in<float>(4)[c]) + g_.epsilon);
      scale[c] = static_cast<float>(operands.in<float>(2)[c] * spread);
      first[c] = static_cast<float>(scale[c] * dbias / total);
      second[c] = static_cast<float>(scale[c] * product * spread * spread / total);
      if (shard != 0) continue;
      if (operands.outputs[1] != nullptr) operands.out<float>(1)[c] = static_cast<float>(product * spread);
      if (operands.outputs[2] != nullptr) operands.out<float>(2)[c] = static_cast<float>(dbias);
    }
  }

  Geometry g_;
};

}  // namespace

extern const KernelDef batch_norm_highway{
    .op = "batch_norm",
    .backend = "highway",
    .supports = supports_forward,
    .choose = choose,
    .bind = BatchNormKernel::bind,
    .error = {ErrorBound::sum("the rows",
                              "|weight| (|x - mean| + mean |x|) / sqrt(variance + epsilon) + |bias|", 1, 16),
              ErrorBound::sum("the rows", "mean |x|", 1, 8), ErrorBound::sum("the rows", "variance", 1, 8)}};
extern const KernelDef batch_norm_gradient_highway{
    .op = "batch_norm_gradient",
    .backend = "highway",
    .supports = supports_gradient,
    .choose = choose,
    .bind = GradientKernel::bind,
    .error = ErrorBound::sum("the rows", "the equation with the size of each term", 1, 16)};

}  // namespace retrograd::kernels
