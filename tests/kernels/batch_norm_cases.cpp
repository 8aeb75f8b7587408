// Batch norm and its gradient over images with the channels last and over rows, with weighted samples.
#include <cmath>

#include "core/attributes/batch_norm.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

std::vector<Shape> images() {
  return {{4, 3}, {33, 17}, {3, 5, 7, 20}, {20, 9, 9, 64}, {40, 30, 5}, {2, 3, 2, 2, 100}};
}

View vector_of(std::int64_t extent) { return output({extent}, DType::f32); }

Numbers mean_of(const Numbers& x, std::int64_t C, const Numbers& w) {
  Numbers mean(static_cast<std::size_t>(C), 0.0);
  const std::size_t rows = x.size() / mean.size(), places = rows / w.size();
  double total = 0;
  for (double weight : w) total += weight * static_cast<double>(places);
  for (std::size_t i = 0; i < x.size(); ++i)
    mean[i % mean.size()] += w[i / mean.size() / places] * x[i] / total;
  return mean;
}

// What the formulas in double give, and the sizes of the terms.
struct Result {
  std::vector<Numbers> values, sizes;
};

Result forward(const std::vector<Numbers>& in, std::int64_t features, double epsilon, bool is_relu) {
  const Numbers &x = in[0], &w = in[3];
  const auto C = static_cast<std::size_t>(features);
  const Numbers mean = mean_of(x, features, w);
  Numbers squares(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) squares[i] = (x[i] - mean[i % C]) * (x[i] - mean[i % C]);
  const Numbers variance = mean_of(squares, features, w);
  Numbers magnitude = x;
  for (double& value : magnitude) value = std::abs(value);
  const Numbers mean_size = mean_of(magnitude, features, w);
  Numbers y(x.size()), size(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t c = i % C;
    const double scale = in[1][c] / std::sqrt(variance[c] + epsilon);
    y[i] = (x[i] - mean[c]) * scale + in[2][c];
    size[i] = (std::abs(x[i] - mean[c]) + mean_size[c]) * std::abs(scale) + std::abs(in[2][c]);
    if (is_relu) y[i] = std::max(y[i], 0.0);
  }
  return {{y, mean, variance}, {size, mean_size, variance}};
}

Result backward(const std::vector<Numbers>& in, std::int64_t features, double epsilon) {
  const Numbers &x = in[0], &dy = in[1], &w = in[5];
  const auto C = static_cast<std::size_t>(features);
  const std::size_t places = x.size() / C / w.size();
  double total = 0;
  for (double weight : w) total += weight * static_cast<double>(places);
  Numbers dx(x.size()), dweight(C, 0.0), dbias(C, 0.0), u(x.size());
  Numbers dx_size(x.size()), dweight_size(C, 0.0), dbias_size(C, 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    u[i] = (x[i] - in[3][i % C]) / std::sqrt(in[4][i % C] + epsilon);
    dweight[i % C] += dy[i] * u[i];
    dbias[i % C] += dy[i];
    dweight_size[i % C] += std::abs(dy[i] * u[i]);
    dbias_size[i % C] += std::abs(dy[i]);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t c = i % C;
    const double share = w[i / C / places] / total;
    const double scale = in[2][c] / std::sqrt(in[4][c] + epsilon);
    dx[i] = scale * (dy[i] - share * (dbias[c] + u[i] * dweight[c]));
    dx_size[i] =
        std::abs(scale) * (std::abs(dy[i]) + share * (dbias_size[c] + std::abs(u[i]) * dweight_size[c]));
  }
  return {{dx, dweight, dbias}, {dx_size, dweight_size, dbias_size}};
}

}  // namespace

std::vector<Case> batch_norm_cases(std::string_view op) {
  std::vector<Case> cases;
  for (const Shape& shape : images()) {
    for (bool is_relu : {false, true}) {
      const bool is_gradient = op == "batch_norm_gradient";
      if (is_gradient && is_relu) continue;
      const std::int64_t N = shape[0], C = shape[shape.rank() - 1];
      const View image = output(shape, DType::f32), features = vector_of(C);
      Case made{.name = shape.to_string() + (is_relu ? " + relu" : ""), .call = {.op = op}};
      made.call.attributes = attributes::BatchNorm{0.01, true};
      Draw draw(static_cast<std::uint32_t>(shape.size()));
      made.call.outputs = {image, features, features};
      if (is_gradient) {
        made.call.inputs = {image, image, features, features, features, vector_of(N)};
      } else {
        made.call.inputs = {image, features, features, vector_of(N)};
      }
      if (is_relu) made.call.epilogue = {{"relu", -1}};
      for (const View& input : made.call.inputs) {
        const bool is_weight = input.shape() == Shape{N} && &input == &made.call.inputs.back();
        Numbers values = is_weight ? draw.integers(N, 0, 2) : draw.uniform(input.size(), 0.25, 3);
        if (is_weight) values[0] = 1;
        made.inputs.push_back(std::move(values));
      }
      const Result result =
          is_gradient ? backward(made.inputs, C, 0.01) : forward(made.inputs, C, 0.01, is_relu);
      made.expected = result.values;
      made.sizes = result.sizes;
      made.terms.assign(3, static_cast<double>(shape.size() / C));
      cases.push_back(made);
    }
  }
  return cases;
}

}  // namespace retrograd::kernels::testing
