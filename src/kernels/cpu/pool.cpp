// max_pool and average_pool with their gradients in f32 on images with the channels last: x [N, [D], [H], W,
// C], y [N, places..., C]. A shard does a part of the batch. The loops over channels are in pool_loop.cpp.
#include "core/attributes/pool.h"

#include <array>
#include <cstring>

#include "kernels/cpu/pool_loop.h"
#include "kernels/cpu/ranges.h"
#include "kernels/kernel.h"

namespace retrograd::kernels {
namespace {

using attributes::Pool;

constexpr std::int64_t most_elements = 64;  // of a window

// The image and its windows, as three spatial axes.
struct Geometry {
  std::int64_t N = 0, C = 0;
  std::array<std::int64_t, 3> extents{1, 1, 1};
  std::array<std::int64_t, 3> places{1, 1, 1};
  std::int64_t image_size = 0, places_size = 0;  // of a sample
  bool is_disjoint = true;                       // no element lies in two windows
  bool is_covered = true;                        // each lies in one

  static Geometry of(const Pool& pool, const View& image, const View& outputs) {
    Geometry made;
    const Shape& x = image.shape();
    const auto axes = static_cast<std::size_t>(x.rank() - 2);
    made.N = x[0];
    made.C = x[x.rank() - 1];
    for (std::size_t a = 0; a < axes; ++a) {
      const std::size_t at = 3 - axes + a;
      made.extents[at] = x[static_cast<int>(a) + 1];
      made.places[at] = outputs.shape()[static_cast<int>(a) + 1];
      for (std::int64_t i = 0; i + 1 < made.places[at]; ++i) {
        const std::int64_t end = pool.end(a, i, made.extents[at]);
        const std::int64_t next = pool.begin(a, i + 1, made.extents[at]);
        made.is_disjoint = made.is_disjoint && next >= end;
        made.is_covered = made.is_covered && next <= end;
      }
      made.is_covered = made.is_covered && pool.begin(a, 0, made.extents[at]) == 0 &&
                        pool.end(a, made.places[at] - 1, made.extents[at]) == made.extents[at];
    }
    made.image_size = x.size() / made.N;
    made.places_size = outputs.shape().size() / made.N;
    return made;
  }
};

// Calls f(window, place): the offsets of the window's elements in a sample, the offset of its output.
template <typename F>
void for_each_window(const Pool& pool, const Geometry& g, const F& f) {
  const std::size_t axes = pool.axes();
  std::int64_t offsets[most_elements];
  std::array<std::int64_t, 3> begin{0, 0, 0}, end{1, 1, 1}, at{};
  const auto bound = [&](std::size_t axis, std::int64_t i) {
    if (axis + axes < 3) return;
    const std::size_t a = axis + axes - 3;
    begin[axis] = pool.begin(a, i, g.extents[axis]);
    end[axis] = pool.end(a, i, g.extents[axis]);
  };
  std::int64_t place = 0;
  std::int64_t whole = 1;
  for (std::int64_t extent : pool.window) whole *= extent;
  for (at[0] = 0; at[0] < g.places[0]; ++at[0]) {
    bound(0, at[0]);
    for (at[1] = 0; at[1] < g.places[1]; ++at[1]) {
      bound(1, at[1]);
      for (at[2] = 0; at[2] < g.places[2]; ++at[2], place += g.C) {
        bound(2, at[2]);
        int count = 0;
        for (std::int64_t d = begin[0]; d < end[0]; ++d) {
          for (std::int64_t h = begin[1]; h < end[1]; ++h) {
            for (std::int64_t w = begin[2]; w < end[2]; ++w)
              offsets[count++] = ((d * g.extents[1] + h) * g.extents[2] + w) * g.C;
          }
        }
        const bool padded = pool.count_include_pad && pool.outputs.empty();
        const auto divisor = static_cast<float>(padded ? whole : count);
        f(cpu::PoolWindow{offsets, count, g.C, 1.0f / divisor, !g.is_disjoint}, place);
      }
    }
  }
}

// f32, channels last, contiguous, windows that are not too large, nothing of extent 0.
bool is_fit(const Call& call, const View& image, const View& outputs) {
  const auto& pool = call.attributes.as<Pool>();
  bool fits = call.epilogue.empty() && pool.channels_last && image.size() > 0;
  for (const View& view : call.inputs) fits = fits && view.dtype == DType::f32 && view.is_contiguous();
  std::int64_t elements = 1;
  for (std::size_t a = 0; fits && a < pool.axes(); ++a) {
    const std::int64_t extent = image.shape()[static_cast<int>(a) + 1];
    std::int64_t longest = 0;
    for (std::int64_t i = 0; i < outputs.shape()[static_cast<int>(a) + 1]; ++i)
      longest = std::max(longest, pool.end(a, i, extent) - pool.begin(a, i, extent));
    elements *= longest;
  }
  return fits && elements <= most_elements;
}

// The views of the image and of the windows' results among operands of each op.
const View& image_of(const Call& call) {
  return call.op == "average_pool_gradient" ? call.outputs[0] : call.inputs[0];
}
const View& places_of(const Call& call) {
  if (call.op == "average_pool_gradient") return call.inputs[0];
  return call.op == "max_pool_gradient" ? call.inputs[1] : call.outputs[0];
}

bool supports(const Call& call) { return is_fit(call, image_of(call), places_of(call)); }

Choice choose(const Call& call) {
  const std::int64_t most = image_of(call).size() < 16 * 1024 ? 1 : 16;
  return {.shards = static_cast<int>(std::min(image_of(call).shape()[0], most))};
}

using Run = void (*)(const Pool&, const Geometry&, const Operands&, std::int64_t n);

void max_pool(const Pool& pool, const Geometry& g, const Operands& operands, std::int64_t n) {
  const float* x = operands.in<float>(0) + n * g.image_size;
  float* y = operands.out<float>() + n * g.places_size;
  const auto loop = cpu::pool_loops().largest;
  for_each_window(pool, g,
                  [&](const cpu::PoolWindow& window, std::int64_t place) { loop(window, x, y + place); });
}

float* cleared(const Geometry& g, const Operands& operands, std::int64_t n) {
  float* dx = operands.out<float>() + n * g.image_size;
  if (!g.is_disjoint || !g.is_covered)
    std::memset(dx, 0, static_cast<std::size_t>(g.image_size) * sizeof(float));
  return dx;
}

void max_pool_gradient(const Pool& pool, const Geometry& g, const Operands& operands, std::int64_t n) {
  const float* x = operands.in<float>(0) + n * g.image_size;
  const float* dy = operands.in<float>(1) + n * g.places_size;
  float* dx = cleared(g, operands, n);
  const auto loop = cpu::pool_loops().largest_gradient;
  for_each_window(
      pool, g, [&](const cpu::PoolWindow& window, std::int64_t place) { loop(window, x, dy + place, dx); });
}

void average_pool(const Pool& pool, const Geometry& g, const Operands& operands, std::int64_t n) {
  const float* x = operands.in<float>(0) + n * g.image_size;
  float* y = operands.out<float>() + n * g.places_size;
  const auto loop = cpu::pool_loops().average;
  for_each_window(pool, g,
                  [&](const cpu::PoolWindow& window, std::int64_t place) { loop(window, x, y + place); });
}

void average_pool_gradient(const Pool& pool, const Geometry& g, const Operands& operands, std::int64_t n) {
  const float* dy = operands.in<float>(0) + n * g.places_size;
  float* dx = cleared(g, operands, n);
  const auto loop = cpu::pool_loops().average_gradient;
  for_each_window(pool, g,
                  [&](const cpu::PoolWindow& window, std::int64_t place) { loop(window, dy + place, dx); });
}

template <Run of_sample>
class PoolKernel final : public BoundKernel {
 public:
  PoolKernel(const Call& call, const Choice& choice)
      : pool_(call.attributes.as<Pool>()),
        geometry_(Geometry::of(pool_, image_of(call), places_of(call))),
        shards_(choice.shards) {}
  void run(const Operands& operands, int shard) noexcept override {
    const cpu::Range part = cpu::range_of(geometry_.N, shard, shards_, 1);
    for (std::int64_t n = part.begin; n < part.end; ++n) of_sample(pool_, geometry_, operands, n);
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<PoolKernel>(call, choice);
  }

 private:
  const Pool& pool_;  // the call outlives the kernel
  Geometry geometry_;
  int shards_;
};

template <Run of_sample>
constexpr KernelDef pool(std::string_view op, const ErrorBound& error) {
  return {.op = op,
          .backend = "highway",
          .supports = supports,
          .choose = choose,
          .bind = PoolKernel<of_sample>::bind,
          .error = error};
}

}  // namespace

extern const KernelDef max_pool_highway = pool<max_pool>("max_pool", ErrorBound::exact());
extern const KernelDef max_pool_gradient_highway = pool<max_pool_gradient>(
    "max_pool_gradient", ErrorBound::sum("the windows that an element is the largest of", "sum |dy|"));
extern const KernelDef average_pool_highway =
    pool<average_pool>("average_pool", ErrorBound::sum("the elements of a window", "mean |x|", 1, 2));
extern const KernelDef average_pool_gradient_highway = pool<average_pool_gradient>(
    "average_pool_gradient", ErrorBound::sum("the windows over an element", "sum |dy| / elements", 1, 2));

}  // namespace retrograd::kernels
