// attention and its gradient against the whole matrix of weights in double.
#include <cmath>

#include "core/attributes/attention.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

struct Sizes {
  std::int64_t N, T, H, D, S, K, V;
};

double at(const View& view, const Numbers& x, std::int64_t a, std::int64_t b, std::int64_t c,
          std::int64_t d = 0) {
  const auto& s = view.layout.strides;
  return x[static_cast<std::size_t>(a * s[0] + b * s[1] + c * s[2] + d * s[3])];
}

// A call's operands, and what is computed of them.
struct Direct {
  const Call& call;
  const std::vector<Numbers>& x;
  std::size_t extras;
  const attributes::Attention& a = call.attributes.as<attributes::Attention>();

  double element(std::size_t i, std::int64_t n, std::int64_t t, std::int64_t h, std::int64_t d = 0) const {
    return at(call.inputs[i], x[i], n, t, h, d);
  }
  bool sees(std::int64_t n, std::int64_t h, std::int64_t t, std::int64_t s) const {
    const std::int64_t T = call.inputs[0].shape()[1], S = call.inputs[1].shape()[1];
    if (a.causal && s > t + S - T) return false;
    if (a.has_lengths && static_cast<double>(s) >= x[extras][static_cast<std::size_t>(n)]) return false;
    const std::size_t mask = extras + (a.has_lengths ? 1 : 0);
    return !a.has_mask || at(call.inputs[mask], x[mask], n, h, t, s) != 0;
  }
  double score(std::int64_t n, std::int64_t h, std::int64_t t, std::int64_t s) const {
    return products(n, h, t, s, [](double product) { return product; }) * a.scale;
  }
  // |scale| sum |q k|
  double score_size(std::int64_t n, std::int64_t h, std::int64_t t, std::int64_t s) const {
    return products(n, h, t, s, [](double product) { return std::abs(product); }) * std::abs(a.scale);
  }
  template <typename F>
  double products(std::int64_t n, std::int64_t h, std::int64_t t, std::int64_t s, const F& f) const {
    const Shape& q = call.inputs[0].shape();
    const std::int64_t head = h / (q[2] / call.inputs[1].shape()[2]);
    double sum = 0;
    for (std::int64_t d = 0; d < q[3]; ++d) sum += f(element(0, n, t, h, d) * element(1, n, s, head, d));
    return sum;
  }
};

void add_output(Case& made, const Shape& shape) {
  made.call.outputs.push_back(output(shape, DType::f32));
  made.expected.emplace_back(static_cast<std::size_t>(shape.size()), 0.0);
  made.sizes.emplace_back(static_cast<std::size_t>(shape.size()), 0.0);
}

void forward(Case& made, const Sizes& z) {
  add_output(made, Shape{z.N, z.T, z.H, z.V});
  add_output(made, Shape{z.N, z.T, z.H});
  Numbers& log_sums = made.expected[1];
  Numbers& result = made.expected[0];
  const Direct direct{made.call, made.inputs, 3};
  for (std::int64_t n = 0; n < z.N; ++n) {
    for (std::int64_t t = 0; t < z.T; ++t) {
      for (std::int64_t h = 0; h < z.H; ++h) {
        const auto row = static_cast<std::size_t>((n * z.T + t) * z.H + h);
        double sum = 0, score_size = 0;
        for (std::int64_t s = 0; s < z.S; ++s) {
          if (!direct.sees(n, h, t, s)) continue;
          const double weight = std::exp(direct.score(n, h, t, s));
          sum += weight;
          score_size = std::max(score_size, direct.score_size(n, h, t, s));
          for (std::int64_t v = 0; v < z.V; ++v) {
            const std::size_t at = row * static_cast<std::size_t>(z.V) + static_cast<std::size_t>(v);
            const double term = weight * direct.element(2, n, s, h / (z.H / z.K), v);
            result[at] += term;
            made.sizes[0][at] += std::abs(term);
          }
        }
        log_sums[row] = sum > 0 ? std::log(sum) : 0;
        made.sizes[1][row] = 1 + score_size + std::abs(log_sums[row]);
        for (std::int64_t v = 0; v < z.V && sum > 0; ++v) {
          const std::size_t at = row * static_cast<std::size_t>(z.V) + static_cast<std::size_t>(v);
          result[at] /= sum;
          made.sizes[0][at] *= (1 + score_size) / sum;
        }
      }
    }
  }
}

