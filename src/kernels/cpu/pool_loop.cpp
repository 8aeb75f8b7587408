// The loops of pooling. Which windows there are is in pool.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/pool_loop.cpp"  // NOLINT
#include "kernels/cpu/pool_loop.h"

#include <hwy/foreach_target.h>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

using cpu::PoolWindow;

HWY_INLINE Mask is_larger(Vector a, Vector b) { return (a > b) | ((a != a) & (b == b)); }

template <typename Read>
HWY_INLINE Vector largest_of(const PoolWindow& window, const float* x, const Read& read) {
  Vector best = read(x + window.offsets[0]);
  for (int k = 1; k < window.count; ++k) {
    const Vector value = read(x + window.offsets[k]);
    best = select(is_larger(value, best), value, best);
  }
  return best;
}

void largest(const PoolWindow& window, const float* x, float* y) {
  for_each_vector(window.C, [&](std::int64_t c, const auto& read, const auto& write)
                                HWY_ATTR { write(largest_of(window, x + c, read), y + c); });
}

void largest_gradient(const PoolWindow& window, const float* x, const float* dy, float* dx) {
  for_each_vector(window.C, [&](std::int64_t c, const auto& read, const auto& write) HWY_ATTR {
    const Vector best = largest_of(window, x + c, read);
    Vector left = read(dy + c);  // what no element has got yet
    for (int k = 0; k < window.count; ++k) {
      const Vector value = read(x + window.offsets[k] + c);
      const Mask is_it = (value == best) | ((value != value) & (best != best));
      float* to = dx + window.offsets[k] + c;
      const Vector share = select(is_it, left, Vector(0));
      left = select(is_it, Vector(0), left);
      write(window.adds ? read(to) + share : share, to);
    }
  });
}

void average(const PoolWindow& window, const float* x, float* y) {
  for_each_vector(window.C, [&](std::int64_t c, const auto& read, const auto& write) HWY_ATTR {
    Vector sum = read(x + window.offsets[0] + c);
    for (int k = 1; k < window.count; ++k) sum = sum + read(x + window.offsets[k] + c);
    write(sum * Vector(window.scale), y + c);
  });
}

void average_gradient(const PoolWindow& window, const float* dy, float* dx) {
  for_each_vector(window.C, [&](std::int64_t c, const auto& read, const auto& write) HWY_ATTR {
    const Vector share = read(dy + c) * Vector(window.scale);
    for (int k = 0; k < window.count; ++k) {
      float* to = dx + window.offsets[k] + c;
      write(window.adds ? read(to) + share : share, to);
    }
  });
}

}  // namespace

cpu::PoolLoops find_pool_loops() { return {largest, largest_gradient, average, average_gradient}; }

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(find_pool_loops);

const cpu::PoolLoops& cpu::pool_loops() {
  static const PoolLoops loops = HWY_DYNAMIC_DISPATCH(find_pool_loops)();
  return loops;
}

}  // namespace retrograd::kernels
#endif
