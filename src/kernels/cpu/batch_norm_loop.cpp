// The loops of batch norm. How a call is cut into shards is in batch_norm.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/batch_norm_loop.cpp"  // NOLINT
#include "kernels/cpu/batch_norm_loop.h"

#include <hwy/foreach_target.h>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

// `vectors` vectors of features at c; whole ones, or the first `left` lanes of a last one.
template <int vectors, bool whole>
struct Columns {
  std::int64_t c;
  std::size_t left;
  HWY_INLINE Vector get(const float* from, int v) const {
    const float* at = from + c + v * static_cast<std::int64_t>(hn::Lanes(Tag()));
    return whole ? load(at) : Vector(load_first(at, left));
  }
  HWY_INLINE void put(Vector value, float* to, int v) const {
    float* at = to + c + v * static_cast<std::int64_t>(hn::Lanes(Tag()));
    if (whole) {
      store(value, at);
    } else {
      store_first(value.v, at, left);
    }
  }
};

// Calls f(columns) for blocks of four vectors, of one, and of what is left.
template <typename F>
HWY_INLINE void for_each_block(std::int64_t C, const F& f) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  std::int64_t c = 0;
  for (; c + 4 * lanes <= C; c += 4 * lanes) f(Columns<4, true>{c, 0});
  for (; c + lanes <= C; c += lanes) f(Columns<1, true>{c, 0});
  if (c < C) f(Columns<1, false>{c, static_cast<std::size_t>(C - c)});
}

template <int vectors, bool whole>
constexpr int count_of(const Columns<vectors, whole>&) {
  return vectors;
}

void add_rows(const float* x, std::int64_t rows, std::int64_t C, float w, float* total) {
  for_each_block(C, [&](const auto& at) HWY_ATTR {
    constexpr int count = count_of(std::decay_t<decltype(at)>{});
    Vector sums[count];
    for (int v = 0; v < count; ++v) sums[v] = Vector(0);
    for (std::int64_t r = 0; r < rows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < count; ++v) sums[v] = sums[v] + at.get(x + r * C, v);
    }
    for (int v = 0; v < count; ++v) at.put(at.get(total, v) + Vector(w) * sums[v], total, v);
  });
}

void add_squares(const float* x, std::int64_t rows, std::int64_t C, const float* mean, float w,
                 float* total) {
  for_each_block(C, [&](const auto& at) HWY_ATTR {
    constexpr int count = count_of(std::decay_t<decltype(at)>{});
    Vector sums[count], centre[count];
    for (int v = 0; v < count; ++v) {
      sums[v] = Vector(0);
      centre[v] = at.get(mean, v);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < count; ++v) {
        const Vector off = at.get(x + r * C, v) - centre[v];
        sums[v] = sums[v] + off * off;
      }
    }
    for (int v = 0; v < count; ++v) at.put(at.get(total, v) + Vector(w) * sums[v], total, v);
  });
}

void normalise(const float* x, std::int64_t rows, std::int64_t C, const float* mean, const float* scale,
               const float* bias, float* y) {
  for_each_block(C, [&](const auto& at) HWY_ATTR {
    constexpr int count = count_of(std::decay_t<decltype(at)>{});
    Vector m[count], s[count], b[count];
    for (int v = 0; v < count; ++v) {
      m[v] = at.get(mean, v);
      s[v] = at.get(scale, v);
      b[v] = at.get(bias, v);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < count; ++v) at.put((at.get(x + r * C, v) - m[v]) * s[v] + b[v], y + r * C, v);
    }
  });
}

void add_products(const float* x, const float* dy, std::int64_t rows, std::int64_t C, const float* mean,
                  float* dbias, float* product) {
  for_each_block(C, [&](const auto& at) HWY_ATTR {
    constexpr int count = count_of(std::decay_t<decltype(at)>{});
    Vector sums[count], products[count], centre[count];
    for (int v = 0; v < count; ++v) {
      sums[v] = products[v] = Vector(0);
      centre[v] = at.get(mean, v);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < count; ++v) {
        const Vector slope = at.get(dy + r * C, v);
        sums[v] = sums[v] + slope;
        products[v] = products[v] + slope * (at.get(x + r * C, v) - centre[v]);
      }
    }
    for (int v = 0; v < count; ++v) {
      at.put(at.get(dbias, v) + sums[v], dbias, v);
      at.put(at.get(product, v) + products[v], product, v);
    }
  });
}

void pull(const float* x, const float* dy, std::int64_t rows, std::int64_t C, const float* mean,
          const float* scale, const float* first, const float* second, float w, float* dx) {
  for_each_block(C, [&](const auto& at) HWY_ATTR {
    constexpr int count = count_of(std::decay_t<decltype(at)>{});
    Vector m[count], s[count], f[count], g[count];
    for (int v = 0; v < count; ++v) {
      m[v] = at.get(mean, v);
      s[v] = at.get(scale, v);
      f[v] = Vector(w) * at.get(first, v);
      g[v] = Vector(w) * at.get(second, v);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < count; ++v) {
        const Vector off = at.get(x + r * C, v) - m[v];
        at.put(s[v] * at.get(dy + r * C, v) - (f[v] + off * g[v]), dx + r * C, v);
      }
    }
  });
}

}  // namespace

cpu::BatchNormLoops find_batch_norm_loops() { return {add_rows, add_squares, normalise, add_products, pull}; }

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(find_batch_norm_loops);

const cpu::BatchNormLoops& cpu::batch_norm_loops() {
  static const BatchNormLoops loops = HWY_DYNAMIC_DISPATCH(find_batch_norm_loops)();
  return loops;
}

}  // namespace retrograd::kernels
#endif
