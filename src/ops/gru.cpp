// gru: everything about the op except its kernels. Its gradient's op is in gru_backward.cpp.
#include <retrograd/ops.h>

#include "ops/recurrent_parts.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {

extern const OpDef gru_backward_op;

namespace {

using attributes::Recurrent;

// z [N, T, 3 H], w [H, 3 H], b [H], h0 [N, H] -> h [N, T, H], gates r, u, n and m = a_n + b [N, T, 4 H]
std::vector<TensorType> shape(const ShapeArgs& args) {
  const Shape sizes = expect_recurrent(args, {{"z", "NTH", 3}, {"w", "HH", 3}, {"b", "H"}, {"h0", "NH"}});
  const DType dtype = args.inputs[0].dtype;
  return {{dtype, sizes}, {dtype, Shape{sizes[0], sizes[1], 4 * sizes[2]}}};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const std::int64_t T = e.x(0).shape()[1];
  const auto size = static_cast<std::size_t>(T);
  std::vector<Array> h(size), gates(size);
  Array state = e.x(3);
  for (const std::int64_t t : order_of_steps(T, e.attributes.as<Recurrent>().reverse)) {
    const auto at = static_cast<std::size_t>(t);
    const Array within = is_within(e, t);
    const std::vector<Array> z = split(step_of(e.x(0), t), 3, 1);
    const std::vector<Array> a = split(matmul(state, e.x(1)), 3, 1);
    const Array r = sigmoid(z[0] + a[0]), u = sigmoid(z[1] + a[1]), m = a[2] + e.x(2);
    const Array n = tanh(z[2] + r * m);
    state = h[at] = held(within, (1.0 - u) * n + u * state, state);
    gates[at] = held(within, concatenate({r, u, n, m}, 1), 0.0);
  }
  return {in_time(h), in_time(gates)};
}

std::vector<Array> vjp(const VjpArgs& v) {
  Recurrent a = v.attributes.as<Recurrent>();
  a.has_dgates = !v.dy(1).empty();
  const Array dh = v.dy(0).empty() ? zeros_like(v.y(0)) : v.dy(0);
  const Array before = states_before(v.y(0), v.x(3), a.reverse);
  std::vector<Array> inputs{v.x(1), v.x(3), v.y(0), v.y(1), dh};
  if (a.has_dgates) inputs.push_back(v.dy(1));
  if (a.has_lengths) inputs.push_back(v.inputs.back());
  const std::vector<Array> slopes = apply(gru_backward_op, inputs, a);
  const std::int64_t H = v.x(2).shape()[0];
  std::vector<Array> result{slopes[0], product_over_steps(before, slopes[1]),
                            sum(slice_axis(slopes[1], 2, 2 * H, 3 * H), {0, 1}), slopes[2]};
  result.resize(v.inputs.size());
  return result;
}

}  // namespace

extern constinit const OpDef gru_op{
    .name = "gru",
    .summary = "A layer of gated recurrent units over whole sequences: states and gates.",
    .equation =
        "r = s(z_r + a_r), u = s(z_u + a_u), n = tanh(z_n + r (a_n + b)), a = h_(t-1) w; "
        "h_t = (1 - u) n + u h_(t-1)",
    .latex = R"(h_t = (1 - u_t) \circ n_t + u_t \circ h_{t-1})",
    .source = "Cho et al. 2014; the reset gate behind the product: Chetlur et al. 2014 (cuDNN)",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .convention = "Behind a sequence's end states stay as they are and gates are 0.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 3, 6}, {2, 6}, {2}, {2, 2}}, .attributes = Recurrent{}},
              {.shapes = {{1, 2, 9}, {3, 9}, {3}, {1, 3}}, .attributes = Recurrent{.reverse = true}},
              {.shapes = {{3, 4, 3}, {1, 3}, {1}, {3, 1}, {3}},
               .attributes = Recurrent{.has_lengths = true},
               .low = 0,
               .high = 2,
               .dtypes = {DType::f64, DType::f64, DType::f64, DType::f64, DType::i32}}};
        },
};

}  // namespace ops

Array gru(const Array& z, const Array& w, const Array& b, const Array& h0, const RecurrentOptions& options) {
  std::vector<Array> inputs{z, w, b, h0};
  for (const Array& input : inputs) ops::given(input, "gru");
  if (!options.lengths.empty()) inputs.push_back(options.lengths);
  return apply(ops::gru_op, inputs, ops::recurrent_attributes(options))[0];
}

}  // namespace retrograd
