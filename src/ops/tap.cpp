// tap: everything about the op except its kernels; it has one for plans without passes alone.
#include "core/attributes/tap.h"

#include <retrograd/tap.h>

#include "array/trace_state.h"
#include "core/fail.h"
#include "core/layout.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  return {args.inputs[0]};
}

// dx = dy, and the trace is told of it. The last sweep that comes by counts: a gradient that is part of the
// error, as of a penalty, comes by before the error's own.
std::vector<Array> vjp(const VjpArgs& v) {
  if (TraceState* trace = current_trace()) {
    for (Tap& tap : trace->taps) {
      if (tap.name == v.attributes.as<attributes::Tap>().name) tap.gradient = v.dy();
    }
  }
  return {v.dy()};
}

bool view(const Attributes&, const Layout& input, const Shape&, Layout* result) {
  *result = input;
  return true;
}

}  // namespace

extern constinit const OpDef tap_op{
    .name = "tap",
    .summary = "The same values, kept under a name with their gradient.",
    .equation = "y = x",
    .latex = "y = x",
    .source = "By definition",
    .shape = shape,
    .vjp = vjp,
    .traits = {.view = view},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .attributes = attributes::Tap{"hidden"}}};
        },
};

}  // namespace ops

Array tap(const Array& x, std::string_view name) {
  ops::given(x, "tap");
  if (name.empty()) fail(ErrorKind::argument, "tap: the name is empty");
  std::string path = current_scope() ? *current_scope() + "/" : std::string();
  path += name;
  Array y = apply1(ops::tap_op, {x}, attributes::Tap{path});
  if (TraceState* trace = current_trace()) trace->taps.push_back({std::move(path), y, Array()});
  return y;
}

}  // namespace retrograd
