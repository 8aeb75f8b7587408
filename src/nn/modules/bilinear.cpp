// bilinear: z_k = a W_k b + c_k.
#include <retrograd/nn.h>
#include <retrograd/ops.h>
#include <retrograd/trace.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Bilinear::Bilinear(std::int64_t first, std::int64_t second, std::int64_t outputs,
                   const LinearOptions& options)
    : Module("bilinear"), first_(first), second_(second), outputs_(outputs), options_(options) {
  if (first < 1 || second < 1 || outputs < 1) {
    fail(ErrorKind::argument, "Bilinear: {} and {} inputs and {} outputs; expected at least 1 of each", first,
         second, outputs);
  }
  set_seed(options.seed);
  const Fans fans{first * second, outputs};
  weight_ =
      add_parameter("weight", {first, second, outputs}, options.dtype, options.initialisation.weight, fans);
  if (options.bias)
    bias_ = add_parameter("bias", {outputs}, options.dtype, options.initialisation.bias, fans);
}

const Variable& Bilinear::weight() const {
  mark_used();
  return weight_;
}

const Variable& Bilinear::bias() const {
  mark_used();
  return bias_;
}

std::string Bilinear::text() const {
  return fmt::format("bilinear({}{})", outputs_, bias_.empty() ? ", bias=false" : "");
}

// a W costs 2 first - 1 for each of second x outputs, its product with b 2 second - 1 for each output.
std::int64_t Bilinear::flops(const Shape&, const Shape& output) const {
  return output.size() * (second_ * (2 * first_ - 1) + 2 * second_ - (bias_.empty() ? 1 : 0));
}

Array Bilinear::operator()(const Array& a, const Array& b) const {
  mark_used();
  const NameScope scope(name());
  return product(a, b);
}

Array Bilinear::product(const Array& a, const Array& b) const {
  if (a.rank() != 2 || b.rank() != 2 || a.shape()[1] != first_ || b.shape()[1] != second_ ||
      a.shape()[0] != b.shape()[0]) {
    fail(ErrorKind::shape, "{}: got {} and {}, expected [batch, {}] and [batch, {}]", name(),
         a.shape().to_string(), b.shape().to_string(), first_, second_);
  }
  const std::int64_t batch = a.shape()[0];
  const Array rows = matmul(a, reshape(weight_, {first_, second_ * outputs_}));
  const Array z = matmul(reshape(b, {batch, 1, second_}), reshape(rows, {batch, second_, outputs_}));
  const Array flat = reshape(z, {batch, outputs_});
  return bias_.empty() ? flat : flat + bias_.read();
}

Array Bilinear::forward(const Array& x) const { return product(x, x); }

std::unique_ptr<Module> Bilinear::replica() const {
  return std::make_unique<Bilinear>(first_, second_, outputs_, options_);
}

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  if (input.rank() != 1) {
    fail(ErrorKind::shape, "it takes one row of numbers for a sample, not {}; put flatten before it",
         input.to_string());
  }
  const std::int64_t outputs = spec.integer(0);
  if (input[0] > 65536) {
    fail(ErrorKind::argument, "{} features have too many products of two; expected at most 65536", input[0]);
  }
  context.claim(input[0] * input[0], outputs);
  if (spec.boolean(1)) context.claim(outputs, 1);
  return std::make_unique<Bilinear>(
      input[0], input[0], outputs,
      LinearOptions{
          .bias = spec.boolean(1), .initialisation = context.initialisation(), .dtype = context.dtype()});
}

}  // namespace

extern const LayerDef bilinear_layer{
    .name = "bilinear",
    .summary = "z_k = x W_k x + b_k: all products of two features, with `units` outputs.",
    .parameters = {{"units", ArgumentType::integer, 1, 2147483647},
                   {"bias", ArgumentType::boolean, 0, 1, false, 1}},
    .takes_rows = true,
    .make = make,
};

}  // namespace retrograd::nn
