// The factors multiply to the gradients of the graph, the terms add to the sums: the record says nothing that
// the graph does not.
#include <algorithm>
#include <cmath>
#include <string>

#include "core/fail.h"
#include "explain/formulas.h"
#include "explain/numbers.h"

namespace retrograd::explain {
namespace {

// Both sides are the same few operations in float64 in another order, some of them sums of up to thousands of
// terms: their difference is below 1e-11 of the largest magnitude that was added (`scale`).
void expect_equal(double found, double graph, double scale, const std::string& what) {
  const bool equal = found == graph || std::abs(found - graph) <= 1e-11 * scale;
  const bool both_broken = !std::isfinite(found) && !std::isfinite(graph);
  if (!equal && !both_broken) {
    fail(ErrorKind::internal, "explain: {} is {} by its factors, {} in the graph", what, found, graph);
  }
}

double largest(const Matrix& matrix) {
  double found = 0;
  for (const double value : matrix.values) found = std::max(found, std::abs(value));
  return found;
}

void verify_sums(const StageNumbers& stage, const std::string& name) {
  for (std::int64_t n = 0; n < stage.z.rows; ++n) {
    for (std::int64_t j = 0; j < stage.z.columns; ++j) {
      double total = stage.b.values.empty() ? 0.0 : stage.b(0, j);
      double scale = std::abs(total);
      for (std::int64_t i = 0; i < stage.x.columns; ++i) {
        const double term = stage.w(i, j) * stage.x(n, i);
        total += term;
        scale += std::abs(term);
      }
      expect_equal(total, stage.z(n, j), scale, fmt::format("z_{} of {}", j + 1, name));
    }
  }
}

void verify_deltas(const StageNumbers& stage, const std::string& name) {
  if (!stage.dE_dy) return;
  const auto outputs = static_cast<std::int64_t>(stage.dyk_dz.size());
  if (!stage.dy_dz && outputs == 0) return;
  for (std::int64_t n = 0; n < stage.z.rows; ++n) {
    for (std::int64_t j = 0; j < stage.z.columns; ++j) {
      double product = 0, scale = 0;
      if (stage.dy_dz) {
        product = (*stage.dE_dy)(n, j) * (*stage.dy_dz)(n, j);
        scale = std::abs((*stage.dE_dy)(n, j)) * std::max(1.0, std::abs((*stage.dy_dz)(n, j)));
      }
      for (std::int64_t k = 0; k < outputs; ++k) {
        const double term = (*stage.dE_dy)(n, k) * stage.dyk_dz[static_cast<std::size_t>(k)](n, j);
        product += term;
        scale += std::abs((*stage.dE_dy)(n, k));
      }
      expect_equal(product, stage.dE_dz(n, j), scale, fmt::format("dE/dz_{} of {}", j + 1, name));
    }
  }
}

// dE/dy_j = sum_k dE/dz_k w_jk over the units k of the next stage.
void verify_back_terms(const StageNumbers& stage, const StageNumbers& next, const std::string& name) {
  if (!stage.dE_dy) return;
  for (std::int64_t n = 0; n < stage.y.rows; ++n) {
    for (std::int64_t j = 0; j < stage.y.columns; ++j) {
      double total = 0, scale = 0;
      for (std::int64_t k = 0; k < next.z.columns; ++k) {
        total += next.dE_dz(n, k) * next.w(j, k);
        scale += std::abs(next.dE_dz(n, k) * next.w(j, k));
      }
      expect_equal(total, (*stage.dE_dy)(n, j), scale, fmt::format("dE/dy_{} of {}", j + 1, name));
    }
  }
}

// Of the mean error: deltas of single samples are summed there after division by N, so where they cancel
// within one the largest gradient of the layer is the scale.
void verify_gradients(const StageNumbers& stage, const std::string& name) {
  const double samples = static_cast<double>(stage.x.rows);
  const double scale_w = std::max(largest(stage.dE_dw), largest(stage.dE_dz) * largest(stage.x));
  const double scale_b = std::max(largest(stage.dE_db), largest(stage.dE_dz));
  for (std::int64_t j = 0; j < stage.z.columns; ++j) {
    for (std::int64_t i = 0; i < stage.x.columns; ++i) {
      double total = 0;
      for (std::int64_t n = 0; n < stage.x.rows; ++n) total += stage.dE_dz(n, j) * stage.x(n, i);
      expect_equal(total / samples, stage.dE_dw(i, j), scale_w,
                   fmt::format("dE/d{} of {}", parameter_name(i + 1, j + 1), name));
    }
    if (stage.b.values.empty()) continue;
    double total = 0;
    for (std::int64_t n = 0; n < stage.x.rows; ++n) total += stage.dE_dz(n, j);
    expect_equal(total / samples, stage.dE_db(0, j), scale_b,
                 fmt::format("dE/d{} of {}", parameter_name(0, j + 1), name));
  }
}

void verify_error(const Numbers& numbers) {
  if (!numbers.terms) return;
  for (std::int64_t n = 0; n < numbers.terms->rows; ++n) {
    double total = 0, scale = 0;
    for (std::int64_t k = 0; k < numbers.terms->columns; ++k) {
      total += (*numbers.terms)(n, k);
      scale += std::abs((*numbers.terms)(n, k));
    }
    expect_equal(total, numbers.errors[static_cast<std::size_t>(n)], scale,
                 fmt::format("E of sample {}", n + 1));
  }
}

}  // namespace

void verify(const Numbers& numbers, const Network& network) {
  for (std::size_t i = 0; i < numbers.stages.size(); ++i) {
    const std::string& name = network.stages[i].linear->name();
    verify_sums(numbers.stages[i], name);
    verify_deltas(numbers.stages[i], name);
    verify_gradients(numbers.stages[i], name);
    if (i + 1 < numbers.stages.size()) verify_back_terms(numbers.stages[i], numbers.stages[i + 1], name);
  }
  verify_error(numbers);
}

}  // namespace retrograd::explain
