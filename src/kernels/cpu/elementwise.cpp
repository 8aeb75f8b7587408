// Element-wise kernels in f32: inputs [R, C] by rows -> y [R, C], where R and C are runs of axes over which
// every input is contiguous or repeats. The loops over a row are in elementwise_loop.cpp; calls of other
// shapes are left to the reference kernel.
#include <algorithm>
#include <optional>

#include "kernels/cpu/elementwise_loop.h"
#include "kernels/elementwise_form.h"
#include "kernels/kernel.h"

namespace retrograd::kernels {
namespace {

constexpr std::int64_t elements_of_a_shard = 16 * 1024;

struct Collapsed {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  struct Input {
    std::int64_t row_stride = 0;
    bool repeats = false;  // along a row
  };
  std::array<Input, 3> inputs;
};

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

std::optional<Collapsed> collapse(const Call& call, int split) {
  Collapsed result;
  const Shape& shape = call.outputs[0].shape();
  for (int axis = 0; axis < shape.rank(); ++axis)
    (axis < split ? result.rows : result.columns) *= shape[axis];
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    const auto rows = joint_stride(call.inputs[i].layout, 0, split);
    const auto columns = joint_stride(call.inputs[i].layout, split, shape.rank());
    if (!rows || !columns || *columns > 1) return std::nullopt;
    result.inputs[i] = {*rows, *columns == 0};
  }
  return result;
}

// With the longest rows that are possible.
std::optional<Collapsed> collapse(const Call& call) {
  if (call.inputs.size() > 3) return std::nullopt;
  for (int split = 0; split <= call.outputs[0].shape().rank(); ++split) {
    if (auto result = collapse(call, split)) return result;
  }
  return std::nullopt;
}

bool supports(const Call& call) {
  const auto is_f32 = [](const View& view) { return view.dtype == DType::f32; };
  const auto is_f32_or_bool = [&](const View& view) { return is_f32(view) || view.dtype == DType::boolean; };
  if (!call.epilogue.empty() || !std::all_of(call.inputs.begin(), call.inputs.end(), is_f32_or_bool))
    return false;
  if (!is_f32(call.inputs.back()) || !is_f32_or_bool(call.outputs[0])) return false;
  return collapse(call).has_value();
}

Choice choose(const Call& call) {
  const std::int64_t shards = (call.outputs[0].size() + elements_of_a_shard - 1) / elements_of_a_shard;
  return {.shards = static_cast<int>(std::clamp<std::int64_t>(shards, 1, 16))};
}

class ElementwiseKernel final : public BoundKernel {
 public:
  ElementwiseKernel(const Call& call, const Choice& choice)
      : function_(cpu::row_function(call.op)), shape_(*collapse(call)), shards_(choice.shards) {
    for (const View& input : call.inputs)
      input_bytes_[inputs_++] = static_cast<std::int64_t>(size_of(input.dtype));
    output_bytes_ = static_cast<std::int64_t>(size_of(call.outputs[0].dtype));
  }

  void run(const Operands& operands, int shard) noexcept override {
    const std::int64_t total = shape_.rows * shape_.columns;
    std::int64_t at = border(total, shard);
    const std::int64_t end = border(total, shard + 1);
    while (at < end) {
      const std::int64_t row = at / shape_.columns;
      const std::int64_t column = at % shape_.columns;
      const std::int64_t count = std::min(shape_.columns - column, end - at);
      run_row(operands, row, column, count);
      at += count;
    }
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<ElementwiseKernel>(call, choice);
  }

 private:
  // Shards begin at multiples of 16 elements, so that vectors do not straddle them.
  std::int64_t border(std::int64_t total, int shard) const {
    if (shard == shards_) return total;
    return total * shard / shards_ / 16 * 16;
  }

  void run_row(const Operands& operands, std::int64_t row, std::int64_t column, std::int64_t count) const {
    cpu::RowOperand x[3];
    for (std::size_t i = 0; i < inputs_; ++i) {
      const std::int64_t element =
          row * shape_.inputs[i].row_stride + (shape_.inputs[i].repeats ? 0 : column);
      x[i] = {operands.inputs[i] + element * input_bytes_[i], shape_.inputs[i].repeats};
    }
    std::byte* y = operands.outputs[0] + (row * shape_.columns + column) * output_bytes_;
    function_(x, y, static_cast<std::size_t>(count));
  }

  cpu::RowFunction function_;
  Collapsed shape_;
  int shards_;
  std::size_t inputs_ = 0;
  std::array<std::int64_t, 3> input_bytes_{};
  std::int64_t output_bytes_ = 0;
};

constexpr KernelDef elementwise(std::string_view op) {
  return {.op = op,
          .backend = "highway",
          .supports = supports,
          .choose = choose,
          .bind = ElementwiseKernel::bind,
          .in_place = any_input_in_place};
}

}  // namespace

extern const KernelDef add_highway = elementwise("add");
extern const KernelDef subtract_highway = elementwise("subtract");
extern const KernelDef multiply_highway = elementwise("multiply");
extern const KernelDef divide_highway = elementwise("divide");
extern const KernelDef maximum_highway = elementwise("maximum");
extern const KernelDef negative_highway = elementwise("negative");
extern const KernelDef exp_highway = elementwise("exp");
extern const KernelDef log_highway = elementwise("log");
extern const KernelDef sqrt_highway = elementwise("sqrt");
extern const KernelDef square_highway = elementwise("square");
extern const KernelDef abs_highway = elementwise("abs");
extern const KernelDef sigmoid_highway = elementwise("sigmoid");
extern const KernelDef tanh_highway = elementwise("tanh");
extern const KernelDef relu_highway = elementwise("relu");
extern const KernelDef greater_highway = elementwise("greater");
extern const KernelDef greater_equal_highway = elementwise("greater_equal");
extern const KernelDef equal_highway = elementwise("equal");
extern const KernelDef where_highway = elementwise("where");

}  // namespace retrograd::kernels
