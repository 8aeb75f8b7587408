// dropout: elements left out at random while training.
#include <retrograd/nn.h>
#include <retrograd/ops.h>
#include <retrograd/random.h>
#include <retrograd/trace.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Dropout::Dropout(double p) : Module("dropout"), p_(p) {
  if (!(p >= 0.0 && p < 1.0)) fail(ErrorKind::argument, "Dropout: p is {}; expected 0 <= p < 1", p);
}

std::string Dropout::text() const { return fmt::format("dropout({})", p_); }

Array Dropout::forward(const Array& x) const {
  if (mode() == Mode::evaluation || p_ == 0.0) return x;
  const Array kept = greater_equal(uniform(Generator::current().counter(), x.shape()), p_);
  return where(kept, x * (1.0 / (1.0 - p_)), 0.0);
}

std::unique_ptr<Module> Dropout::replica() const { return std::make_unique<Dropout>(p_); }

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape&, BuildContext&) {
  return std::make_unique<Dropout>(spec.real(0));
}

}  // namespace

extern const LayerDef dropout_layer{
    .name = "dropout",
    .summary =
        "While training sets elements to zero with probability p and scales the others by 1 / (1 - p).",
    .parameters = {{"p", ArgumentType::real, 0.0, 0.999999}},
    .make = make,
};

}  // namespace retrograd::nn
