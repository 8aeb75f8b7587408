// softmax: everything about the op except its kernels.
// Not here: log_softmax, which losses use because it is stable.
#include <retrograd/ops.h>

#include "core/attributes/axis.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = softmax(x):  dx = y (dy - sum(dy y, axis))
std::vector<Array> vjp(const VjpArgs& v) {
  const int axis = static_cast<int>(v.attributes.as<attributes::Axis>().axis);
  return {v.y() * (v.dy() - sum(v.dy() * v.y(), axis, true))};
}

}  // namespace

extern constinit const OpDef softmax_op{
    .name = "softmax",
    .summary = "Normalised exponentials along one axis.",
    .equation = "y_i = exp(x_i - max x) / sum_j exp(x_j - max x)",
    .latex = R"(y_i = \frac{e^{x_i}}{\sum_j e^{x_j}})",
    .source = "Goodfellow, Bengio, Courville 2016, 6.2.2.3",
    .shape = floating_with_axis,
    .vjp = vjp,
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{4, 7}}, .attributes = attributes::Axis{1}},
                                     {.shapes = {{3, 4, 2}}, .attributes = attributes::Axis{1}},
                                     {.shapes = {{5}}, .attributes = attributes::Axis{0}}};
        },
    .flops = five_an_element,
};

}  // namespace ops

Array softmax(const Array& x, int axis) {
  const int normalised = normalise_axis(axis, ops::given(x, "softmax").rank(), "softmax");
  return apply1(ops::softmax_op, {x}, attributes::Axis{normalised});
}

}  // namespace retrograd
