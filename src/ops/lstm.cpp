// lstm: everything about the op except its kernels. Its gradient's op is in lstm_backward.cpp.
#include <retrograd/ops.h>

#include "ops/recurrent_parts.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {

extern const OpDef lstm_backward_op;

namespace {

using attributes::Recurrent;

// z [N, T, 4 H], w [H, 4 H], h0, c0 [N, H] -> h, c [N, T, H], gates [N, T, 4 H]
std::vector<TensorType> shape(const ShapeArgs& args) {
  const Shape sizes = expect_recurrent(args, {{"z", "NTH", 4}, {"w", "HH", 4}, {"h0", "NH"}, {"c0", "NH"}});
  const DType dtype = args.inputs[0].dtype;
  return {{dtype, sizes}, {dtype, sizes}, args.inputs[0]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const std::int64_t T = e.x(0).shape()[1];
  const auto size = static_cast<std::size_t>(T);
  std::vector<Array> h(size), c(size), gates(size);
  Array state = e.x(2), cell = e.x(3);
  for (const std::int64_t t : order_of_steps(T, e.attributes.as<Recurrent>().reverse)) {
    const auto at = static_cast<std::size_t>(t);
    const Array within = is_within(e, t);
    const std::vector<Array> sums = split(step_of(e.x(0), t) + matmul(state, e.x(1)), 4, 1);
    const Array i = sigmoid(sums[0]), f = sigmoid(sums[1]), g = tanh(sums[2]), o = sigmoid(sums[3]);
    const Array next = f * cell + i * g;
    state = h[at] = held(within, o * tanh(next), state);
    cell = c[at] = held(within, next, cell);
    gates[at] = held(within, concatenate({i, f, g, o}, 1), 0.0);
  }
  return {in_time(h), in_time(c), in_time(gates)};
}

std::vector<Array> vjp(const VjpArgs& v) {
  Recurrent a = v.attributes.as<Recurrent>();
  a.has_dc = !v.dy(1).empty();
  a.has_dgates = !v.dy(2).empty();
  const Array dh = v.dy(0).empty() ? zeros_like(v.y(0)) : v.dy(0);
  std::vector<Array> inputs{v.x(1), v.x(3), v.y(1), v.y(2), dh};
  if (a.has_dc) inputs.push_back(v.dy(1));
  if (a.has_dgates) inputs.push_back(v.dy(2));
  if (a.has_lengths) inputs.push_back(v.inputs.back());
  const std::vector<Array> slopes = apply(lstm_backward_op, inputs, a);
  const Array before = states_before(v.y(0), v.x(2), a.reverse);
  std::vector<Array> result{slopes[0], product_over_steps(before, slopes[0]), slopes[1], slopes[2]};
  result.resize(v.inputs.size());
  return result;
}

}  // namespace

extern constinit const OpDef lstm_op{
    .name = "lstm",
    .summary = "A layer of long short-term memory over whole sequences: states, cells and gates.",
    .equation =
        "i, f, g, o = s(), s(), tanh(), s() of z_t + h_(t-1) w; c_t = f c_(t-1) + i g; h_t = o tanh(c_t)",
    .latex = R"(c_t = f_t \circ c_{t-1} + i_t \circ g_t, \quad h_t = o_t \circ \tanh c_t)",
    .source = "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .convention = "Behind a sequence's end states and cells stay as they are and gates are 0.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 3, 8}, {2, 8}, {2, 2}, {2, 2}}, .attributes = Recurrent{}},
              {.shapes = {{1, 2, 12}, {3, 12}, {1, 3}, {1, 3}}, .attributes = Recurrent{.reverse = true}},
              {.shapes = {{3, 4, 4}, {1, 4}, {3, 1}, {3, 1}, {3}},
               .attributes = Recurrent{.has_lengths = true},
               .low = 0,
               .high = 2,
               .dtypes = {DType::f64, DType::f64, DType::f64, DType::f64, DType::i32}}};
        },
};

}  // namespace ops

LstmStates lstm(const Array& z, const Array& w, const Array& h0, const Array& c0,
                const RecurrentOptions& options) {
  std::vector<Array> inputs{z, w, h0, c0};
  for (const Array& input : inputs) ops::given(input, "lstm");
  if (!options.lengths.empty()) inputs.push_back(options.lengths);
  const std::vector<Array> states = apply(ops::lstm_op, inputs, ops::recurrent_attributes(options));
  return {states[0], states[1]};
}

}  // namespace retrograd
