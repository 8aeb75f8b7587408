// argsort: everything about the op except its kernels; and sort and top_k, which are made of it and gather.
#include "core/attributes/argsort.h"

#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_number(args, 0);
  const auto& sorted = args.attributes.as<attributes::Argsort>();
  Shape result = args.inputs[0].shape;
  expect_axis(args, sorted.axis, result.rank());
  std::int64_t& extent = result[static_cast<int>(sorted.axis)];
  if (sorted.count < 0 || sorted.count > extent) {
    fail(ErrorKind::shape, "argsort: {} places of {} along axis {}; expected 0 <= count <= {}", sorted.count,
         args.inputs[0].to_string(), sorted.axis, extent);
  }
  extent = sorted.count;
  return {{DType::i32, result}};
}

}  // namespace

extern constinit const OpDef argsort_op{
    .name = "argsort",
    .summary = "The positions of the first elements in sorted order along one axis.",
    .equation = "x_(y_0) <= x_(y_1) <= ...; descending: >=",
    .latex = R"(x_{y_0} \le x_{y_1} \le \dots)",
    .source = "Elementary",
    .shape = shape,
    .vjp = Gradient::none(),
    .convention = "Equal elements stay in order, ascending and descending. NaN is the largest.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Argsort{1, 5, false}, .distinct = true},
              {.shapes = {{2, 6, 3}}, .attributes = attributes::Argsort{1, 2, true}, .distinct = true},
              {.shapes = {{9}},
               .attributes = attributes::Argsort{0, 9, true},
               .low = -3,
               .high = 3,
               .dtypes = {DType::i32}}};
        },
};

}  // namespace ops

Array argsort(const Array& x, int axis, bool descending) {
  const int normalised = normalise_axis(axis, ops::given(x, "argsort").rank(), "argsort");
  return apply1(ops::argsort_op, {x}, attributes::Argsort{normalised, x.shape()[normalised], descending});
}

std::array<Array, 2> sort(const Array& x, int axis, bool descending) {
  const Array indices = argsort(x, axis, descending);
  return {gather(x, indices, axis), indices};
}

std::array<Array, 2> top_k(const Array& x, std::int64_t k, int axis) {
  const int normalised = normalise_axis(axis, ops::given(x, "top_k").rank(), "top_k");
  const std::int64_t extent = x.shape()[normalised];
  if (k < 0 || k > extent) {
    fail(ErrorKind::shape, "top_k: k is {} for {} elements along axis {}; expected 0 <= k <= {}", k, extent,
         normalised, extent);
  }
  const Array indices = apply1(ops::argsort_op, {x}, attributes::Argsort{normalised, k, true});
  return {gather(x, indices, normalised), indices};
}

}  // namespace retrograd
