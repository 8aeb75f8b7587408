// The optimizers' updates, by their equations in double.
#include <cmath>

#include "core/attributes/adam_update.h"
#include "core/attributes/sgd_momentum_update.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

// Elements of a view in row-major order.
Numbers elements(const View& view, const Numbers& storage) {
  const Call copy{.op = "reshape", .inputs = {view}, .outputs = {output(view.shape(), DType::f32)}};
  return in_double(copy, {storage})[0];
}

Case empty_case(std::string_view op, const View& g, std::size_t arrays, std::size_t scalars,
                std::size_t outputs) {
  Case made;
  made.name = g.shape().to_string();
  const View whole = output(g.shape(), DType::f32);
  made.call.op = op;
  made.call.inputs.assign(arrays, whole);
  made.call.inputs[1] = g;
  made.call.inputs.insert(made.call.inputs.end(), scalars, output({}, DType::f32));
  made.call.outputs.assign(outputs, whole);
  Draw draw(static_cast<std::uint32_t>(g.size()));
  for (std::size_t i = 0; i < arrays; ++i) {
    made.inputs.push_back(draw.uniform(extent_of(made.call.inputs[i]), i == 3 ? 0.0 : -1.0, 1.0));
  }
  made.expected.resize(outputs);
  made.sizes.resize(outputs);
  return made;
}

// Each constant is rounded to f32 once and each operation rounds once; the stated bounds add those up.
Case adam(const View& g, const attributes::AdamUpdate& c) {
  Case made = empty_case("adam_update", g, 4, 3, 3);
  made.call.attributes = c;
  const double rate = 0.0625;
  const double c1 = static_cast<float>(1 - std::pow(c.beta1, 3));
  const double c2 = static_cast<float>(1 - std::pow(c.beta2, 3));
  made.inputs.insert(made.inputs.end(), {{rate}, {c1}, {c2}});
  const Numbers gradient = elements(g, made.inputs[1]);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double w = made.inputs[0][i];
    const double kept = made.inputs[2][i] * c.beta1;
    const double fresh = gradient[i] * (1 - c.beta1);
    const double m = kept + fresh;
    const double v = made.inputs[3][i] * c.beta2 + gradient[i] * gradient[i] * (1 - c.beta2);
    const double root = std::sqrt(v / c2) + c.epsilon;
    const double direction = m / c1 / root;
    const double next = w - rate * (direction + w * c.weight_decay);
    const double size = std::abs(kept) + std::abs(fresh);
    made.expected[0].push_back(next);
    made.expected[1].push_back(m);
    made.expected[2].push_back(v);
    made.sizes[0].push_back(std::abs(w) + rate * (size / c1 / root + std::abs(w * c.weight_decay)));
    made.sizes[1].push_back(size);
    made.sizes[2].push_back(v);
  }
  return made;
}

Case sgd(const View& g, const attributes::SgdMomentumUpdate& c) {
  Case made = empty_case("sgd_momentum_update", g, 3, 1, 2);
  made.call.attributes = c;
  const double rate = 0.0625;
  made.inputs.push_back({rate});
  const Numbers gradient = elements(g, made.inputs[1]);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double w = made.inputs[0][i];
    const double d = gradient[i] + w * c.weight_decay;
    const double velocity = made.inputs[2][i] * c.momentum + d;
    const double next = w - rate * (c.nesterov ? d + velocity * c.momentum : velocity);
    const double size =
        std::abs(gradient[i]) + std::abs(w * c.weight_decay) + std::abs(made.inputs[2][i] * c.momentum);
    made.expected[0].push_back(next);
    made.expected[1].push_back(velocity);
    made.sizes[0].push_back(std::abs(w) + rate * size);
    made.sizes[1].push_back(size);
  }
  return made;
}

std::vector<View> gradients() {
  std::vector<View> views;
  for (std::int64_t n : {1, 4, 7, 8, 15, 16, 17, 31, 33, 70}) views.push_back(output({n}, DType::f32));
  for (std::int64_t n : {513, 40001}) views.push_back(output({n}, DType::f32));
  views.push_back(strided(DType::f32, {37, 21}, {1, 37}));
  views.push_back(strided(DType::f32, {200, 170}, {1, 200}));
  views.push_back(strided(DType::f32, {50, 33}, {0, 1}));
  return views;
}

}  // namespace

std::vector<Case> update_cases(std::string_view op) {
  std::vector<Case> cases;
  for (const View& g : gradients()) {
    if (op == "adam_update") {
      cases.push_back(adam(g, {}));
      cases.push_back(adam(g, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.1}));
    } else {
      cases.push_back(sgd(g, {}));
      cases.push_back(sgd(g, {.momentum = 0.8, .nesterov = true, .weight_decay = 0.1}));
      cases.push_back(sgd(g, {.momentum = 0.8, .nesterov = true}));
      cases.push_back(sgd(g, {.momentum = 0.5, .nesterov = false, .weight_decay = 0.1}));
    }
  }
  return cases;
}

}  // namespace retrograd::kernels::testing
