// rnn: everything about the op except its kernels. Its gradient's op is in rnn_backward.cpp.
#include <retrograd/ops.h>

#include "ops/recurrent_parts.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {

extern const OpDef rnn_backward_op;

namespace {

using attributes::Recurrent;

// z [N, T, H], w [H, H], h0 [N, H] -> h [N, T, H]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_recurrent(args, {{"z", "NTH"}, {"w", "HH"}, {"h0", "NH"}});
  return {args.inputs[0]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& a = e.attributes.as<Recurrent>();
  const std::int64_t T = e.x(0).shape()[1];
  std::vector<Array> h(static_cast<std::size_t>(T));
  Array state = e.x(2);
  for (const std::int64_t t : order_of_steps(T, a.reverse)) {
    const Array sum = step_of(e.x(0), t) + matmul(state, e.x(1));
    state = held(is_within(e, t), a.relu ? relu(sum) : tanh(sum), state);
    h[static_cast<std::size_t>(t)] = state;
  }
  return {in_time(h)};
}

std::vector<Array> vjp(const VjpArgs& v) {
  const auto& a = v.attributes.as<Recurrent>();
  std::vector<Array> inputs{v.x(1), v.y(), v.x(2), v.dy()};
  if (a.has_lengths) inputs.push_back(v.inputs.back());
  const std::vector<Array> slopes = apply(rnn_backward_op, inputs, v.attributes);
  std::vector<Array> result{slopes[0], product_over_steps(states_before(v.y(), v.x(2), a.reverse), slopes[0]),
                            slopes[1]};
  result.resize(v.inputs.size());
  return result;
}

}  // namespace

extern constinit const OpDef rnn_op{
    .name = "rnn",
    .summary = "A recurrent layer of tanh or rectified units over whole sequences.",
    .equation = "h_t = f(z_t + h_(t-1) w)",
    .latex = R"(h_t = f(z_t + h_{t-1} W))",
    .source = "Goodfellow, Bengio, Courville 2016, 10.2",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .convention = "The derivative of the rectifier at 0 is 0.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{2, 3, 2}, {2, 2}, {2, 2}}, .attributes = Recurrent{}},
                                     {.shapes = {{2, 3, 3}, {3, 3}, {2, 3}},
                                      .attributes = Recurrent{.relu = true},
                                      .low = 0.1,
                                      .high = 0.9},
                                     {.shapes = {{3, 4, 2}, {2, 2}, {3, 2}, {3}},
                                      .attributes = Recurrent{.reverse = true, .has_lengths = true},
                                      .low = 0,
                                      .high = 2,
                                      .dtypes = {DType::f64, DType::f64, DType::f64, DType::i32}}};
        },
};

}  // namespace ops

Array rnn(const Array& z, const Array& w, const Array& h0, RnnActivation activation,
          const RecurrentOptions& options) {
  attributes::Recurrent attributes = ops::recurrent_attributes(options);
  attributes.relu = activation == RnnActivation::relu;
  std::vector<Array> inputs{ops::given(z, "rnn"), ops::given(w, "rnn"), ops::given(h0, "rnn")};
  if (attributes.has_lengths) inputs.push_back(options.lengths);
  return apply1(ops::rnn_op, inputs, attributes);
}

}  // namespace retrograd
