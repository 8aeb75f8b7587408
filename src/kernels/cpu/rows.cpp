// Collapses the axes of element-wise calls.
#include "kernels/cpu/rows.h"

namespace retrograd::kernels::cpu {
namespace {

constexpr std::int64_t elements_of_a_shard = 16 * 1024;

// The stride of axes [first, last) taken as one; nothing where they cannot be.
std::optional<std::int64_t> joint_stride(const Layout& layout, int first, int last) {
  std::int64_t stride = 0;
  std::int64_t extent = 1;
  for (int axis = last - 1; axis >= first; --axis) {
    if (layout.shape[axis] == 1) continue;
    const std::int64_t here = layout.strides[static_cast<std::size_t>(axis)];
    if (extent == 1) {
      stride = here;
    } else if (here != stride * extent) {
      return std::nullopt;
    }
    extent *= layout.shape[axis];
  }
  return stride;
}

std::optional<Rows> split_at(int split, const Shape& shape, const std::vector<View>& inputs) {
  Rows result;
  for (int axis = 0; axis < shape.rank(); ++axis)
    (axis < split ? result.rows : result.columns) *= shape[axis];
  for (const View& input : inputs) {
    const auto rows = joint_stride(input.layout, 0, split);
    const auto columns = joint_stride(input.layout, split, shape.rank());
    if (!rows || !columns || *columns < 0 || *columns > 1) return std::nullopt;
    result.inputs.push_back({*rows, *columns == 0});
  }
  return result;
}

}  // namespace

std::optional<Rows> Rows::of(const Shape& shape, const std::vector<View>& inputs) {
  for (int split = 0; split <= shape.rank(); ++split) {
    if (auto result = split_at(split, shape, inputs)) return result;
  }
  return std::nullopt;
}

int shards_for(std::int64_t elements) {
  const std::int64_t shards = (elements + elements_of_a_shard - 1) / elements_of_a_shard;
  return static_cast<int>(std::clamp<std::int64_t>(shards, 1, 16));
}

}  // namespace retrograd::kernels::cpu
