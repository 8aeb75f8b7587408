// Which cases an op has.
#include "kernels/cases.h"

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
  return cases.empty() ? other_cases(op) : cases;
}

}  // namespace retrograd::kernels::testing
