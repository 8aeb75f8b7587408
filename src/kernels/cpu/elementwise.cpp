// Element-wise kernels in f32, one op a call. The loops over a row are in elementwise_loop.cpp, chains of ops
// in chain.cpp; calls whose operands do not fit rows.h are left to the reference kernel.
#include <algorithm>

#include "kernels/cpu/elementwise_loop.h"
#include "kernels/cpu/rows.h"
#include "kernels/kernel.h"
#include "kernels/reference/scalar_functions.h"

namespace retrograd::kernels {
namespace {

bool supports(const Call& call) {
  const auto is_f32 = [](const View& view) { return view.dtype == DType::f32; };
  const auto is_f32_or_bool = [&](const View& view) { return is_f32(view) || view.dtype == DType::boolean; };
  if (!call.epilogue.empty() || call.inputs.size() > 3 ||
      !std::all_of(call.inputs.begin(), call.inputs.end(), is_f32_or_bool))
    return false;
  if (!is_f32(call.inputs.back()) || !is_f32_or_bool(call.outputs[0])) return false;
  return cpu::Rows::of(call.outputs[0].shape(), call.inputs).has_value();
}

Choice choose(const Call& call) { return {.shards = cpu::shards_for(call.outputs[0].size())}; }

class ElementwiseKernel final : public BoundKernel {
 public:
  ElementwiseKernel(const Call& call, const Choice& choice)
      : function_(cpu::row_function(call.op)),
        rows_(*cpu::Rows::of(call.outputs[0].shape(), call.inputs)),
        shards_(choice.shards),
        output_bytes_(static_cast<std::int64_t>(size_of(call.outputs[0].dtype))) {
    for (const View& input : call.inputs) {
      input_bytes_.push_back(static_cast<std::int64_t>(size_of(input.dtype)));
    }
  }

  void run(const Operands& operands, int shard) noexcept override {
    const auto run = [&](std::int64_t row, std::int64_t column, std::int64_t count) {
      cpu::RowOperand x[3];
      for (std::size_t i = 0; i < input_bytes_.size(); ++i) {
        x[i] = {operands.inputs[i] + rows_.offset(i, row, column) * input_bytes_[i], rows_.inputs[i].repeats};
      }
      std::byte* y = operands.outputs[0] + (row * rows_.columns + column) * output_bytes_;
      function_(x, y, static_cast<std::size_t>(count));
    };
    rows_.for_each_run(shard, shards_, rows_.columns, run);
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<ElementwiseKernel>(call, choice);
  }

 private:
  cpu::RowFunction function_;
  cpu::Rows rows_;
  int shards_;
  std::vector<std::int64_t> input_bytes_;
  std::int64_t output_bytes_;
};

template <typename F>
constexpr KernelDef elementwise() {
  return {.op = F::op,
          .backend = "highway",
          .supports = supports,
          .choose = choose,
          .bind = ElementwiseKernel::bind,
          .error = ErrorBound::in_ulps(F::max_ulp),
          .in_place = any_input_in_place,
          .links = true};
}

}  // namespace

extern const KernelDef add_highway = elementwise<reference::Add>();
extern const KernelDef subtract_highway = elementwise<reference::Subtract>();
extern const KernelDef multiply_highway = elementwise<reference::Multiply>();
extern const KernelDef divide_highway = elementwise<reference::Divide>();
extern const KernelDef maximum_highway = elementwise<reference::Maximum>();
extern const KernelDef negative_highway = elementwise<reference::Negative>();
extern const KernelDef exp_highway = elementwise<reference::Exp>();
extern const KernelDef log_highway = elementwise<reference::Log>();
extern const KernelDef sqrt_highway = elementwise<reference::Sqrt>();
extern const KernelDef square_highway = elementwise<reference::Square>();
extern const KernelDef abs_highway = elementwise<reference::Abs>();
extern const KernelDef sigmoid_highway = elementwise<reference::Sigmoid>();
extern const KernelDef tanh_highway = elementwise<reference::Tanh>();
extern const KernelDef relu_highway = elementwise<reference::Relu>();
extern const KernelDef greater_highway = elementwise<reference::Greater>();
extern const KernelDef greater_equal_highway = elementwise<reference::GreaterEqual>();
extern const KernelDef equal_highway = elementwise<reference::Equal>();
extern const KernelDef minimum_highway = elementwise<reference::Minimum>();
extern const KernelDef log1p_highway = elementwise<reference::Log1p>();
extern const KernelDef expm1_highway = elementwise<reference::Expm1>();
extern const KernelDef rsqrt_highway = elementwise<reference::Rsqrt>();
extern const KernelDef reciprocal_highway = elementwise<reference::Reciprocal>();
extern const KernelDef sign_highway = elementwise<reference::Sign>();
extern const KernelDef floor_highway = elementwise<reference::Floor>();
extern const KernelDef round_highway = elementwise<reference::Round>();
extern const KernelDef sin_highway = elementwise<reference::Sin>();
extern const KernelDef cos_highway = elementwise<reference::Cos>();
extern const KernelDef erf_highway = elementwise<reference::Erf>();
extern const KernelDef not_equal_highway = elementwise<reference::NotEqual>();
extern const KernelDef less_highway = elementwise<reference::Less>();
extern const KernelDef less_equal_highway = elementwise<reference::LessEqual>();
extern const KernelDef where_highway = elementwise<reference::Where>();

}  // namespace retrograd::kernels
