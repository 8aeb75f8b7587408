// broadcast_to: everything about the op except its kernels. It is how binary functions broadcast, so that no
// other vjp sums over stretched axes.
#include <retrograd/ops.h>

#include "core/attributes/to_shape.h"
#include "core/fail.h"
#include "core/layout.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  const Shape& from = args.inputs[0].shape;
  const Shape& to = args.attributes.as<attributes::ToShape>().shape;
  const int front = to.rank() - from.rank();
  bool fits = front >= 0;
  for (int axis = 0; fits && axis < from.rank(); ++axis)
    fits = from[axis] == 1 || from[axis] == to[axis + front];
  if (!fits) {
    fail(
        ErrorKind::shape,
        "broadcast_to: {} does not stretch to {}; expected extents that are equal or 1, aligned on the right",
        from.to_string(), to.to_string());
  }
  return {{args.inputs[0].dtype, to}};
}

// dx = sum of dy over the stretched axes
std::vector<Array> vjp(const VjpArgs& v) {
  const Shape& from = v.x().shape();
  const Shape& to = v.dy().shape();
  const int front = to.rank() - from.rank();
  std::vector<int> stretched;
  for (int axis = 0; axis < to.rank(); ++axis) {
    if (axis < front || (from[axis - front] == 1 && to[axis] != 1)) stretched.push_back(axis);
  }
  return {reshape(sum(v.dy(), stretched), from)};
}

bool view(const Attributes&, const Layout& input, const Shape& output, Layout* result) {
  *result = {.shape = output, .offset = input.offset};
  const int front = output.rank() - input.shape.rank();
  for (int axis = 0; axis < input.shape.rank(); ++axis) {
    const std::int64_t stride = input.strides[static_cast<std::size_t>(axis)];
    const bool stretches = input.shape[axis] == 1 && output[axis + front] != 1;
    result->strides[static_cast<std::size_t>(axis + front)] = stretches ? 0 : stride;
  }
  return true;
}

}  // namespace

extern constinit const OpDef broadcast_to_op{
    .name = "broadcast_to",
    .summary = "An array repeated along axes of extent 1 and along new axes in front.",
    .equation = "y[j, i] = x[i]",
    .latex = "y_{ji} = x_i",
    .source = "Harris et al. 2020, Array programming with NumPy",
    .shape = shape,
    .vjp = vjp,
    .traits = {.view = view},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{5}}, .attributes = attributes::ToShape{{3, 5}}},
                                     {.shapes = {{3, 1}}, .attributes = attributes::ToShape{{2, 3, 4}}},
                                     {.shapes = {Shape{}}, .attributes = attributes::ToShape{{2, 3}}}};
        },
};

}  // namespace ops

Array broadcast_to(const Array& x, const Shape& shape) {
  if (ops::given(x, "broadcast_to").shape() == shape) return x;
  return apply1(ops::broadcast_to_op, {x}, attributes::ToShape{shape});
}

}  // namespace retrograd
