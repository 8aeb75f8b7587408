// matmul: a [..., M, K], b [..., K, N] -> y [..., M, N]. Each sum is taken in the dtype itself, in the order
// of k.
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void matmul(const Call& call, const Operands& operands, int, int) {
  const Layout& a = call.inputs[0].layout;
  const Layout& b = call.inputs[1].layout;
  const int rank = a.shape.rank();
  const std::int64_t M = a.shape[rank - 2], K = a.shape[rank - 1], N = b.shape[rank - 1];
  const std::int64_t a_m = reference::stride(a, rank - 2), a_k = reference::stride(a, rank - 1);
  const std::int64_t b_k = reference::stride(b, rank - 2), b_n = reference::stride(b, rank - 1);
  const Shape batch(std::span<const std::int64_t>(a.shape.begin(), static_cast<std::size_t>(rank - 2)));
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    for (reference::Index i(batch); i.valid(); i.next()) {
      const T* A = operands.in<T>(0) + i.offset(a);
      const T* B = operands.in<T>(1) + i.offset(b);
      T* Y = operands.out<T>() + i.position() * M * N;
      for (std::int64_t m = 0; m < M; ++m) {
        for (std::int64_t n = 0; n < N; ++n) {
          T sum = 0;
          for (std::int64_t k = 0; k < K; ++k) sum += A[m * a_m + k * a_k] * B[k * b_k + n * b_n];
          Y[m * N + n] = sum;
        }
      }
    }
  });
}

}  // namespace

extern const KernelDef matmul_reference =
    reference::kernel<matmul>("matmul", ErrorBound::sum("K", "sum |a b|"));

}  // namespace retrograd::kernels
