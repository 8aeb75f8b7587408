// matmul: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

void expect_matrices(const Shape& a, const Shape& b) {
  if (a.rank() < 2 || b.rank() < 2) {
    fail(ErrorKind::shape,
         "matmul: shapes {} and {}; expected ranks of 2 and more: reshape() a vector to [1, n] or [n, 1]",
         a.to_string(), b.to_string());
  }
  if (a[a.rank() - 1] != b[b.rank() - 2]) {
    fail(ErrorKind::shape,
         "matmul: inner extents {} and {} of shapes {} and {} differ; expected [..., M, K] and [..., K, N]",
         a[a.rank() - 1], b[b.rank() - 2], a.to_string(), b.to_string());
  }
}

// The axes in front of the matrix.
Shape batch_of(const Shape& shape) {
  return Shape(std::span<const std::int64_t>(shape.begin(), static_cast<std::size_t>(shape.rank() - 2)));
}

Shape with_matrix(Shape batch, std::int64_t rows, std::int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_floating(args, 0);
  const TensorType& a = args.inputs[0];
  const TensorType& b = args.inputs[1];
  if (a.dtype != b.dtype) {
    fail(ErrorKind::dtype, "matmul: dtypes {} and {} differ; expected one dtype: convert one with cast()",
         name(a.dtype), name(b.dtype));
  }
  expect_matrices(a.shape, b.shape);
  const Shape batch = batch_of(a.shape);
  if (batch != batch_of(b.shape)) {
    fail(ErrorKind::shape, "matmul: shapes {} and {}; expected equal axes in front of the matrices",
         a.shape.to_string(), b.shape.to_string());
  }
  return {{a.dtype, with_matrix(batch, a.shape[a.shape.rank() - 2], b.shape[b.shape.rank() - 1])}};
}

Array transposed(const Array& x) {
  std::vector<int> order;
  for (int axis = 0; axis < x.rank(); ++axis) order.push_back(axis);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return transpose(x, order);
}

// Y = A B:  dA = dY B^T, dB = A^T dY
std::vector<Array> vjp(const VjpArgs& v) {
  return {matmul(v.dy(), transposed(v.x(1))), matmul(transposed(v.x(0)), v.dy())};
}

// A product and a sum for each of K terms.
double flops(const ShapeArgs& args) {
  const Shape& a = args.inputs[0].shape;
  const Shape& b = args.inputs[1].shape;
  return 2.0 * static_cast<double>(a.size()) * static_cast<double>(b[b.rank() - 1]);
}

}  // namespace

extern constinit const OpDef matmul_op{
    .name = "matmul",
    .summary = "The product of two matrices, or of two stacks of as many matrices.",
    .equation = "y[m, n] = sum_k a[m, k] b[k, n]",
    .latex = R"(Y = A B, \quad y_{mn} = \sum_k a_{mk} b_{kn})",
    .source = "Goodfellow, Bengio, Courville 2016, 2.2; derivative: 6.5.6",
    .shape = shape,
    .vjp = vjp,
    .traits = {.takes_epilogue = true, .low_precision = true},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 4}, {4, 5}}}, {.shapes = {{1, 7}, {7, 2}}}, {.shapes = {{2, 3, 4}, {2, 4, 2}}}};
        },
    .flops = flops,
};

}  // namespace ops

Array matmul(const Array& a, const Array& b) {
  const Shape& in_a = ops::given(a, "matmul").shape();
  const Shape& in_b = ops::given(b, "matmul").shape();
  if (in_a.rank() == in_b.rank() && in_a.rank() <= 2) return apply1(ops::matmul_op, {a, b});
  ops::expect_matrices(in_a, in_b);
  const std::int64_t m = in_a[in_a.rank() - 2];
  const std::int64_t k = in_a[in_a.rank() - 1];
  const std::int64_t n = in_b[in_b.rank() - 1];
  const Shape batch_a = ops::batch_of(in_a);
  if (in_b.rank() == 2) {  // one matrix for all: a single product of tall matrices
    const Array product = apply1(ops::matmul_op, {reshape(a, Shape{batch_a.size() * m, k}), b});
    return reshape(product, ops::with_matrix(batch_a, m, n));
  }
  const Shape batch = broadcast(batch_a, ops::batch_of(in_b), "matmul");
  return apply1(ops::matmul_op, {broadcast_to(a, ops::with_matrix(batch, m, k)),
                                 broadcast_to(b, ops::with_matrix(batch, k, n))});
}

}  // namespace retrograd
