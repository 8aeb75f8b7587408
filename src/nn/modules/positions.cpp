// positions and sinusoidal_positions: what tells the steps of a sequence apart.
#include <retrograd/ops.h>
#include <retrograd/transformer.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Positions::Positions(std::int64_t length, std::int64_t width, DType dtype, std::uint64_t seed)
    : Module("positions"), length_(length), width_(width) {
  if (length < 1 || width < 1) {
    fail(ErrorKind::argument, "Positions: length {} and width {}; expected at least 1", length, width);
  }
  set_seed(seed);
  weight_ = add_parameter("weight", {length, width}, dtype, Initialiser::normal(0.0, 0.02), {length, width});
}

std::string Positions::text() const { return fmt::format("positions({})", length_); }

Array Positions::forward(const Array& x) const {
  if (x.rank() != 3 || x.shape()[2] != width_ || x.shape()[1] > length_) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, up to {} steps, {}]", name(), x.shape().to_string(),
         length_, width_);
  }
  return x + slice_axis(weight_, 0, 0, x.shape()[1]);
}

std::unique_ptr<Module> Positions::replica() const {
  return std::make_unique<Positions>(length_, width_, weight_.dtype());
}

Array SinusoidalPositions::forward(const Array& x) const {
  if (x.rank() != 3) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, steps, features]", name(), x.shape().to_string());
  }
  return x + sinusoidal_positions(x.shape()[1], x.shape()[2], x.dtype());
}

std::unique_ptr<Module> SinusoidalPositions::replica() const {
  return std::make_unique<SinusoidalPositions>();
}

namespace {

void expect_sequence(const Shape& input) {
  if (input.rank() == 2) return;
  fail(ErrorKind::shape, "it takes sequences [steps, features], not {}; put embedding before it for text",
       input.to_string());
}

std::unique_ptr<Module> make_learned(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  expect_sequence(input);
  const std::int64_t length = spec.integer(0) == 0 ? input[0] : spec.integer(0);
  context.claim(length, input[1]);
  return std::make_unique<Positions>(length, input[1], context.dtype());
}

std::unique_ptr<Module> make_sinusoidal(const LayerSpec&, const Shape& input, BuildContext&) {
  expect_sequence(input);
  return std::make_unique<SinusoidalPositions>();
}

}  // namespace

extern const LayerDef positions_layer{
    .name = "positions",
    .summary =
        "Adds a learned row to each step; `length` 0: as many rows as the data's sequences have steps.",
    .parameters = {{"length", ArgumentType::integer, 0, 16777216, false, 0}},
    .make = make_learned,
};

extern const LayerDef sinusoidal_positions_layer{
    .name = "sinusoidal_positions",
    .summary = "Adds sines and cosines of each step's position.",
    .make = make_sinusoidal,
};

}  // namespace retrograd::nn
