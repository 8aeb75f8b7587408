// Recurrent layers and their gradients step by step in double.
#include <cmath>

#include "core/attributes/recurrent.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

using attributes::Recurrent;

struct Sizes {
  std::int64_t N, T, H;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// One input of a case as [N, T, M], [N, M] or [K, M].
struct Reader {
  const View& view;
  const Numbers& x;
  bool size = false;  // |x|
  double operator()(std::int64_t a, std::int64_t b, std::int64_t c = 0) const {
    const auto& s = view.layout.strides;
    const double value =
        x[static_cast<std::size_t>(a * s[0] + b * s[1] + (view.shape().rank() == 3 ? c * s[2] : 0))];
    return size ? std::abs(value) : value;
  }
};

// An output [N, T, M] or [N, M] while it is computed.
struct Writer {
  Numbers& y;
  std::int64_t T, M;
  double& operator()(std::int64_t n, std::int64_t t, std::int64_t i) const {
    return y[static_cast<std::size_t>((n * T + t) * M + i)];
  }
};

class Maker {
 public:
  Maker(std::string_view op, const Sizes& z, const Recurrent& a, bool strided_operands)
      : z_(z), a_(a), apart_(strided_operands), draw_(static_cast<std::uint32_t>(z.N + 31 * z.T + 97 * z.H)) {
    made_.name = std::string(op) + " " + std::to_string(z.N) + "x" + std::to_string(z.T) + "x" +
                 std::to_string(z.H) + " " + Attributes(a).to_string() + (apart_ ? " strided" : "");
    made_.call = {.op = op, .attributes = a};
    made_.expected.reserve(3);
  }

  Case forward(std::int64_t blocks) {
    const bool is_gru = blocks == 3, is_lstm = blocks == 4;
    sequence(blocks);
    matrix(z_.H, blocks * z_.H);
    if (is_gru) add(strided(DType::f32, {z_.H}, {apart_ ? 2 : 1}), -1, 1);
    matrix(z_.N, z_.H);
    if (is_lstm) matrix(z_.N, z_.H);
    lengths();
    result({z_.N, z_.T, z_.H});
    if (is_lstm) result({z_.N, z_.T, z_.H});
    if (blocks > 1) result({z_.N, z_.T, 4 * z_.H});
    for (std::int64_t n = 0; n < z_.N; ++n) {
      if (is_lstm) {
        lstm(n);
      } else if (is_gru) {
        gru(n);
      } else {
        rnn(n);
      }
    }
    return finish(static_cast<double>(z_.H));
  }

  Case backward(std::int64_t blocks) {
    const bool is_gru = blocks == 3, is_lstm = blocks == 4;
    matrix(z_.H, blocks * z_.H);
    if (blocks == 1) sequence(1);
    matrix(z_.N, z_.H);
    if (blocks > 1) {
      sequence(1);
      sequence(4);
    }
    sequence(1);
    if (a_.has_dc) sequence(1);
    if (a_.has_dgates) sequence(4);
    lengths();
    result({z_.N, z_.T, blocks * z_.H});
    if (is_gru) result({z_.N, z_.T, blocks * z_.H});
    result({z_.N, z_.H});
    if (is_lstm) result({z_.N, z_.H});
    for (const bool of_sizes : {false, true}) {
      of_sizes_ = of_sizes;
      for (std::int64_t n = 0; n < z_.N; ++n) pull_back(n, blocks);
    }
    return finish(static_cast<double>((blocks * z_.H + 32) * (z_.T + 1)));
  }

