// uniform: everything about the op except its kernels (the generator itself is core/philox.h).
#include "core/attributes/uniform.h"

#include <retrograd/ops.h>

#include <atomic>

#include "array/trace_state.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

constexpr std::int64_t max_elements = std::int64_t{1} << 34;  // four for each value of a 32-bit counter word

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  const TensorType& counter = args.inputs[0];
  if (counter.dtype != DType::i64) {
    fail(ErrorKind::dtype, "uniform: the counter is {}; expected i64[2] with seed and step",
         counter.to_string());
  }
  if (counter.shape != Shape{2}) {
    fail(ErrorKind::shape, "uniform: the counter is {}; expected i64[2] with seed and step",
         counter.to_string());
  }
  const auto& uniform = args.attributes.as<attributes::Uniform>();
  if (uniform.shape.size() > max_elements) {
    fail(ErrorKind::shape, "uniform: {} has {} elements; at most 2^34 are possible",
         uniform.shape.to_string(), uniform.shape.size());
  }
  return {{DType::f32, uniform.shape}};
}

// Counts within the trace, so that a step traced again draws the same numbers; outside a trace, within the
// process.
std::int64_t next_ordinal() {
  static std::atomic<std::int64_t> outside{0};
  TraceState* trace = current_trace();
  const std::int64_t ordinal =
      trace != nullptr ? trace->random_ops++ : outside.fetch_add(1, std::memory_order_relaxed);
  return ordinal & 0xffffffff;
}

}  // namespace

extern constinit const OpDef uniform_op{
    .name = "uniform",
    .summary = "Random numbers, uniform in [0, 1).",
    .equation = "y ~ U[0, 1)",
    .latex = R"(y \sim U[0, 1))",
    .source = "Salmon, Moraes, Dror, Shaw 2011 (Philox 4x32-10)",
    .shape = shape,
    .vjp = Gradient::none(),
    .convention =
        "Word i mod 4 of block i / 4, with key = seed and counter = (block, ordinal, step), over 2^32.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{2}},
                                      .attributes = attributes::Uniform{{3, 5}, 2},
                                      .low = 0,
                                      .high = 1000,
                                      .dtypes = {DType::i64}},
                                     {.shapes = {{2}},
                                      .attributes = attributes::Uniform{{17}, 0},
                                      .low = 0,
                                      .high = 1000,
                                      .dtypes = {DType::i64}}};
        },
};

}  // namespace ops

Array uniform(const Array& counter, const Shape& shape) {
  ops::given(counter, "uniform");
  return apply1(ops::uniform_op, {counter}, attributes::Uniform{shape, ops::next_ordinal()});
}

}  // namespace retrograd
