// scan: the steps one after the other, and what must hold between them.
#include <retrograd/ops.h>
#include <retrograd/scan.h>

#include <algorithm>
#include <optional>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd::internal {
namespace {

// The length that the sequences, or else the options, say.
std::int64_t length_of(std::span<const Array> xs, const ScanOptions& options) {
  std::int64_t length = options.length;
  for (std::size_t k = 0; k < xs.size(); ++k) {
    const Shape& shape = ops::given(xs[k], "scan").shape();
    if (shape.rank() == 0) fail(ErrorKind::shape, "scan: sequence {} is a scalar; expected [T, ...]", k);
    if (length >= 0 && shape[0] != length) {
      fail(ErrorKind::shape, "scan: sequence {} is {}; expected {} elements along its first axis", k,
           shape.to_string(), length);
    }
    length = shape[0];
  }
  if (length < 0) fail(ErrorKind::argument, "scan: no sequence and no length; set ScanOptions::length");
  if (length == 0) fail(ErrorKind::shape, "scan: the sequences are empty; expected at least one element");
  return length;
}

std::vector<Array> elements_at(std::span<const Array> xs, std::int64_t t) {
  std::vector<Array> elements;
  for (const Array& x : xs) elements.push_back(squeeze(slice_axis(x, 0, t, t + 1), 0));
  return elements;
}

// `found` has the number and types of `expected`; `what` is "carry" or "output".
void expect_same(std::span<const Array> expected, std::span<const Array> found, const char* what,
                 std::int64_t t) {
  if (found.size() != expected.size()) {
    fail(ErrorKind::argument, "scan: step {} gave {} arrays as {}; expected {}", t, found.size(), what,
         expected.size());
  }
  for (std::size_t k = 0; k < found.size(); ++k) {
    const TensorType& type = ops::given(found[k], "scan").type();
    const TensorType& wanted = expected[k].type();
    if (type == wanted) continue;
    fail(type.dtype == wanted.dtype ? ErrorKind::shape : ErrorKind::dtype,
         "scan: {} {} is {} at step {}; expected {} as before", what, k, type.to_string(), t,
         wanted.to_string());
  }
}

ScanStep one_step(ScanBody& body, std::span<const Array> carry, std::span<const Array> x, bool again) {
  std::optional<CheckpointScope> scope;
  if (again) scope.emplace();
  return body.step(carry, x);
}

}  // namespace

ScanStep scan(ScanBody& body, std::vector<Array> init, std::span<const Array> xs,
              const ScanOptions& options) {
  for (const Array& array : init) ops::given(array, "scan");
  const std::int64_t length = length_of(xs, options);
  std::vector<Array> carry = std::move(init);
  std::vector<std::vector<Array>> outputs;  // of each step
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int64_t t = options.reverse ? length - 1 - i : i;
    ScanStep made = one_step(body, carry, elements_at(xs, t), options.checkpoint);
    expect_same(carry, made.carry, "carry", t);
    if (!outputs.empty()) expect_same(outputs.front(), made.ys, "output", t);
    carry = std::move(made.carry);
    outputs.push_back(std::move(made.ys));
  }
  if (options.reverse) std::reverse(outputs.begin(), outputs.end());
  ScanStep all{std::move(carry), {}};
  for (std::size_t k = 0; k < outputs.front().size(); ++k) {
    std::vector<Array> of_one;
    for (const std::vector<Array>& ys : outputs) of_one.push_back(ys[k]);
    all.ys.push_back(stack(of_one, 0));
  }
  return all;
}

}  // namespace retrograd::internal
