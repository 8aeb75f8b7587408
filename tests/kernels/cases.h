// Calls to try kernels on, with what they must give and how near.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/numbers.h"

namespace retrograd::kernels::testing {

struct Case {
  std::string name;
  Call call;
  std::vector<Numbers> inputs;    // the storage of each input, exact in its dtype
  std::vector<Numbers> expected;  // of each output
  // What the error bounds of kernels (kernels/error_bound.h) call n and size, of each output; empty: 0.
  std::vector<double> terms = {};
  std::vector<Numbers> sizes = {};
  // The same of a bound whose `size` is this text, for one output; it stands before the others.
  struct Measure {
    double terms = 0;
    Numbers sizes = {};
  };
  std::map<std::string_view, Measure> measures = {};
  // What the stages of an epilogue or the links of a chain add to the bound; empty: nothing.
  std::vector<Numbers> beyond = {};
  // Fast kernels give the reference kernel's bits, be the bound what it may.
  bool as_reference = false;
};

// The largest error of element i of output k that the kernel states.
double allowed(const KernelDef& kernel, const Case& c, std::size_t k, std::size_t i);

// Every case of the op; several kernels may serve different ones.
std::vector<Case> cases_of(std::string_view op);

std::vector<Case> elementwise_cases(std::string_view op);
std::vector<Case> chain_cases();
std::vector<Case> matmul_cases();
std::vector<Case> recurrent_cases(std::string_view op);   // rnn, lstm, gru and their backward ops
std::vector<Case> attention_cases(std::string_view op);   // attention, attention_backward
std::vector<Case> image_cases(std::string_view op);       // convolutions, poolings, reorder
std::vector<Case> batch_norm_cases(std::string_view op);  // batch_norm, batch_norm_gradient
std::vector<Case> reduce_cases(std::string_view op);      // sum, max, argmax
std::vector<Case> softmax_cases(std::string_view op);     // softmax, log_softmax
std::vector<Case> cross_entropy_cases();
std::vector<Case> cross_entropy_gradient_cases();
std::vector<Case> update_cases(std::string_view op);     // adam_update, sgd_momentum_update
std::vector<Case> other_cases(std::string_view op);      // what gives the reference kernel's results exactly
std::vector<Case> reference_cases(std::string_view op);  // ops that have a reference kernel alone

}  // namespace retrograd::kernels::testing