 private:
  void add(const View& view, double low, double high) {
    made_.call.inputs.push_back(view);
    made_.inputs.push_back(draw_.uniform(extent_of(view), low, high));
  }
  // [N, T, blocks H]: contiguous, or every second element of longer rows, time first.
  void sequence(std::int64_t blocks) {
    const std::int64_t M = blocks * z_.H;
    if (!apart_) return add(output({z_.N, z_.T, M}, DType::f32), -1, 1);
    add(strided(DType::f32, {z_.N, z_.T, M}, {2 * M, 2 * M * z_.N, 2}), -1, 1);
  }
  void matrix(std::int64_t rows, std::int64_t columns) {
    const double high = 1 / std::sqrt(static_cast<double>(rows));
    add(apart_ ? strided(DType::f32, {rows, columns}, {1, rows}) : output({rows, columns}, DType::f32), -high,
        high);
  }
  void lengths() {
    if (!a_.has_lengths) return;
    made_.call.inputs.push_back(output({z_.N}, DType::i32));
    made_.inputs.push_back(draw_.integers(z_.N, 0, z_.T + 2));
  }
  void result(const Shape& shape) {
    made_.call.outputs.push_back(output(shape, DType::f32));
    made_.expected.emplace_back(static_cast<std::size_t>(shape.size()), 0.0);
    made_.sizes.push_back(made_.expected.back());
  }
  Reader in(std::size_t i) const { return {made_.call.inputs[i], made_.inputs[i], of_sizes_}; }
  Writer out(std::size_t i) { return writer(i, of_sizes_ ? made_.sizes[i] : made_.expected[i]); }
  Writer size(std::size_t i) { return writer(i, made_.sizes[i]); }
  Writer writer(std::size_t i, Numbers& numbers) {
    const Shape& shape = made_.call.outputs[i].shape();
    const bool steps = shape.rank() == 3;
    return {numbers, steps ? shape[1] : 1, shape[steps ? 2 : 1]};
  }
  bool within(std::int64_t n, std::int64_t t) const {
    return !a_.has_lengths || static_cast<double>(t) < made_.inputs.back()[static_cast<std::size_t>(n)];
  }
  // sum_k state[k] w[k, column]
  double product(const Numbers& state, std::size_t w, std::int64_t column) const {
    double sum = 0;
    for (std::int64_t k = 0; k < z_.H; ++k) sum += state[static_cast<std::size_t>(k)] * in(w)(k, column);
    return sum;
  }
  // sum_k (|state[k]| + size[k]) |w[k, column]|
  double product_size(const Numbers& state, const Numbers& size, std::size_t w, std::int64_t column) const {
    double sum = 0;
    for (std::size_t k = 0; k < state.size(); ++k) {
      sum += (std::abs(state[k]) + size[k]) * std::abs(in(w)(static_cast<std::int64_t>(k), column));
    }
    return sum;
  }
  Numbers zeros() const { return Numbers(static_cast<std::size_t>(z_.H), 0); }
  Numbers row(std::size_t i, std::int64_t n) const {
    Numbers numbers;
    for (std::int64_t k = 0; k < z_.H; ++k) numbers.push_back(in(i)(n, k));
    return numbers;
  }
  std::int64_t step(std::int64_t k, bool reverse) const { return reverse ? z_.T - 1 - k : k; }

  // Beside each value its size s, of which (H + 20) u bounds the error: a sum's is that of its terms and what
  // the error of the state before brings; a sigmoid has a slope of 1/4 and its own 4 ulp, covered by 1; a
  // tanh a slope of 1 and no more than its argument.
  void rnn(std::int64_t n) {
    Numbers h = row(2, n), s = zeros();
    for (std::int64_t k = 0; k < z_.T; ++k) {
      const std::int64_t t = step(k, a_.reverse);
      const Numbers before = h, before_size = s;
      for (std::int64_t i = 0; i < z_.H; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (within(n, t)) {
          const double sum = in(0)(n, t, i) + product(before, 1, i);
          h[at] = a_.relu ? std::max(sum, 0.0) : std::tanh(sum);
          s[at] = std::abs(in(0)(n, t, i)) + product_size(before, before_size, 1, i);
        }
        out(0)(n, t, i) = h[at];
        size(0)(n, t, i) = s[at];
      }
    }
  }

  void lstm(std::int64_t n) {
    Numbers h = row(2, n), c = row(3, n), h_size = zeros(), c_size = zeros();
    for (std::int64_t k = 0; k < z_.T; ++k) {
      const std::int64_t t = step(k, a_.reverse);
      const Numbers before = h, before_size = h_size;
      for (std::int64_t u = 0; u < z_.H; ++u) {
        const auto at = static_cast<std::size_t>(u);
        if (within(n, t)) {
          double gates[4], sizes[4];
          for (std::int64_t b = 0; b < 4; ++b) {
            const double z = in(0)(n, t, b * z_.H + u), sum = z + product(before, 1, b * z_.H + u);
            const double sum_size = std::abs(z) + product_size(before, before_size, 1, b * z_.H + u);
            gates[b] = b == 2 ? std::tanh(sum) : sigmoid(sum);
            sizes[b] = b == 2 ? sum_size : sum_size / 4 + 1;
            out(2)(n, t, b * z_.H + u) = gates[b];
            size(2)(n, t, b * z_.H + u) = sizes[b];
          }
          c_size[at] = gates[1] * c_size[at] + std::abs(c[at]) * sizes[1] + gates[0] * sizes[2] +
                       std::abs(gates[2]) * sizes[0];
          c[at] = gates[1] * c[at] + gates[0] * gates[2];
          h[at] = gates[3] * std::tanh(c[at]);
          h_size[at] = gates[3] * c_size[at] + std::abs(std::tanh(c[at])) * sizes[3];
        }
        out(0)(n, t, u) = h[at];
        out(1)(n, t, u) = c[at];
        size(0)(n, t, u) = h_size[at];
        size(1)(n, t, u) = c_size[at];
      }
    }
  }

