// Rows of scores of attention, for the best instruction set that the processor has.
#pragma once

#include <cstdint>

namespace retrograd::kernels::cpu {

// Less than any score; such a score has weight 0.
constexpr float unseen_score = -1e30f;

// A query's running maximum and sum of exponentials.
struct RunningSum {
  float largest = unseen_score;
  float sum = 0;
};

// s [total] holds products of a query and keys, of which the first `count` are scores: s <- exp(scale s -
// largest), 0 behind them. Gives the factor by which what was summed before shrinks.
float weigh_scores(float* s, std::int64_t count, std::int64_t total, float scale, RunningSum& running);

// s [total] likewise, dp [total] the cotangents of the weights: s <- P = exp(scale s - log_sum),
// dp <- P (dp - delta) scale.
void slopes_of_scores(float* s, float* dp, std::int64_t count, std::int64_t total, float scale, float log_sum,
                      float delta);

// y <- factor y.
void scale_row(float* y, std::int64_t count, float factor);

}  // namespace retrograd::kernels::cpu
