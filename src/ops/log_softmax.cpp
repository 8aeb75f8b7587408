// log_softmax: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "core/attributes/axis.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = log softmax(x):  dx = dy - exp(y) sum(dy, axis)
std::vector<Array> vjp(const VjpArgs& v) {
  const int axis = static_cast<int>(v.attributes.as<attributes::Axis>().axis);
  return {v.dy() - exp(v.y()) * sum(v.dy(), axis, true)};
}

}  // namespace

extern constinit const OpDef log_softmax_op{
    .name = "log_softmax",
    .summary = "The logarithm of the softmax along one axis, without forming the softmax.",
    .equation = "y_i = x_i - max x - ln sum_j exp(x_j - max x)",
    .latex = R"(y_i = x_i - \ln \sum_j e^{x_j})",
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

Array log_softmax(const Array& x, int axis) {
  const int normalised = normalise_axis(axis, ops::given(x, "log_softmax").rank(), "log_softmax");
  return apply1(ops::log_softmax_op, {x}, attributes::Axis{normalised});
}

}  // namespace retrograd
