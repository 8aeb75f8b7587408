// One step: every value is an array of the network's graph or one that gradients() and vjp() add to it.
#include "explain/numbers.h"

#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include <algorithm>

namespace retrograd::explain {
namespace {

Matrix matrix(const Array& values) {
  const std::int64_t rows = values.rank() >= 2 ? values.shape()[0] : 1;
  return {rows, values.size() / std::max<std::int64_t>(rows, 1), values.to_vector<double>()};
}

// The arrays of one stage, in the graph.
struct StageArrays {
  Array dE_dz;
  Array dE_dy;                // empty where the activation is within the loss
  Array dy_dz;                // empty where it is coupled or within the loss
  std::vector<Array> dyk_dz;  // where it is coupled
  Array dE_dw, dE_db;
};

Array pulled(const Array& of, const Array& by, const Array& cotangent) {
  const Array outputs[] = {of}, inputs[] = {by}, cotangents[] = {cotangent};
  return vjp(outputs, inputs, cotangents).front();
}

// 1 in column k, else 0.
Array unit_rows(const Shape& shape, std::int64_t k) {
  std::vector<double> values(static_cast<std::size_t>(shape.size()), 0.0);
  for (std::int64_t row = 0; row < shape[0]; ++row) values[static_cast<std::size_t>(row * shape[1] + k)] = 1;
  return Array::from(std::span<const double>(values), shape);
}

void add_activation_derivatives(const Stage& stage, StageArrays& arrays) {
  if (stage.in_loss) return;
  if (stage.y.same_as(stage.z)) {
    arrays.dy_dz = ones_like(stage.z);
  } else if (!stage.coupled) {
    arrays.dy_dz = pulled(stage.y, stage.z, ones_like(stage.y));
  } else if (stage.y.shape()[1] <= max_paths) {
    for (std::int64_t k = 0; k < stage.y.shape()[1]; ++k) {
      arrays.dyk_dz.push_back(pulled(stage.y, stage.z, unit_rows(stage.y.shape(), k)));
    }
  }
}

// Gradients of the samples' own errors by y and z of all stages, by x and by the loss's summands.
struct SampleGradients {
  std::vector<StageArrays> stages;
  Array dE_dx;
  Array dE_dsummand;
};

SampleGradients sample_gradients(const Network& network, const Array& losses, const Array& x,
                                 const Array& summands) {
  std::vector<Array> targets{x};
  if (!summands.empty()) targets.push_back(summands);
  const std::size_t first = targets.size();
  for (const Stage& stage : network.stages) {
    targets.push_back(stage.z);
    targets.push_back(stage.in_loss ? stage.z : stage.y);
  }
  const std::vector<Array> found = gradients(sum(losses), targets, {.allow_unused = true});
  SampleGradients result{{}, found[0], summands.empty() ? Array() : found[1]};
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    StageArrays arrays{.dE_dz = found[first + 2 * i]};
    if (!network.stages[i].in_loss) arrays.dE_dy = found[first + 2 * i + 1];
    add_activation_derivatives(network.stages[i], arrays);
    result.stages.push_back(std::move(arrays));
  }
  return result;
}

void add_parameter_gradients(const Network& network, const Array& error, std::vector<StageArrays>& stages) {
  std::vector<Variable> parameters;
  for (const Stage& stage : network.stages) {
    parameters.push_back(stage.linear->weight());
    if (!stage.linear->bias().empty()) parameters.push_back(stage.linear->bias());
  }
  const std::vector<Array> found = gradients(error, parameters, {.allow_unused = true});
  std::size_t next = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stages[i].dE_dw = found[next++];
    if (!network.stages[i].linear->bias().empty()) stages[i].dE_db = found[next++];
  }
}

void eval_all(const Network& network, const SampleGradients& gradients, const std::vector<Array>& others) {
  std::vector<Array> all{gradients.dE_dx, network.probabilities};
  for (const Array& other : others) all.push_back(other);
  for (const Stage& stage : network.stages) all.insert(all.end(), {stage.x, stage.z, stage.y});
  for (const StageArrays& stage : gradients.stages) {
    all.insert(all.end(), {stage.dE_dz, stage.dE_dy, stage.dy_dz, stage.dE_dw, stage.dE_db});
    all.insert(all.end(), stage.dyk_dz.begin(), stage.dyk_dz.end());
  }
  all.push_back(gradients.dE_dsummand);
  std::erase_if(all, [](const Array& array) { return array.empty(); });
  eval(all);
}

StageNumbers numbers_of(const Stage& stage, const StageArrays& arrays) {
  StageNumbers numbers{.x = matrix(stage.x), .z = matrix(stage.z), .y = matrix(stage.y)};
  numbers.dE_dz = matrix(arrays.dE_dz);
  if (!arrays.dE_dy.empty()) numbers.dE_dy = matrix(arrays.dE_dy);
  if (!arrays.dy_dz.empty()) numbers.dy_dz = matrix(arrays.dy_dz);
  for (const Array& path : arrays.dyk_dz) numbers.dyk_dz.push_back(matrix(path));
  numbers.w = matrix(stage.linear->weight().read());
  numbers.dE_dw = matrix(arrays.dE_dw);
  if (stage.linear->bias().empty()) return numbers;
  numbers.b = matrix(stage.linear->bias().read());
  numbers.dE_db = matrix(arrays.dE_db);
  return numbers;
}

void update(const nn::Sequential& model, const nn::Loss& loss, const Array& x, const Array& t,
            double learning_rate) {
  optim::Sgd sgd({.learning_rate = learning_rate});
  auto step = compile(
      [&] {
        const Array error = mean(nn::model_losses(loss, model, x, t));
        const std::vector<Variable> parameters = model.parameters();
        sgd.update(parameters, gradients(error, parameters, {.allow_unused = true}));
      },
      {.mode = Mode::evaluation});
  step();
}

}  // namespace

Numbers run_step(const nn::Sequential& model, const Network& network, const nn::Loss& loss, const Variable& x,
                 const Array& t, double learning_rate) {
  const Array losses = loss.per_sample(network.output, t);
  const Array error = mean(losses);
  const Array summands = loss_summands(losses, network.output);
  SampleGradients arrays = sample_gradients(network, losses, x.read(), summands);
  add_parameter_gradients(network, error, arrays.stages);
  eval_all(network, arrays, {losses, error, summands});

  Numbers numbers{.x = matrix(x.read()), .dE_dx = matrix(arrays.dE_dx)};
  numbers.y = matrix(network.probabilities);
  numbers.errors = losses.to_vector<double>();
  numbers.error = error.item<double>();
  if (!summands.empty()) {
    numbers.terms = matrix(summands);
    const Matrix scale = matrix(arrays.dE_dsummand);
    for (std::size_t i = 0; i < scale.values.size(); ++i) numbers.terms->values[i] *= scale.values[i];
  }
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    numbers.stages.push_back(numbers_of(network.stages[i], arrays.stages[i]));
  }
  update(model, loss, x.read(), t, learning_rate);
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    const nn::Linear& linear = *network.stages[i].linear;
    numbers.stages[i].w_after = matrix(linear.weight().read());
    if (!linear.bias().empty()) numbers.stages[i].b_after = matrix(linear.bias().read());
  }
  numbers.error_after = mean(nn::model_losses(loss, model, x.read(), t)).item<double>();
  return numbers;
}

}  // namespace retrograd::explain
