// Sums, maxima and the place of the maximum of rows; sums and maxima of columns. How a call becomes rows and
// columns is in reduce.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/reduce_loop.cpp"  // NOLINT
#include "kernels/cpu/reduce_loop.h"

#include <hwy/foreach_target.h>

#include <algorithm>
#include <limits>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

struct Sum {
  using Total = double;  // of blocks of a row
  static HWY_INLINE Vector identity() { return Vector(0); }
  static HWY_INLINE Vector combine(Vector a, Vector b) { return a + b; }
  static HWY_INLINE double combine(double a, double b) { return a + b; }
  static HWY_INLINE float of_lanes(Vector x) { return hn::GetLane(hn::SumOfLanes(Tag(), x.v)); }
};

struct Max {
  using Total = float;
  static HWY_INLINE Vector identity() { return Vector(-hwy::HighestValue<float>() * 2.0f); }
  static HWY_INLINE Vector combine(Vector a, Vector b) { return select((b > a) | (b != b), b, a); }
  static HWY_INLINE float combine(float a, float b) { return b > a || b != b ? b : a; }
  static HWY_INLINE float of_lanes(Vector x) {
    if (!hn::AllFalse(Tag(), hn::IsNaN(x.v))) return std::numeric_limits<float>::quiet_NaN();
    return hn::GetLane(hn::MaxOfLanes(Tag(), x.v));
  }
};

// The first `count` lanes, the others 0 for a sum and -infinity for a maximum.
template <typename R>
HWY_INLINE Vector load_or_identity(const float* from, std::size_t count) {
  const Tag d;
  return Vector(hn::IfThenElse(hn::FirstN(d, count), load_first(from, count), R::identity().v));
}

// Of one block of a row.
template <typename R>
HWY_INLINE float block(const float* x, std::size_t count) {
  const std::size_t lanes = hn::Lanes(Tag());
  Vector a = R::identity(), b = a, c = a, e = a;
  std::size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    a = R::combine(a, load(x + i));
    b = R::combine(b, load(x + i + lanes));
    c = R::combine(c, load(x + i + 2 * lanes));
    e = R::combine(e, load(x + i + 3 * lanes));
  }
  for (; i + lanes <= count; i += lanes) a = R::combine(a, load(x + i));
  if (i < count) b = R::combine(b, load_or_identity<R>(x + i, count - i));
  return R::of_lanes(R::combine(R::combine(a, b), R::combine(c, e)));
}

template <typename R>
float row(const float* x, std::int64_t count) {
  constexpr std::int64_t longest = 2048;
  typename R::Total total = block<R>(x, static_cast<std::size_t>(std::min(count, longest)));
  for (std::int64_t i = longest; i < count; i += longest) {
    const float next = block<R>(x + i, static_cast<std::size_t>(std::min(count - i, longest)));
    total = R::combine(total, static_cast<typename R::Total>(next));
  }
  return static_cast<float>(total);
}

struct Block {
  const float* x;  // [rows, columns], rows of stride `stride`
  std::int64_t stride, rows;
  float* y;      // [columns]
  bool is_next;  // y holds what earlier rows gave
};

constexpr int wide = 8;

// Eight vectors of columns from c on.
template <typename R>
HWY_INLINE void wide_columns(const Block& block, std::int64_t c) {
  const std::size_t lanes = hn::Lanes(Tag());
  Vector sums[wide];
  const float* x = block.x + c;
  HWY_UNROLL(8)
  for (std::size_t v = 0; v < wide; ++v) sums[v] = load(x + v * lanes);
  for (std::int64_t r = 1; r < block.rows; ++r) {
    x += block.stride;
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < wide; ++v) sums[v] = R::combine(sums[v], load(x + v * lanes));
  }
  for (std::size_t v = 0; v < wide; ++v) {
    float* y = block.y + c + static_cast<std::int64_t>(v * lanes);
    store(block.is_next ? R::combine(load(y), sums[v]) : sums[v], y);
  }
}

// One vector of columns from c on, or the first `count` lanes of it; four rows at a time.
template <typename R, bool whole>
HWY_INLINE void narrow_columns(const Block& block, std::int64_t c, std::size_t count) {
  const auto read = [&](const float* from)
                        HWY_ATTR { return whole ? load(from) : Vector(load_first(from, count)); };
  Vector a = R::identity(), b = a, f = a, e = a;
  const float* x = block.x + c;
  std::int64_t r = 0;
  for (; r + 4 <= block.rows; r += 4, x += 4 * block.stride) {
    a = R::combine(a, read(x));
    b = R::combine(b, read(x + block.stride));
    f = R::combine(f, read(x + 2 * block.stride));
    e = R::combine(e, read(x + 3 * block.stride));
  }
  for (; r < block.rows; ++r, x += block.stride) a = R::combine(a, read(x));
  Vector sum = R::combine(R::combine(a, b), R::combine(f, e));
  if (block.is_next) sum = R::combine(read(block.y + c), sum);
  if (whole) {
    store(sum, block.y + c);
  } else {
    store_first(sum.v, block.y + c, count);
  }
}

template <typename R>
void columns(const float* x, std::int64_t stride, std::int64_t rows, float* y, std::int64_t count,
             bool onto) {
  constexpr std::int64_t most_rows = 512;  // of a block
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  for (std::int64_t r = 0; r < rows; r += most_rows) {
    const Block block{x + r * stride, stride, std::min(rows - r, most_rows), y, onto || r > 0};
    std::int64_t c = 0;
    for (; c + wide * lanes <= count; c += wide * lanes) wide_columns<R>(block, c);
    for (; c + lanes <= count; c += lanes) narrow_columns<R, true>(block, c, 0);
    if (c < count) narrow_columns<R, false>(block, c, static_cast<std::size_t>(count - c));
  }
}

}  // namespace

cpu::Reduction find_sum_reduction() {
  return {row<Sum>, columns<Sum>, 0.0, [](double a, double b) { return a + b; }};
}
cpu::Reduction find_max_reduction() {
  return {row<Max>, columns<Max>, -std::numeric_limits<double>::infinity(),
          [](double a, double b) { return b > a || b != b ? b : a; }};
}

std::int64_t find_first_largest(const float* x, std::int64_t count) {
  const Vector largest(row<Max>(x, count));
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  const auto is_largest = [&](Vector value) HWY_ATTR {
    return (value == largest) | ((value != value) & (largest != largest));
  };
  for (std::int64_t i = 0; i < count; i += lanes) {
    const Vector value =
        i + lanes <= count ? load(x + i) : load_or_identity<Max>(x + i, static_cast<std::size_t>(count - i));
    const std::intptr_t found = hn::FindFirstTrue(Tag(), is_largest(value).m);
    if (found >= 0) return i + found;
  }
  return 0;
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(find_sum_reduction);
HWY_EXPORT(find_max_reduction);
HWY_EXPORT(find_first_largest);

cpu::Reduction cpu::sum_reduction() { return HWY_DYNAMIC_DISPATCH(find_sum_reduction)(); }
cpu::Reduction cpu::max_reduction() { return HWY_DYNAMIC_DISPATCH(find_max_reduction)(); }
std::int64_t cpu::first_largest(const float* x, std::int64_t count) {
  return HWY_DYNAMIC_DISPATCH(find_first_largest)(x, count);
}

}  // namespace retrograd::kernels
#endif
