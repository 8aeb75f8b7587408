// argmax: everything about the op except its kernels.
#include "core/attributes/argmax.h"

#include <retrograd/ops.h>

#include "ops/extremes.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) { return position_of_extreme(args, "a maximum"); }

}  // namespace

extern constinit const OpDef argmax_op{
    .name = "argmax",
    .summary = "The position of the largest element along one axis.",
    .equation = "y = the least i with x_i = max_j x_j",
    .latex = R"(y = \operatorname{arg\,max}_i x_i)",
    .source = "Elementary",
    .shape = shape,
    .vjp = Gradient::none(),
    .convention = "The first of equal elements. NaN is the largest.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Argmax{1, false}, .distinct = true},
              {.shapes = {{2, 3, 4}}, .attributes = attributes::Argmax{1, true}, .distinct = true},
              {.shapes = {{3, 5}},
               .attributes = attributes::Argmax{0, false},
               .low = -3,
               .high = 3,
               .dtypes = {DType::i32}}};
        },
    .flops = one_an_element,
};

}  // namespace ops

Array argmax(const Array& x, int axis, bool keep) {
  const int normalised = normalise_axis(axis, ops::given(x, "argmax").rank(), "argmax");
  return apply1(ops::argmax_op, {x}, attributes::Argmax{normalised, keep});
}

}  // namespace retrograd
