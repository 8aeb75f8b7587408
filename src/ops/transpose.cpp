// transpose: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "core/attributes/permutation.h"
#include "core/fail.h"
#include "core/layout.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

using attributes::Permutation;

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  const TensorType& x = args.inputs[0];
  const std::vector<std::int64_t>& order = args.attributes.as<Permutation>().order;
  if (static_cast<int>(order.size()) != x.shape.rank()) {
    fail(ErrorKind::shape, "transpose: a permutation of {} axes for rank {}; expected {}", order.size(),
         x.shape.rank(), x.shape.rank());
  }
  Shape result;
  unsigned seen = 0;
  for (std::int64_t axis : order) {
    expect_axis(args, axis, x.shape.rank());
    const unsigned bit = 1u << axis;
    if ((seen & bit) != 0) fail(ErrorKind::shape, "transpose: axis {} stands twice in the permutation", axis);
    seen |= bit;
    result.push_back(x.shape[static_cast<int>(axis)]);
  }
  return {{x.dtype, result}};
}

// The inverse permutation.
std::vector<Array> vjp(const VjpArgs& v) {
  const std::vector<std::int64_t>& order = v.attributes.as<Permutation>().order;
  std::vector<int> inverse(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    inverse[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  return {transpose(v.dy(), inverse)};
}

bool view(const Attributes& attributes, const Layout& input, const Shape& output, Layout* result) {
  *result = {.shape = output, .offset = input.offset};
  const std::vector<std::int64_t>& order = attributes.as<Permutation>().order;
  for (std::size_t i = 0; i < order.size(); ++i) {
    result->strides[i] = input.strides[static_cast<std::size_t>(order[i])];
  }
  return true;
}

}  // namespace

extern constinit const OpDef transpose_op{
    .name = "transpose",
    .summary = "The same elements with the axes in another order.",
    .equation = "y[i_p0, i_p1, ...] = x[i_0, i_1, ...]",
    .latex = R"(Y = X^\top)",
    .source = "Goodfellow, Bengio, Courville 2016, 2.1",
    .shape = shape,
    .vjp = vjp,
    .traits = {.view = view},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 4}}, .attributes = Permutation{{1, 0}}},
                                     {.shapes = {{2, 3, 4}}, .attributes = Permutation{{1, 2, 0}}}};
        },
};

}  // namespace ops

Array transpose(const Array& x) {
  std::vector<int> reversed;
  for (int axis = ops::given(x, "transpose").rank() - 1; axis >= 0; --axis) reversed.push_back(axis);
  return transpose(x, reversed);
}

Array transpose(const Array& x, const std::vector<int>& permutation) {
  ops::Permutation order;
  const int rank = ops::given(x, "transpose").rank();
  for (int axis : permutation) order.order.push_back(normalise_axis(axis, rank, "transpose"));
  return apply1(ops::transpose_op, {x}, order);
}

}  // namespace retrograd
