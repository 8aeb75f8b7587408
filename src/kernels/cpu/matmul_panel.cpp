// Register tiles: R rows of a, each element repeated over a vector, times two or three vectors of a row of b.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/matmul_panel.cpp"  // NOLINT
#include "kernels/cpu/matmul_panel.h"

#include <hwy/foreach_target.h>

#include <algorithm>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

// Accumulators for R times the vectors of b, these and one of a must fit into the registers.
#if HWY_TARGET <= HWY_AVX3
constexpr int registers = 32;
#else
constexpr int registers = 16;
#endif
template <int Vectors>
constexpr int most_rows = Vectors == 3                      ? registers / 4
                          : Vectors == 1 || registers == 32 ? 12
                          : HWY_TARGET <= HWY_AVX2          ? 6
                                                            : 4;

// `Vectors` vectors of consecutive floats, of which the last holds `lanes` where not Whole.
template <int Vectors, bool Whole>
struct Columns {
  std::size_t lanes = 0;

  HWY_INLINE hn::Vec<Tag> load(const float* from, int v) const {
    const Tag d;
    const float* here = from + static_cast<std::size_t>(v) * hn::Lanes(d);
    return Whole || v + 1 < Vectors ? hn::LoadU(d, here) : load_first(here, lanes);
  }
  HWY_INLINE void store(hn::Vec<Tag> value, float* to, int v) const {
    const Tag d;
    float* here = to + static_cast<std::size_t>(v) * hn::Lanes(d);
    if (Whole || v + 1 < Vectors) {
      hn::StoreU(value, d, here);
    } else {
      store_first(value, here, lanes);
    }
  }
};

// Rows [m, m + R), columns from n on.
template <int R, int Vectors, bool Whole>
void tile(const cpu::PanelProduct& p, std::int64_t m, std::int64_t n, Columns<Vectors, Whole> columns) {
  const Tag d;
  hn::Vec<Tag> sum[R][Vectors];
  HWY_UNROLL(3)
  for (int v = 0; v < Vectors; ++v) {
    const hn::Vec<Tag> first = p.bias != nullptr ? columns.load(p.bias + n, v) : hn::Zero(d);
    HWY_UNROLL(12)
    for (int r = 0; r < R; ++r) sum[r][v] = p.add ? columns.load(p.y + (m + r) * p.y_row + n, v) : first;
  }
  for (std::int64_t block = 0; block < p.blocks; ++block) {
    const float* a = p.a + m * p.a_row + block * p.a_block;
    const float* b = p.b + n + block * p.b_block;
    for (std::int64_t k = 0; k < p.K; ++k, a += p.a_column, b += p.b_row) {
      hn::Vec<Tag> row[Vectors];
      HWY_UNROLL(3)
      for (int v = 0; v < Vectors; ++v) row[v] = columns.load(b, v);
      HWY_UNROLL(12)
      for (int r = 0; r < R; ++r) {
        const hn::Vec<Tag> repeated = hn::Set(d, a[r * p.a_row]);
        HWY_UNROLL(3)
        for (int v = 0; v < Vectors; ++v) sum[r][v] = hn::MulAdd(repeated, row[v], sum[r][v]);
      }
    }
  }
  HWY_UNROLL(12)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(3)
    for (int v = 0; v < Vectors; ++v) columns.store(sum[r][v], p.y + (m + r) * p.y_row + n, v);
  }
}

template <int Vectors, bool Whole, int R = most_rows<Vectors>>
void rows(const cpu::PanelProduct& p, std::int64_t m, std::int64_t count, std::int64_t n,
          Columns<Vectors, Whole> columns) {
  if (count == R) {
    tile<R>(p, m, n, columns);
  } else if constexpr (R > 1) {
    rows<Vectors, Whole, R - 1>(p, m, count, n, columns);
  }
}

template <int Vectors, bool Whole>
void panel(const cpu::PanelProduct& p, std::int64_t n, Columns<Vectors, Whole> columns) {
  // Row blocks of nearly one size, so that none is much smaller than the registers allow.
  constexpr int most = most_rows<Vectors>;
  const std::int64_t blocks = (p.M + most - 1) / most;
  for (std::int64_t i = 0; i < blocks; ++i) {
    const std::int64_t m = p.M * i / blocks;
    rows(p, m, p.M * (i + 1) / blocks - m, n, columns);
  }
}

}  // namespace

void multiply(const cpu::PanelProduct& p) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  std::int64_t n = 0;
  const std::int64_t vectors = (p.N + lanes - 1) / lanes;
  if (vectors == 3 && p.N < 3 * lanes) {
    return panel(p, n, Columns<3, false>{static_cast<std::size_t>(p.N - 2 * lanes)});
  }
  if (vectors >= 3 && vectors % 2 == 1) {  // no single vector at the end
    panel(p, n, Columns<3, true>());
    n = 3 * lanes;
  }
  for (; n + 2 * lanes <= p.N; n += 2 * lanes) panel(p, n, Columns<2, true>());
  const std::int64_t left = p.N - n;
  if (left > lanes) {
    panel(p, n, Columns<2, false>{static_cast<std::size_t>(left - lanes)});
  } else if (left > 0) {
    panel(p, n, Columns<1, false>{static_cast<std::size_t>(left)});
  }
}

int lanes_of_vector() { return static_cast<int>(hn::Lanes(Tag())); }

void add(const float* from, float* to, std::int64_t count) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) store(load(to + i) + load(from + i), to + i);
  if (i == count) return;
  const auto left = static_cast<std::size_t>(count - i);
  store_first(hn::Add(load_first(to + i, left), load_first(from + i, left)), to + i, left);
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(multiply);
HWY_EXPORT(add);
HWY_EXPORT(lanes_of_vector);

void cpu::multiply_panels(const PanelProduct& product) { HWY_DYNAMIC_DISPATCH(multiply)(product); }

int cpu::vector_lanes() { return HWY_DYNAMIC_DISPATCH(lanes_of_vector)(); }

void cpu::add_to(const float* from, float* to, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(add)(from, to, count);
}

}  // namespace retrograd::kernels
#endif