  void gru(std::int64_t n) {
    Numbers h = row(3, n), h_size = zeros();
    for (std::int64_t k = 0; k < z_.T; ++k) {
      const std::int64_t t = step(k, a_.reverse);
      const Numbers before = h, before_size = h_size;
      for (std::int64_t i = 0; i < z_.H; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (within(n, t)) gru_unit(n, t, i, before, before_size, &h[at], &h_size[at]);
        out(0)(n, t, i) = h[at];
        size(0)(n, t, i) = h_size[at];
      }
    }
  }

  void gru_unit(std::int64_t n, std::int64_t t, std::int64_t i, const Numbers& before,
                const Numbers& before_size, double* h, double* h_size) {
    const auto z = [&](std::int64_t b) { return in(0)(n, t, b * z_.H + i); };
    const auto a = [&](std::int64_t b) { return product(before, 1, b * z_.H + i); };
    const auto a_size = [&](std::int64_t b) { return product_size(before, before_size, 1, b * z_.H + i); };
    const double bias = made_.inputs[2][static_cast<std::size_t>(i * (apart_ ? 2 : 1))];
    const double m = a(2) + bias, m_size = a_size(2) + std::abs(bias);
    const double r = sigmoid(z(0) + a(0)), r_size = (std::abs(z(0)) + a_size(0)) / 4 + 1;
    const double u = sigmoid(z(1) + a(1)), u_size = (std::abs(z(1)) + a_size(1)) / 4 + 1;
    const double candidate = std::tanh(z(2) + r * m);
    const double candidate_size = std::abs(z(2)) + r * m_size + std::abs(m) * r_size;
    *h_size = (1 - u) * candidate_size + u * *h_size + (std::abs(candidate) + std::abs(*h)) * u_size;
    *h = (1 - u) * candidate + u * *h;
    const double gates[4] = {r, u, candidate, m};
    const double sizes[4] = {r_size, u_size, candidate_size, m_size};
    for (std::int64_t b = 0; b < 4; ++b) {
      out(1)(n, t, b * z_.H + i) = gates[b];
      size(1)(n, t, b * z_.H + i) = sizes[b];
    }
  }

  // a - b, and the size of the terms where sizes are computed: the backward ops are sums of products of what
  // they get, so that running them on sizes bounds them.
  double minus(double a, double b) const { return of_sizes_ ? a + b : a - b; }

  // The state before step t: input `states` [N, T, H], `first` [N, H] in front.
  double before(std::size_t states, std::size_t first, std::int64_t n, std::int64_t t, std::int64_t i) const {
    const std::int64_t at = a_.reverse ? t + 1 : t - 1;
    return at < 0 || at == z_.T ? in(first)(n, i) : in(states)(n, at, i);
  }

  // One unit at one step: fills `d`, the cotangents of the products, and output 0; gives what passes by the
  // weights.
  double unit(std::int64_t n, std::int64_t t, std::int64_t i, std::int64_t blocks, double dh, double* dc,
              double* d) {
    const std::int64_t H = z_.H;
    if (blocks == 1) {
      const double h = Reader{made_.call.inputs[1], made_.inputs[1]}(n, t, i);
      d[0] = a_.relu ? (h > 0 ? dh : 0) : dh * minus(1, h * h);
      out(0)(n, t, i) = d[0];
      return 0;
    }
    const auto gate = [&](std::int64_t b) { return in(3)(n, t, b * H + i); };
    const std::size_t extra = a_.has_dc ? 6 : 5;
    const auto more = [&](std::int64_t b) { return a_.has_dgates ? in(extra)(n, t, b * H + i) : 0.0; };
    const auto slope = [&](std::int64_t b) { return gate(b) * minus(1, gate(b)); };
    if (blocks == 4) {
      const double squashed = std::tanh(in(2)(n, t, i));
      const double cell = *dc + dh * gate(3) * minus(1, squashed * squashed);
      d[0] = (cell * gate(2) + more(0)) * slope(0);
      d[1] = (cell * before(2, 1, n, t, i) + more(1)) * slope(1);
      d[2] = (cell * gate(0) + more(2)) * minus(1, gate(2) * gate(2));
      d[3] = (dh * squashed + more(3)) * slope(3);
      for (std::int64_t b = 0; b < 4; ++b) out(0)(n, t, b * H + i) = d[b];
      *dc = cell * gate(1);
      return 0;
    }
    const double sum_n = (dh * minus(1, gate(1)) + more(2)) * minus(1, gate(2) * gate(2));
    d[0] = (sum_n * gate(3) + more(0)) * slope(0);
    d[1] = (dh * minus(before(2, 1, n, t, i), gate(2)) + more(1)) * slope(1);
    d[2] = sum_n * gate(0) + more(3);
    const double dz[3] = {d[0], d[1], sum_n};
    for (std::int64_t b = 0; b < 3; ++b) {
      out(0)(n, t, b * H + i) = dz[b];
      out(1)(n, t, b * H + i) = d[b];
    }
    return dh * gate(1);
  }

