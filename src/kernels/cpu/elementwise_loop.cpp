// Rows of elements through one function, in vectors. Which calls these serve is in elementwise.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/elementwise_loop.cpp"  // NOLINT
#include "kernels/cpu/elementwise_loop.h"

#include <hwy/foreach_target.h>

#include <cstdint>
#include <cstring>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

constexpr std::size_t most_lanes = hn::MaxLanes(Tag());

// One operand as the loop reads it; T is float or a boolean's byte.
template <typename T>
struct Reader {
  const T* data;
  std::size_t step;             // 0 or 1
  HWY_ALIGN T row[most_lanes];  // a repeated element, once for each lane

  HWY_INLINE explicit Reader(const cpu::RowOperand& operand)
      : data(static_cast<const T*>(operand.data)), step(operand.repeats ? 0 : 1) {
    if (step == 0) {
      for (T& lane : row) lane = *data;
      data = row;
    }
  }
  HWY_INLINE auto at(std::size_t i) const { return load(data + i * step); }
  // The last `count` elements from `i` on, without reading beyond them.
  HWY_INLINE auto tail(std::size_t i, std::size_t count) const {
    HWY_ALIGN T lanes[most_lanes] = {};
    std::memcpy(lanes, data + i * step, count * sizeof(T));
    return load(lanes);
  }
};

template <typename Out, typename F, typename... Readers>
HWY_INLINE void loop(Out* y, std::size_t count, F f, const Readers&... x) {
  const std::size_t lanes = hn::Lanes(Tag());
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) store(f(x.at(i)...), y + i);
  if (i == count) return;
  HWY_ALIGN Out last[most_lanes];
  store(f(x.tail(i, count - i)...), last);
  std::memcpy(y + i, last, (count - i) * sizeof(Out));
}

template <typename F>
void row(const cpu::RowOperand* x, void* y, std::size_t count) {
  if constexpr (F::form == Form::comparison) {
    loop(static_cast<std::uint8_t*>(y), count, F(), Reader<float>(x[0]), Reader<float>(x[1]));
  } else if constexpr (F::form == Form::selection) {
    loop(static_cast<float*>(y), count, F(), Reader<std::uint8_t>(x[0]), Reader<float>(x[1]),
         Reader<float>(x[2]));
  } else if constexpr (operands_of(F::form) == 2) {
    loop(static_cast<float*>(y), count, F(), Reader<float>(x[0]), Reader<float>(x[1]));
  } else {
    loop(static_cast<float*>(y), count, F(), Reader<float>(x[0]));
  }
}

cpu::RowFunction find(std::string_view op) {
#define RETROGRAD_FIND(Function) \
  if (op == Function::op) return row<Function>;
  RETROGRAD_ELEMENTWISE(RETROGRAD_FIND)
#undef RETROGRAD_FIND
  return nullptr;
}

}  // namespace

cpu::RowFunction find_row_function(std::string_view op) { return find(op); }

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(find_row_function);

cpu::RowFunction cpu::row_function(std::string_view op) {
  return HWY_DYNAMIC_DISPATCH(find_row_function)(op);
}

}  // namespace retrograd::kernels
#endif
