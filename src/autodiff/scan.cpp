// scan: the step traced once and closed, or unrolled; what must hold of it. Not here: the op and its vjp
// (loop.cpp).
#include <retrograd/ops.h>
#include <retrograd/scan.h>

#include <algorithm>
#include <optional>

#include "array/trace_state.h"
#include "array/variable_state.h"
#include "autodiff/loop.h"
#include "core/attributes/to_shape.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd::ops {
extern const OpDef reshape_op;
}

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

// The steps one after the other, each with nodes of its own.
ScanStep unrolled(ScanBody& body, std::vector<Array> carry, std::span<const Array> xs, std::int64_t length,
                  const ScanOptions& options) {
  std::vector<std::vector<Array>> outputs;  // of each step
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int64_t t = options.reverse ? length - 1 - i : i;
    std::optional<CheckpointScope> scope;
    if (options.checkpoint) scope.emplace();
    ScanStep made = body.step(carry, elements_at(xs, t));
    scope.reset();
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

bool depends_on(const Array& array, std::span<const Array> placeholders) {
  const Array roots[] = {array};
  const std::vector<Node*> nodes = reachable(roots);
  return std::any_of(nodes.begin(), nodes.end(), [&](const Node* node) {
    return std::any_of(placeholders.begin(), placeholders.end(),
                       [&](const Array& placeholder) { return placeholder.node().get() == node; });
  });
}

// The step traced once on placeholders.
struct Traced {
  ScanStep made;
  std::vector<Array> checks;
};

// What the step records stays in the trace around it where it does not depend on the step (the counter of
// random numbers moves on once); what depends on it has no one value there.
Traced trace_step(ScanBody& body, std::span<const Array> carry, std::span<const Array> elements,
                  std::span<const Array> placeholders) {
  TraceState* outer = current_trace();
  if (outer == nullptr) return {body.step(carry, elements), {}};
  TraceState inner = *outer;
  Traced traced;
  {
    const TraceScope scope(inner, mode());
    traced.made = body.step(carry, elements);
  }
  for (const Update& update : inner.updates) {
    if (!depends_on(update.value, placeholders)) continue;
    fail(ErrorKind::argument,
         "scan: the step updates variable {} with what it computes; expected no such update inside, as the "
         "step is traced once and runs many times: carry the value and call set_next behind the scan, or set "
         "ScanOptions::unroll",
         update.variable->name);
  }
  for (const Tap& tap : inner.taps) {
    if (!depends_on(tap.value, placeholders)) continue;
    fail(ErrorKind::argument,
         "scan: tap \"{}\" is inside the step, which runs many times; return the value among the outputs, or "
         "set ScanOptions::unroll",
         tap.name);
  }
  traced.checks.assign(inner.checks.begin() + static_cast<std::ptrdiff_t>(outer->checks.size()),
                       inner.checks.end());
  outer->random_ops = inner.random_ops;
  outer->updates = std::move(inner.updates);
  outer->taps = std::move(inner.taps);
  return traced;
}

// {0, t draws 2^32} for each step of the loop: what is added to a counter {seed, step}.
Array counter_offsets(std::int64_t length, std::int64_t draws) {
  std::vector<std::int64_t> offsets;
  for (std::int64_t t = 0; t < length; ++t) {
    offsets.push_back(0);
    offsets.push_back(t * draws << 32);
  }
  return Array::from(offsets, Shape{length, 2});
}

TensorType element_of(const TensorType& sequence) {
  return {sequence.dtype,
          Shape(std::span<const std::int64_t>(sequence.shape.begin() + 1, sequence.shape.end()))};
}

// Another name of an output, so that the evaluation of one does not keep all others of its node, as what is
// there for gradients.
Array renamed(const Array& array) {
  return apply1(ops::reshape_op, {array}, attributes::ToShape{array.shape()});
}

ScanStep looped(ScanBody& body, std::vector<Array> init, std::span<const Array> xs, std::int64_t length,
                const ScanOptions& options) {
  const std::uint64_t before = autodiff::id_of_now();
  std::vector<Array> carry, elements;
  for (const Array& array : init) carry.push_back(make_placeholder(array.type(), 0));
  for (const Array& sequence : xs) elements.push_back(make_placeholder(element_of(sequence.type()), 0));
  std::vector<Array> inputs = carry;
  inputs.insert(inputs.end(), elements.begin(), elements.end());
  const Traced traced = trace_step(body, carry, elements, inputs);
  expect_same(carry, traced.made.carry, "carry", options.reverse ? length - 1 : 0);
  for (const Array& y : traced.made.ys) ops::given(y, "scan");

  if (init.empty() && traced.made.ys.empty()) return {};

  std::vector<Array> roots = traced.made.carry;
  roots.insert(roots.end(), traced.made.ys.begin(), traced.made.ys.end());
  const std::size_t outputs = roots.size();
  roots.insert(roots.end(), traced.checks.begin(), traced.checks.end());
  autodiff::Closing closing(before);
  for (const Array& input : inputs) closing.replace(input, input);
  const Array offset = make_placeholder({DType::i64, Shape{2}}, 0);
  closing.replace(offset, offset);
  closing.move_counters_by(offset);
  const std::vector<Array> closed = closing.close(roots);

  Loop loop{.carries = init.size(), .sequences = xs.size(), .length = length, .reverse = options.reverse};
  loop.again = options.checkpoint;
  loop.outputs.assign(closed.begin(), closed.begin() + static_cast<std::ptrdiff_t>(outputs));
  loop.checks.assign(closed.begin() + static_cast<std::ptrdiff_t>(outputs), closed.end());
  std::vector<Array> arguments = std::move(init);
  arguments.insert(arguments.end(), xs.begin(), xs.end());
  if (closing.draws() > 0) {
    inputs.push_back(offset);
    arguments.push_back(counter_offsets(length, closing.draws()));
    ++loop.sequences;
    loop.draws = length * closing.draws();
  }
  for (std::size_t at : closing.counters()) loop.counters.push_back(inputs.size() + at);
  inputs.insert(inputs.end(), closing.placeholders().begin(), closing.placeholders().end());
  arguments.insert(arguments.end(), closing.captured().begin(), closing.captured().end());
  loop.inputs = std::move(inputs);
  const std::size_t carries = loop.carries;
  const std::vector<Array> made = autodiff::make_loop(std::move(loop), std::move(arguments));
  ScanStep all;
  for (std::size_t k = 0; k < outputs; ++k) (k < carries ? all.carry : all.ys).push_back(renamed(made[k]));
  return all;
}

}  // namespace

ScanStep scan(ScanBody& body, std::vector<Array> init, std::span<const Array> xs,
              const ScanOptions& options) {
  for (const Array& array : init) ops::given(array, "scan");
  const std::int64_t length = length_of(xs, options);
  return options.unroll ? unrolled(body, std::move(init), xs, length, options)
                        : looped(body, std::move(init), xs, length, options);
}

}  // namespace retrograd::internal
