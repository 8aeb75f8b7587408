// Which cases an op has.
#include "kernels/cases.h"

#include <gtest/gtest.h>

namespace retrograd::kernels::testing {

std::vector<Case> cases_of(std::string_view op) {
  if (op == "chain") return chain_cases();
  if (op == "attention" || op == "attention_backward") return attention_cases(op);
  if (op.starts_with("rnn") || op.starts_with("lstm") || op.starts_with("gru")) return recurrent_cases(op);
  if (op.starts_with("convolution") || op.find("_pool") != std::string_view::npos || op == "reorder") {
    return image_cases(op);
  }
  if (op.starts_with("batch_norm")) return batch_norm_cases(op);
  if (op == "matmul") return matmul_cases();
  if (op == "sum" || op == "max" || op == "argmax") return reduce_cases(op);
  if (op == "softmax" || op == "log_softmax") return softmax_cases(op);
  if (op == "cross_entropy_with_logits") return cross_entropy_cases();
  if (op == "cross_entropy_with_logits_gradient") return cross_entropy_gradient_cases();
  if (op == "adam_update" || op == "sgd_momentum_update") return update_cases(op);
  std::vector<Case> cases = elementwise_cases(op);
  if (cases.empty()) cases = other_cases(op);
  return cases.empty() ? reference_cases(op) : cases;
}

double allowed(const KernelDef& kernel, const Case& c, std::size_t k, std::size_t i) {
  const ErrorBound& error = kernel.error.of(k);
  const DType dtype = c.call.outputs[k].dtype;
  const double y = c.expected[k][i];
  double most = c.beyond.empty() ? 0 : c.beyond[k][i];
  if (error.is_exact() || !is_floating(dtype)) return most;
  const auto measure = c.measures.find(error.size);
  if (measure == c.measures.end() && error.has_size() && c.sizes.empty()) {
    ADD_FAILURE() << c.name << " says no size";
    return 0;
  }
  if (measure != c.measures.end()) {
    most += error.largest(measure->second.terms, measure->second.sizes[i], unit_roundoff, ulp(y, dtype));
  } else {
    const double n = c.terms.empty() ? 0 : c.terms[k];
    most += error.largest(n, c.sizes.empty() ? 0 : c.sizes[k][i], unit_roundoff, ulp(y, dtype));
  }
  if (!error.rounds_once()) most += 0x1p-126;
  return most * (1 + 1e-9);  // the expected numbers are themselves rounded to double
}

}  // namespace retrograd::kernels::testing
