// Tries every sample of an op in every dtype. Values do not matter to it; tests/ops and tests/kernels look at
// those.
#include "op_support.h"

#include <fmt/format.h>
#include <retrograd/error.h>

#include <algorithm>
#include <vector>

#include "kernels/kernel_table.h"

namespace docs {
namespace {

using namespace retrograd;

// Does `dtype` stand in this place? It stands for the floating inputs, or, where the sample has none, for
// all.
bool is_free(const Sample& sample, std::size_t i) {
  const auto is_fixed = [&](std::size_t k) {
    return k < sample.dtypes.size() && !is_floating(sample.dtypes[k]);
  };
  for (std::size_t k = 0; k < sample.shapes.size(); ++k) {
    if (!is_fixed(k)) return !is_fixed(i);
  }
  return true;
}

// The call of the sample; empty outputs where the op refuses the dtype.
kernels::Call call_of(const OpDef& op, const Sample& sample, DType dtype) {
  kernels::Call call{.op = op.name, .attributes = sample.attributes};
  std::vector<TensorType> types;
  for (std::size_t i = 0; i < sample.shapes.size(); ++i) {
    types.push_back({is_free(sample, i) ? dtype : sample.dtypes[i], sample.shapes[i]});
    call.inputs.push_back({types.back().dtype, Layout::row_major(types.back().shape)});
  }
  try {
    for (const TensorType& type : op.shape({op, types, sample.attributes})) {
      call.outputs.push_back({type.dtype, Layout::row_major(type.shape)});
    }
  } catch (const Error&) {
    call.outputs.clear();
  }
  const bool other_constant = types.empty() && !call.outputs.empty() && call.outputs[0].dtype != dtype;
  if (other_constant) call.outputs.clear();
  return call;
}

std::string factor(const kernels::ErrorBound& error) {
  if (error.per_term == 0) return fmt::format("{} u s", error.constant);
  const std::string n = error.per_term == 1 ? "n" : fmt::format("{} n", error.per_term);
  return error.constant == 0 ? n + " u s" : fmt::format("({} + {}) u s", n, error.constant);
}

std::string words(const kernels::ErrorBound& error) {
  if (error.is_exact()) return "none";
  const std::string ulps = error.ulps > 0 ? fmt::format("{} ulp", error.ulps) : "";
  if (!error.has_size()) return "at most " + ulps;
  std::string text = "at most " + factor(error) + (ulps.empty() ? "" : " + " + ulps);
  if (error.per_term > 0) text += fmt::format(", n = {}", error.terms);
  return text + fmt::format(", s = {}", error.size);
}

std::string words(const kernels::ErrorBounds& errors) {
  if (errors.count() == 1) return words(errors.of(0));
  std::string text;
  for (std::size_t k = 0; k < errors.count(); ++k) {
    text += fmt::format("{}of output {}: {}", k == 0 ? "" : "; ", k, words(errors.of(k)));
  }
  return text;
}

}  // namespace

std::string support(const OpDef& op, DType dtype) {
  bool is_taken = false, by_reference = false, fast = false;
  for (const Sample& sample : op.samples()) {
    const kernels::Call call = call_of(op, sample, dtype);
    if (call.outputs.empty()) continue;
    is_taken = true;
    for (const kernels::KernelDef* kernel : kernels::kernel_table()) {
      if (kernel->op != op.name || !kernel->supports(call)) continue;
      (kernel->backend == "reference" ? by_reference : fast) = true;
    }
  }
  if (!is_taken) return "";
  if (op.traits.view != nullptr) return "v";
  std::string text = by_reference ? "r" : op.expand != nullptr ? "d" : "";
  return fast ? text + "f" : text;
}

std::vector<StatedError> stated_errors(const OpDef& op) {
  std::vector<StatedError> stated;
  for (const kernels::KernelDef* kernel : kernels::kernel_table()) {
    if (kernel->op != op.name) continue;
    const std::string backend(kernel->backend), text = words(kernel->error);
    const auto same = std::find_if(stated.begin(), stated.end(),
                                   [&](const StatedError& other) { return other.bound == text; });
    if (same == stated.end()) {
      stated.push_back({backend, text});
    } else if (same->kernels.find(backend) == std::string::npos) {
      same->kernels += ", " + backend;
    }
  }
  return stated;
}

}  // namespace docs
