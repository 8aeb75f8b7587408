// Softmax along rows. A NaN anywhere in a row, or an infinite largest element, makes the whole row NaN, as
// the sum of its exponentials is.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/softmax_loop.cpp"  // NOLINT
#include "kernels/cpu/softmax_loop.h"

#include <hwy/foreach_target.h>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

HWY_INLINE Vector largest_of(Vector a, Vector b) { return Vector(hn::Max(a.v, b.v)); }

// One row in vectors of `lanes` elements; what stands behind its end reads as -infinity, whose exponential is
// 0.
struct Row {
  const float* x;
  std::size_t K;
  std::size_t lanes = hn::Lanes(Tag());

  HWY_INLINE Vector at(std::size_t i) const {
    if (i + lanes <= K) return load(x + i);
    const Vector nothing(-hwy::HighestValue<float>() * 2.0f);
    const Tag d;
    return Vector(hn::IfThenElse(hn::FirstN(d, K - i), load_first(x + i, K - i), nothing.v));
  }
  HWY_INLINE void put(Vector value, float* y, std::size_t i) const {
    if (i + lanes <= K) {
      store(value, y + i);
    } else {
      store_first(value.v, y + i, K - i);
    }
  }
  // In all lanes. A NaN need not be found here: its exponential will be.
  HWY_INLINE Vector largest() const {
    Vector result = at(0);
    for (std::size_t i = lanes; i < K; i += lanes) result = largest_of(result, at(i));
    return Vector(hn::MaxOfLanes(Tag(), result.v));
  }
  // sum_k exp(x_k - largest), in all lanes; f(exponentials, i) for each vector of them.
  template <typename F>
  HWY_INLINE Vector sum_of_exponentials(Vector largest, F f) const {
    Vector sum(0);
    for (std::size_t i = 0; i < K; i += lanes) {
      const Vector e = exp(at(i) - largest);
      f(e, i);
      sum = sum + e;
    }
    return Vector(hn::SumOfLanes(Tag(), sum.v));
  }
};

// f(softmax, i) for each vector of it.
template <typename F>
HWY_INLINE void softmax_row(const Row& row, float* y, F f) {
  const Vector largest = row.largest();
  if (row.K <= row.lanes) {  // stays in one register
    const Vector e = exp(row.at(0) - largest);
    row.put(f(e / Vector(hn::SumOfLanes(Tag(), e.v)), 0), y, 0);
    return;
  }
  const Vector sum =
      row.sum_of_exponentials(largest, [&](Vector e, std::size_t i) HWY_ATTR { row.put(e, y, i); });
  const Row exponentials{y, row.K};
  for (std::size_t i = 0; i < row.K; i += row.lanes) exponentials.put(f(exponentials.at(i) / sum, i), y, i);
}

HWY_INLINE Vector sum(const Row& row, Vector largest) {
  return row.sum_of_exponentials(largest, [](Vector, std::size_t) HWY_ATTR {});
}

}  // namespace

void softmax(const float* x, float* y, std::int64_t rows, std::int64_t K) {
  for (std::int64_t n = 0; n < rows; ++n) {
    softmax_row({x + n * K, static_cast<std::size_t>(K)}, y + n * K,
                [](Vector p, std::size_t) HWY_ATTR { return p; });
  }
}

void all_errors(const float* x, float* y, std::int64_t rows, std::int64_t K, const std::int64_t* labels,
                const float* dy) {
  const Tag d;
  const hn::RebindToSigned<Tag> integers;
  for (std::int64_t n = 0; n < rows; ++n) {
    const Vector factor(dy[n]);
    const std::int64_t label = labels[n];
    const auto error = [&](Vector p, std::size_t i) HWY_ATTR {
      // Out of reach of the lanes where the label is in another vector.
      const std::int64_t lane = label - static_cast<std::int64_t>(i);
      const bool is_here = lane >= 0 && lane < static_cast<std::int64_t>(hn::Lanes(d));
      const auto at = hn::Set(integers, static_cast<std::int32_t>(is_here ? lane : -1));
      const auto ones =
          hn::IfThenElseZero(hn::RebindMask(d, hn::Eq(hn::Iota(integers, 0), at)), hn::Set(d, 1.0f));
      return (p - Vector(ones)) * factor;
    };
    softmax_row({x + n * K, static_cast<std::size_t>(K)}, y + n * K, error);
  }
}

void log_softmax(const float* x, float* y, std::int64_t rows, std::int64_t K) {
  for (std::int64_t n = 0; n < rows; ++n) {
    const Row row{x + n * K, static_cast<std::size_t>(K)};
    const Vector largest = row.largest();
    const Vector log_sum = log(sum(row, largest));
    for (std::size_t i = 0; i < row.K; i += row.lanes) row.put(row.at(i) - largest - log_sum, y + n * K, i);
  }
}

void all_log_sums(const float* x, std::int64_t rows, std::int64_t K, float* largest, float* sums) {
  for (std::int64_t n = 0; n < rows; ++n) {
    const Row row{x + n * K, static_cast<std::size_t>(K)};
    const Vector most = row.largest();
    largest[n] = hn::GetLane(most.v);
    sums[n] = hn::GetLane(sum(row, most).v);
  }
  const Row all{sums, static_cast<std::size_t>(rows)};
  for (std::size_t i = 0; i < all.K; i += all.lanes) all.put(log(all.at(i)), sums, i);
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(softmax);
HWY_EXPORT(log_softmax);
HWY_EXPORT(all_errors);
HWY_EXPORT(all_log_sums);

void cpu::softmax_rows(const float* x, float* y, std::int64_t rows, std::int64_t K) {
  HWY_DYNAMIC_DISPATCH(softmax)(x, y, rows, K);
}
void cpu::log_softmax_rows(const float* x, float* y, std::int64_t rows, std::int64_t K) {
  HWY_DYNAMIC_DISPATCH(log_softmax)(x, y, rows, K);
}
void cpu::softmax_errors(const float* x, float* y, std::int64_t rows, std::int64_t K,
                         const std::int64_t* labels, const float* dy) {
  HWY_DYNAMIC_DISPATCH(all_errors)(x, y, rows, K, labels, dy);
}
void cpu::log_sums(const float* x, std::int64_t rows, std::int64_t K, float* largest, float* log_sum) {
  HWY_DYNAMIC_DISPATCH(all_log_sums)(x, rows, K, largest, log_sum);
}

}  // namespace retrograd::kernels
#endif
