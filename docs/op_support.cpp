// Tries every sample of an op in every dtype. Values do not matter to it; tests/ops and tests/kernels look at
// those.
#include "op_support.h"

#include <fmt/format.h>
#include <retrograd/error.h>

#include <algorithm>
#include <vector>

#include "kernels/kernel_table.h"
#include "kernels/reference/scalar_functions.h"

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

std::string stated_error(const OpDef& op) {
  struct Stated {
    std::string_view op;
    double max_ulp;
  };
  using namespace kernels::reference;
#define RETROGRAD_STATED(F) {F::op, F::max_ulp},
  static const std::vector<Stated> all{RETROGRAD_ELEMENTWISE(RETROGRAD_STATED)};
#undef RETROGRAD_STATED
  for (const Stated& stated : all) {
    if (stated.op != op.name) continue;
    return stated.max_ulp == 0 ? "none"
                               : fmt::format("at most {} units in the last place of f32", stated.max_ulp);
  }
  return "";
}

}  // namespace docs
