// linear: z = x W + b.
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Linear::Linear(std::int64_t inputs, std::int64_t outputs, const LinearOptions& options)
    : Module("linear"), inputs_(inputs), outputs_(outputs), options_(options) {
  if (inputs < 1 || outputs < 1) {
    fail(ErrorKind::argument, "Linear: {} inputs and {} outputs; expected at least 1 of each", inputs,
         outputs);
  }
  set_seed(options.seed);
  const Fans fans{inputs, outputs};
  weight_ = add_parameter("weight", {inputs, outputs}, options.dtype, options.initialisation.weight, fans);
  if (options.bias)
    bias_ = add_parameter("bias", {outputs}, options.dtype, options.initialisation.bias, fans);
}

const Variable& Linear::weight() const {
  mark_used();
  return weight_;
}

const Variable& Linear::bias() const {
  mark_used();
  return bias_;
}

std::string Linear::text() const {
  return fmt::format("linear({}{})", outputs_, bias_.empty() ? ", bias=false" : "");
}

std::int64_t Linear::flops(const Shape&, const Shape& output) const {
  return output.size() * (2 * inputs_ - (bias_.empty() ? 1 : 0));
}

Array Linear::forward(const Array& x) const {
  if (x.rank() < 2 || x.shape()[x.rank() - 1] != inputs_) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, {}]{}", name(), x.shape().to_string(), inputs_,
         x.rank() > 2 ? "; put flatten before it" : "");
  }
  if (x.rank() == 2) return rows(x);
  Shape shape = x.shape();
  const Array z = rows(reshape(x, Shape{x.size() / inputs_, inputs_}));
  shape[shape.rank() - 1] = outputs_;
  return reshape(z, shape);
}

// x [N, inputs] -> [N, outputs]
Array Linear::rows(const Array& x) const {
  const Array z = matmul(x, weight_);
  return bias_.empty() ? z : z + bias_.read();
}

std::unique_ptr<Module> Linear::replica() const {
  return std::make_unique<Linear>(inputs_, outputs_, options_);
}

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  if (input.rank() != 1 && input.rank() != 2) {
    fail(ErrorKind::shape, "it takes one row of numbers for a sample, not {}; put flatten before it",
         input.to_string());
  }
  const std::int64_t outputs = spec.integer(0);
  const std::int64_t inputs = input[input.rank() - 1];
  context.claim(inputs, outputs);
  if (spec.boolean(1)) context.claim(outputs, 1);
  return std::make_unique<Linear>(
      inputs, outputs,
      LinearOptions{
          .bias = spec.boolean(1), .initialisation = context.initialisation(), .dtype = context.dtype()});
}

}  // namespace

extern const LayerDef linear_layer{
    .name = "linear",
    .summary = "z = x W + b, with `units` outputs.",
    .parameters = {{"units", ArgumentType::integer, 1, 2147483647},
                   {"bias", ArgumentType::boolean, 0, 1, false, 1}},
    .takes_rows = true,
    .make = make,
};

}  // namespace retrograd::nn
