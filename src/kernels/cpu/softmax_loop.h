// The inner loops of softmax, log_softmax and the cross-entropy of logits, for the best instruction set that
// the processor has.
#pragma once

#include <cstdint>

namespace retrograd::kernels::cpu {

// x [rows, K] -> y [rows, K], both contiguous; y may be x. K >= 1.
void softmax_rows(const float* x, float* y, std::int64_t rows, std::int64_t K);
void log_softmax_rows(const float* x, float* y, std::int64_t rows, std::int64_t K);

// x [rows, K] -> y [rows, K]: (softmax(x)_k - [k = labels_n]) dy_n, labels in [0, K); y may be x.
void softmax_errors(const float* x, float* y, std::int64_t rows, std::int64_t K, const std::int64_t* labels,
                    const float* dy);

// x [rows, K] -> largest [rows], log_sum [rows]: the natural logarithm of sum_k exp(x_k - largest).
void log_sums(const float* x, std::int64_t rows, std::int64_t K, float* largest, float* log_sum);

}  // namespace retrograd::kernels::cpu