void backward(Case& made, const Sizes& z) {
  add_output(made, Shape{z.N, z.T, z.H, z.D});
  add_output(made, Shape{z.N, z.S, z.K, z.D});
  add_output(made, Shape{z.N, z.S, z.K, z.V});
  const Direct direct{made.call, made.inputs, 6};
  const auto place = [](std::int64_t n, std::int64_t t, std::int64_t rows, std::int64_t h, std::int64_t heads,
                        std::int64_t size) {
    return static_cast<std::size_t>(((n * rows + t) * heads + h) * size);
  };
  for (std::int64_t n = 0; n < z.N; ++n) {
    for (std::int64_t t = 0; t < z.T; ++t) {
      for (std::int64_t h = 0; h < z.H; ++h) {
        const std::int64_t head = h / (z.H / z.K);
        for (std::int64_t s = 0; s < z.S; ++s) {
          if (!direct.sees(n, h, t, s)) continue;
          const double p = std::exp(direct.score(n, h, t, s) - direct.element(3, n, t, h));
          const double p_size =
              p * (1 + direct.score_size(n, h, t, s) + std::abs(direct.element(3, n, t, h)));
          const double delta = direct.element(5, n, t, h);
          double dp = 0, dp_size = std::abs(delta);
          const auto add = [&](std::size_t k, std::size_t at, double slope, double size, double x) {
            made.expected[k][at] += slope * x;
            made.sizes[k][at] += size * std::abs(x);
          };
          for (std::int64_t v = 0; v < z.V; ++v) {
            const double dy = direct.element(4, n, t, h, v);
            dp += dy * direct.element(2, n, s, head, v);
            dp_size += std::abs(dy * direct.element(2, n, s, head, v));
            add(2, place(n, s, z.S, head, z.K, z.V) + static_cast<std::size_t>(v), p, p_size, dy);
          }
          const double ds = p * (dp - delta) * direct.a.scale;
          const double ds_size = p_size * dp_size * std::abs(direct.a.scale);
          for (std::int64_t d = 0; d < z.D; ++d) {
            const auto column = static_cast<std::size_t>(d);
            add(0, place(n, t, z.T, h, z.H, z.D) + column, ds, ds_size, direct.element(1, n, s, head, d));
            add(1, place(n, s, z.S, head, z.K, z.D) + column, ds, ds_size, direct.element(0, n, t, h, d));
          }
        }
      }
    }
  }
}

// [N, T, H, D] cut out of rows of `apart` more heads, or with the last two axes exchanged in memory.
View heads(std::int64_t N, std::int64_t T, std::int64_t H, std::int64_t D, std::int64_t apart,
           bool exchanged) {
  const std::int64_t row = (H + apart) * D;
  if (exchanged) return strided(DType::f32, {N, T, H, D}, {T * row, row, 1, H + apart});
  return strided(DType::f32, {N, T, H, D}, {T * row, row, D, 1});
}

Case make(std::string_view op, const Sizes& z, const attributes::Attention& a, std::int64_t apart = 0,
          bool exchanged = false) {
  Case made;
  made.name = "T " + std::to_string(z.T) + " S " + std::to_string(z.S) + " H " + std::to_string(z.H) + " D " +
              std::to_string(z.D) + Attributes(a).to_string();
  made.call = {.op = op, .attributes = a};
  Draw draw(static_cast<std::uint32_t>(z.T + 31 * z.S));
  const auto add = [&](const View& view, Numbers numbers) {
    made.call.inputs.push_back(view);
    made.inputs.push_back(std::move(numbers));
  };
  const auto add_floats = [&](const View& view) { add(view, draw.uniform(extent_of(view), -1, 1)); };
  add_floats(heads(z.N, z.T, z.H, z.D, apart, exchanged));
  add_floats(heads(z.N, z.S, z.K, z.D, apart, exchanged));
  add_floats(heads(z.N, z.S, z.K, z.V, apart, exchanged));
  const bool is_forward = op == "attention";
  if (!is_forward) {  // sums of about z.S exponentials
    const View rows = output({z.N, z.T, z.H}, DType::f32);
    Numbers log_sums = draw.uniform(rows.size(), -0.5, 0.5);
    for (double& l : log_sums)
      l = static_cast<double>(static_cast<float>(l + std::log(static_cast<double>(z.S))));
    add(rows, log_sums);
    add_floats(heads(z.N, z.T, z.H, z.V, apart, exchanged));
    add_floats(rows);
  }
  if (a.has_lengths) add(output({z.N}, DType::i32), draw.integers(z.N, 0, z.S + 2));
  if (a.has_mask) {
    add(strided(DType::boolean, {z.N, z.H, z.T, z.S}, {0, 0, z.S, 1}), draw.integers(z.T * z.S, 0, 2));
  }
  is_forward ? forward(made, z) : backward(made, z);
  // A score is wrong by D u of the size of its terms, and a weight relatively by that. Sums over S keys or
  // the T queries of H / K heads take S u or T H / K u more, dp V u, and an exponential 2 ulp.
  const std::int64_t terms = is_forward ? z.D + z.S : z.D + z.V + z.S + z.T * (z.H / z.K);
  made.terms.assign(made.expected.size(), static_cast<double>(terms));
  return made;
}

}  // namespace

std::vector<Case> attention_cases(std::string_view op) {
  std::vector<Case> cases;
  using attributes::Attention;
  for (const bool causal : {false, true}) {
    cases.push_back(make(op, {1, 1, 1, 1, 1, 1, 1}, {.causal = causal}));
    cases.push_back(make(op, {2, 5, 2, 3, 7, 2, 4}, {.causal = causal, .scale = 0.5}));
    cases.push_back(make(op, {2, 64, 4, 32, 64, 4, 32}, {.causal = causal, .scale = 0.2}));
    cases.push_back(make(op, {1, 65, 2, 17, 130, 1, 33}, {.causal = causal, .scale = 0.3}));
    cases.push_back(make(op, {3, 70, 4, 8, 67, 2, 9}, {.causal = causal, .scale = -0.4}));
    cases.push_back(make(op, {3, 9, 2, 5, 66, 2, 5}, {.causal = causal, .has_lengths = true}));
    cases.push_back(
        make(op, {2, 9, 2, 5, 70, 1, 5}, {.causal = causal, .has_lengths = true, .has_mask = true}, 3));
  }
  cases.push_back(make(op, {2, 20, 3, 6, 20, 3, 6}, {.causal = true}, 2, true));
  cases.push_back(make(op, {2, 4, 2, 3, 3, 2, 3}, {.has_mask = true}));
  return cases;
}

}  // namespace retrograd::kernels::testing
