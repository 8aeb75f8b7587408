// An op that Retrograd has not, with its kernel and its gradient, and a network that learns with it: snake,
// y = x + sin^2(a x) / a, with which a network can go on with a periodic curve (Ziyin, Hartwig, Ueda 2020).
#include <retrograd/retrograd.h>

#include <cmath>
#include <cstdio>
#include <vector>

namespace rg = retrograd;

namespace {

// What one call is made with. The fields are the text of describe() and tell equal calls.
struct Snake {
  double a = 1.0;
  template <class F>
  void fields(F& f) const {
    f("a", a);
  }
};

std::vector<rg::TensorType> snake_shape(const rg::ShapeArgs& args) {
  if (args.inputs.size() != 1 || !rg::is_floating(args.inputs[0].dtype)) {
    throw rg::Error(rg::ErrorKind::dtype, "snake: expected one floating array");
  }
  return {args.inputs[0]};
}

// dx = dy (1 + sin(2 a x)), in ops: so it can be differentiated again.
std::vector<rg::Array> snake_vjp(const rg::VjpArgs& v) {
  const double a = v.attributes.as<Snake>().a;
  return {v.dy() * (1.0 + rg::sin(v.x() * (2.0 * a)))};
}

// Of f32 or f64; the spans of the other dtype are empty.
template <typename T>
void snake_elements(const rg::KernelArgs& args) {
  const auto a = static_cast<T>(args.attributes().as<Snake>().a);
  const auto x = args.in<T>();
  const auto y = args.out<T>();
  for (std::size_t i = 0; i < y.size(); ++i) {
    const T s = std::sin(a * x[i]);
    y[i] = x[i] + s * s / a;
  }
}

void snake_kernel(const rg::KernelArgs& args) noexcept {
  snake_elements<float>(args);
  snake_elements<double>(args);
}

constinit const rg::OpDef snake_op{
    .name = "snake",
    .summary = "A line with waves.",
    .equation = "y = x + sin(a x)^2 / a",
    .latex = R"(y = x + \frac{\sin^2 (a x)}{a})",
    .source = "Ziyin, Hartwig, Ueda 2020",
    .shape = snake_shape,
    .vjp = snake_vjp,
    .kernel = snake_kernel,
};

rg::Array snake(const rg::Array& x, double a) { return rg::apply1(snake_op, {x}, Snake{a}); }

// Points of sin(2 x) in [-2, 2].
rg::Array points(int count) {
  std::vector<float> x;
  for (int i = 0; i < count; ++i)
    x.push_back(-2.0f + 4.0f * static_cast<float>(i) / static_cast<float>(count));
  return rg::Array::from(x, {count, 1});
}

}  // namespace

int main() {
  const rg::Array x = points(64);
  const auto check =
      rg::check_gradients([](rg::Array in) { return rg::sum(rg::square(snake(in, 1.5))); }, {x});
  std::printf("largest relative error of the gradient: %.1e\n", check.max_relative_error);

  const rg::nn::Linear first(1, 16), second(16, 1);
  std::vector<rg::Variable> parameters = first.parameters();
  for (const rg::Variable& parameter : second.parameters()) parameters.push_back(parameter);
  rg::optim::Adam adam({.learning_rate = 0.02});
  auto step = rg::compile([&](rg::Array in) {
    const rg::Array E = rg::mean(rg::square(second(snake(first(in), 1.5)) - rg::sin(in * 2.0)));
    adam.update(parameters, rg::gradients(E, parameters));
    return E;
  });
  const float before = step(x).item<float>();
  for (int i = 0; i < 500; ++i) step(x);
  const float after = step(x).item<float>();
  std::printf("error before %.4f, after 500 steps %.6f\n", static_cast<double>(before),
              static_cast<double>(after));
  return check.passed && after < 0.01f * before ? 0 : 1;
}
