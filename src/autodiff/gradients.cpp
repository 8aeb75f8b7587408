// gradients, vjp and jvp: the checks and what is said of unreached targets. The sweep is in pull_back.cpp.
#include <retrograd/gradients.h>
#include <retrograd/ops.h>

#include "array/node.h"
#include "autodiff/pull_back.h"
#include "core/fail.h"

namespace retrograd {
namespace {

void check_targets(std::span<const Array> targets, const char* what) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].empty()) fail(ErrorKind::argument, "{}: target {} is an empty array", what, i);
    if (!is_floating(targets[i].dtype())) {
      fail(ErrorKind::dtype, "{}: target {} is {}; expected f32 or f64", what, i,
           targets[i].type().to_string());
    }
  }
}

std::string describe(const Array& target, std::size_t index) {
  const Node& node = *target.node();
  if (node.op != nullptr) return fmt::format("target {} (made by {})", index, node.op->name);
  return fmt::format("target {} ({})", index, target.type().to_string());
}

void fill_unused(std::vector<Array>& result, std::span<const Array> targets, GradientOptions options,
                 const char* what, bool evaluated) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!result[i].empty()) continue;
    if (!options.allow_unused) {
      fail(ErrorKind::argument, "{}: the result does not depend on {}{}", what, describe(targets[i], i),
           evaluated ? "; it has been evaluated already, which cuts its graph: take gradients first"
                     : "; set allow_unused to get zeros");
    }
    result[i] = zeros(targets[i].shape(), targets[i].dtype());
  }
}

}  // namespace

std::vector<Array> vjp(std::span<const Array> outputs, std::span<const Array> inputs,
                       std::span<const Array> cotangents, GradientOptions options) {
  check_targets(inputs, "vjp");
  if (outputs.size() != cotangents.size()) {
    fail(ErrorKind::argument, "vjp: {} outputs but {} cotangents", outputs.size(), cotangents.size());
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (!cotangents[k].empty() && cotangents[k].type() != outputs[k].type()) {
      fail(ErrorKind::shape, "vjp: cotangent {} is {}; expected {}, the type of its output", k,
           cotangents[k].type().to_string(), outputs[k].type().to_string());
    }
  }
  std::vector<Array> result = autodiff::pull_back(outputs, cotangents, inputs, false);
  fill_unused(result, inputs, options, "vjp", false);
  return result;
}

std::vector<Array> gradients(const Array& of, std::span<const Array> targets, GradientOptions options) {
  check_targets(targets, "gradients");
  if (of.rank() != 0 || !is_floating(of.dtype())) {
    fail(of.rank() != 0 ? ErrorKind::shape : ErrorKind::dtype,
         "gradients: the error must be a floating scalar, got {}; reduce it with sum or mean, or use vjp",
         of.type().to_string());
  }
  const Array outputs[] = {of};
  const Array cotangents[] = {ones(of.shape(), of.dtype())};
  std::vector<Array> result = autodiff::pull_back(outputs, cotangents, targets, false);
  fill_unused(result, targets, options, "gradients", of.node()->is_leaf());
  return result;
}

std::vector<Array> gradients(const Array& of, std::span<const Variable> targets, GradientOptions options) {
  const std::vector<Array> reads(targets.begin(), targets.end());
  return gradients(of, std::span<const Array>(reads), options);
}

std::vector<Array> gradients(const Array& of, std::initializer_list<Array> targets, GradientOptions options) {
  return gradients(of, std::span<const Array>(targets.begin(), targets.size()), options);
}

Array gradient(const Array& of, const Array& target, GradientOptions options) {
  const Array targets[] = {target};
  return std::move(gradients(of, std::span<const Array>(targets), options)[0]);
}

std::vector<Array> jvp(std::span<const Array> outputs, std::span<const Array> inputs,
                       std::span<const Array> tangents, GradientOptions options) {
  check_targets(inputs, "jvp");
  if (inputs.size() != tangents.size()) {
    fail(ErrorKind::argument, "jvp: {} inputs but {} tangents", inputs.size(), tangents.size());
  }
  // u -> J^T u is linear, so its own vjp at any u is v -> J v.
  std::vector<Array> u;
  for (const Array& output : outputs) u.push_back(stop_gradient(zeros(output.shape(), output.dtype())));
  std::vector<Array> pulled = autodiff::pull_back(outputs, u, inputs, false);
  fill_unused(pulled, inputs, options, "jvp", false);
  std::vector<Array> result = autodiff::pull_back(pulled, tangents, u, false);
  for (std::size_t k = 0; k < result.size(); ++k) {
    if (result[k].empty()) result[k] = zeros(outputs[k].shape(), outputs[k].dtype());
  }
  return result;
}

}  // namespace retrograd
