// reshape: everything about the op except its kernels.
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
  const TensorType& x = args.inputs[0];
  const Shape& result = args.attributes.as<attributes::ToShape>().shape;
  if (result.size() != x.shape.size()) {
    fail(ErrorKind::shape, "reshape: {} has {} elements, {} has {}; expected as many", x.shape.to_string(),
         x.shape.size(), result.to_string(), result.size());
  }
  return {{x.dtype, result}};
}

std::vector<Array> vjp(const VjpArgs& v) { return {reshape(v.dy(), v.x().shape())}; }

bool view(const Attributes&, const Layout& input, const Shape& output, Layout* result) {
  if (!input.is_contiguous()) return false;
  *result = Layout::row_major(output);
  result->offset = input.offset;
  return true;
}

}  // namespace

extern constinit const OpDef reshape_op{
    .name = "reshape",
    .summary = "The same elements, in row-major order, in another shape.",
    .equation = "y = x, reshaped",
    .latex = R"(y = \operatorname{reshape}(x))",
    .source = "Elementary",
    .shape = shape,
    .vjp = vjp,
    .traits = {.view = view},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 4}}, .attributes = attributes::ToShape{{2, 6}}},
                                     {.shapes = {{2, 3, 4}}, .attributes = attributes::ToShape{{24}}},
                                     {.shapes = {Shape{}}, .attributes = attributes::ToShape{{1, 1}}}};
        },
};

}  // namespace ops

Array reshape(const Array& x, const Shape& shape) {
  if (ops::given(x, "reshape").shape() == shape) return x;
  return apply1(ops::reshape_op, {x}, attributes::ToShape{shape});
}

Array reshape(const Array& x, std::initializer_list<std::int64_t> extents) {
  ops::given(x, "reshape");
  Shape shape;
  int open = -1;
  std::int64_t known = 1;
  for (std::int64_t extent : extents) {
    if (extent < -1 || (extent == -1 && open >= 0)) {
      fail(ErrorKind::shape, "reshape: extent {}; expected extents of 0 or more and at most one -1", extent);
    }
    if (extent == -1) open = shape.rank();
    if (extent >= 0) known *= extent;
    shape.push_back(extent == -1 ? 1 : extent);
  }
  if (open < 0) return reshape(x, shape);
  if (known == 0 || x.size() % known != 0) {
    fail(ErrorKind::shape,
         "reshape: {} has {} elements; expected a multiple of {}, the product of the other extents",
         x.shape().to_string(), x.size(), known);
  }
  shape[open] = x.size() / known;
  return reshape(x, shape);
}

}  // namespace retrograd