  void pull_back(std::int64_t n, std::int64_t blocks) {
    const std::int64_t H = z_.H;
    Numbers carried(static_cast<std::size_t>(H)), cells(static_cast<std::size_t>(H));
    const std::size_t input_dh = blocks == 1 ? 3 : 4;
    for (std::int64_t k = 0; k < z_.T; ++k) {
      const std::int64_t t = step(k, !a_.reverse);
      std::vector<Numbers> d(static_cast<std::size_t>(blocks), Numbers(static_cast<std::size_t>(H)));
      Numbers next(static_cast<std::size_t>(H));
      for (std::int64_t i = 0; i < H; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const double dh = in(input_dh)(n, t, i) + carried[at];
        if (a_.has_dc) cells[at] += in(5)(n, t, i);
        next[at] = dh;
        if (!within(n, t)) continue;
        double slopes[4];
        next[at] = unit(n, t, i, blocks, dh, &cells[at], slopes);
        for (std::size_t b = 0; b < d.size(); ++b) d[b][at] = slopes[b];
      }
      for (std::int64_t i = 0; i < H && within(n, t); ++i) {
        for (std::int64_t b = 0; b < blocks; ++b) {
          for (std::int64_t j = 0; j < H; ++j) {
            next[static_cast<std::size_t>(i)] +=
                d[static_cast<std::size_t>(b)][static_cast<std::size_t>(j)] * in(0)(i, b * H + j);
          }
        }
      }
      carried = next;
    }
    const std::size_t states = blocks == 3 ? 2 : 1;
    for (std::int64_t i = 0; i < H; ++i) {
      out(states)(n, 0, i) = carried[static_cast<std::size_t>(i)];
      if (blocks == 4) out(2)(n, 0, i) = cells[static_cast<std::size_t>(i)];
    }
  }

  Case finish(double terms) {
    made_.terms.assign(made_.expected.size(), terms);
    return made_;
  }

  Sizes z_;
  Recurrent a_;
  bool apart_;
  bool of_sizes_ = false;
  Draw draw_;
  Case made_;
};

}  // namespace

std::vector<Case> recurrent_cases(std::string_view op) {
  const std::int64_t blocks = op.starts_with("lstm") ? 4 : op.starts_with("gru") ? 3 : 1;
  const bool is_backward = op.ends_with("_backward");
  std::vector<Case> cases;
  const auto add = [&](const Sizes& z, Recurrent a, bool strided_operands = false) {
    if (blocks != 4) a.has_dc = false;
    if (!is_backward || blocks == 1) a.has_dgates = false;
    if (!is_backward) a.has_dc = false;
    Maker maker(op, z, a, strided_operands);
    cases.push_back(is_backward ? maker.backward(blocks) : maker.forward(blocks));
  };
  for (const bool reverse : {false, true}) {
    add({1, 1, 1}, {.reverse = reverse});
    add({3, 4, 5}, {.reverse = reverse, .has_lengths = true, .has_dc = true, .has_dgates = true});
    add({5, 3, 17}, {.reverse = reverse, .relu = blocks == 1, .has_dgates = true});
    add({4, 5, 16}, {.reverse = reverse, .has_lengths = true, .has_dc = true}, true);
  }
  add({19, 6, 33}, {.has_dc = true});
  add({33, 3, 64}, {.relu = blocks == 1, .has_lengths = true});
  add({17, 2, 70}, {.reverse = true, .has_dgates = true}, true);
  return cases;
}

}  // namespace retrograd::kernels::testing
