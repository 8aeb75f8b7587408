// latent: variables with a Gaussian each, drawn in training, and their divergence as a penalty.
#include <retrograd/latent_layer.h>
#include <retrograd/ops.h>
#include <retrograd/penalties.h>
#include <retrograd/random.h>
#include <retrograd/trace.h>

#include <cmath>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {
namespace {

// beta KL(N(m, exp s) || N(0, 1)) of each sample, m and s [N, ..., width] -> [N]. expm1(s) - s keeps its
// digits near s = 0, where the minimum is.
Array divergence(const Array& mean, const Array& log_variance, double beta) {
  const Array terms = square(mean) + (expm1(log_variance) - log_variance);
  return sum(reshape(terms, {terms.shape()[0], -1}), 1) * (beta / 2);
}

}  // namespace

Latent::Latent(std::int64_t inputs, std::int64_t width, const LatentOptions& options)
    : Module("latent"), inputs_(inputs), width_(width), options_(options) {
  if (inputs < 1 || width < 1) {
    fail(ErrorKind::argument, "Latent: {} inputs and width {}; expected at least 1 of each", inputs, width);
  }
  if (!(options.beta >= 0.0) || std::isinf(options.beta)) {
    fail(ErrorKind::argument, "Latent: beta is {}; expected a finite number of at least 0", options.beta);
  }
  set_seed(options.seed);
  weight_ = add_parameter("weight", {inputs, 2 * width}, options.dtype, options.initialisation.weight,
                          {inputs, width});
  bias_ = add_parameter("bias", {2 * width}, options.dtype, options.initialisation.bias, {inputs, width});
}

std::string Latent::text() const {
  return options_.beta == 1.0 ? fmt::format("latent({})", width_)
                              : fmt::format("latent({}, {})", width_, options_.beta);
}

// In evaluation: the means alone are asked for, but both are computed by one product.
std::int64_t Latent::flops(const Shape&, const Shape& output) const { return 4 * output.size() * inputs_; }

Array Latent::forward(const Array& x) const {
  const int last = x.rank() - 1;
  if (last < 1 || x.shape()[last] != inputs_) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, {}]{}", name(), x.shape().to_string(), inputs_,
         x.rank() > 2 ? "; put flatten before it" : "");
  }
  const Array both = matmul(reshape(x, Shape{x.size() / inputs_, inputs_}), weight_) + bias_.read();
  Shape shape = x.shape();
  shape[last] = width_;
  const Array mean = reshape(slice_axis(both, 1, 0, width_), shape);
  const Array log_variance = reshape(slice_axis(both, 1, width_, 2 * width_), shape);
  if (Penalties* penalties = Penalties::current()) {
    penalties->add(divergence(mean, log_variance, options_.beta));
  }
  if (mode() == Mode::evaluation) return mean;
  const Array noise = normal(Generator::current().counter(), shape);
  return mean + exp(log_variance * 0.5) * (noise.dtype() == x.dtype() ? noise : cast(noise, x.dtype()));
}

std::unique_ptr<Module> Latent::replica() const {
  return std::make_unique<Latent>(inputs_, width_, options_);
}

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  if (input.rank() != 1 && input.rank() != 2) {
    fail(ErrorKind::shape, "it takes one row of numbers for a sample, not {}; put flatten before it",
         input.to_string());
  }
  const std::int64_t width = spec.integer(0), inputs = input[input.rank() - 1];
  context.claim(inputs + 1, 2 * width);
  return std::make_unique<Latent>(
      inputs, width,
      LatentOptions{
          .beta = spec.real(1), .initialisation = context.initialisation(), .dtype = context.dtype()});
}

}  // namespace

extern const LayerDef latent_layer{
    .name = "latent",
    .summary =
        "`width` variables with a Gaussian each: drawn in training, their means in evaluation; adds beta "
        "times "
        "their divergence from N(0, 1) to the loss of training.",
    .parameters = {{"width", ArgumentType::integer, 1, 1073741823},
                   {"beta", ArgumentType::real, 0.0, 1e30, false, 1}},
    .takes_rows = true,
    .make = make,
};

}  // namespace retrograd::nn
