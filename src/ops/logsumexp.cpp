// logsumexp: everything about the op except its kernels.
#include <retrograd/ops.h>

#include <limits>

#include "core/attributes/reduce.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// Compared with instead of infinity, which a plain plan takes for a fault.
double largest_of(DType dtype) {
  return dtype == DType::f32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
}

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_floating(args, 0);
  return reduction_of_some(args, "a maximum");
}

// dx = dy exp(x - y)
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& axes = v.attributes.as<attributes::Reduce>().axes;
  const Array y =
      where(less(v.y(), -largest_of(v.y().dtype())), 0.0, v.y());  // all of x is -infinity: its exp is 0
  return {spread(v.dy(), v.x().shape(), axes) * exp(v.x() - spread(y, v.x().shape(), axes))};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& reduce = e.attributes.as<attributes::Reduce>();
  const std::vector<int> over(reduce.axes.begin(), reduce.axes.end());
  const Array largest = stop_gradient(max(e.x(), over, true));
  const Array shift = where(greater(abs(largest), largest_of(largest.dtype())), 0.0, largest);
  const Array y = log(sum(exp(e.x() - shift), over, true)) + shift;
  return {reshape(y, reduced(e.x().shape(), reduce.axes, reduce.keep))};
}

}  // namespace

extern constinit const OpDef logsumexp_op{
    .name = "logsumexp",
    .summary = "The logarithm of the sum of exponentials over some axes.",
    .equation = "y = m + ln sum_i exp(x_i - m), m = max x",
    .latex = R"(y = \ln \sum_i e^{x_i})",
    .source = "Goodfellow, Bengio, Courville 2016, 4.1; Blanchard, Higham, Higham 2021",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .convention = "-infinity where all elements are, with derivative 0.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{0, 1}, false}},
              {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{1}, true}},
              {.shapes = {{2, 3, 4}}, .attributes = attributes::Reduce{{0, 2}, false}}};
        },
};

}  // namespace ops

Array logsumexp(const Array& x, const Axes& axes, bool keep) {
  const std::vector<std::int64_t> reduced = axes.normalised(ops::given(x, "logsumexp").rank(), "logsumexp");
  return apply1(ops::logsumexp_op, {x}, attributes::Reduce{reduced, keep});
}

}  // namespace retrograd
