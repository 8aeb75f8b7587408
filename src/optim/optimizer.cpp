// What all optimizers share: the step count, the learning rate, the moments of each parameter.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include <algorithm>

#include "array/trace_state.h"
#include "core/buffer.h"
#include "core/fail.h"
#include "optim/filled.h"
#include "optim/names.h"

namespace retrograd::optim {
namespace {

template <typename T>
Array scalar_of(T value) {
  return Array::from(std::span<const T>(&value, 1), {});
}

Array in_dtype(const Array& x, DType dtype) { return x.dtype() == dtype ? x : cast(x, dtype); }

}  // namespace

Optimizer::Optimizer(double learning_rate, const Schedule& schedule, std::vector<Moment> moments)
    : schedule_(schedule),
      moments_(std::move(moments)),
      step_(scalar_of(std::int64_t{0}), "step"),
      learning_rate_(scalar_of(learning_rate), "learning_rate") {
  check_option("learning rate", learning_rate);
}
Optimizer::~Optimizer() = default;

void Optimizer::set_learning_rate(double rate) {
  check_option("learning rate", rate);
  learning_rate_.assign(scalar_of(rate));
}

double Optimizer::effective_learning_rate() const {
  return learning_rate_.snapshot()->as<double>()[0] *
         schedule_.multiplier(step_.snapshot()->as<std::int64_t>()[0]);
}

Optimizer::State& Optimizer::state_of(const Variable& parameter) {
  for (State& state : states_) {
    if (state.parameter.same_as(parameter)) return state;
  }
  State state{parameter, {}};
  for (const Moment& moment : moments_) {
    state.moments.emplace_back(filled(parameter.type(), moment.initial),
                               parameter.name() + "." + moment.name);
  }
  states_.push_back(std::move(state));
  return states_.back();
}

void Optimizer::set_group(std::span<const Variable> parameters, const ParameterGroup& group) {
  check_option("the learning rate's multiplier", group.learning_rate_multiplier);
  for (const Variable& parameter : parameters) {
    std::erase_if(members_, [&](const Member& member) { return member.parameter.same_as(parameter); });
    members_.push_back({parameter, group});
  }
}

const ParameterGroup* Optimizer::group_of(const Variable& parameter) const {
  for (const Member& member : members_) {
    if (member.parameter.same_as(parameter)) return &member.group;
  }
  return nullptr;
}

double Optimizer::weight_decay_of(const Variable& parameter, double weight_decay) const {
  const ParameterGroup* group = group_of(parameter);
  if (group != nullptr && group->weight_decay >= 0.0) return group->weight_decay;
  return parameter.shape().rank() >= 2 ? weight_decay : 0.0;
}

void Optimizer::prepare(std::span<const Variable> parameters) {
  for (const Variable& parameter : parameters) {
    if (parameter.trainable()) state_of(parameter);
  }
}

std::vector<Variable> Optimizer::variables() const {
  std::vector<Variable> all{step_, learning_rate_};
  for (const State& state : states_) all.insert(all.end(), state.moments.begin(), state.moments.end());
  return all;
}

Optimizer::Step Optimizer::begin_step(DType dtype) {
  const Array before = step_.read();
  if (step_.next().same_as(before)) step_.set_next(before + scalar(1.0, DType::i64));
  Array rate = learning_rate_.read();
  if (!schedule_.is_constant()) rate = rate * schedule_.multiplier(before);
  return {in_dtype(rate, dtype), cast(step_.next(), DType::f64)};
}

void Optimizer::set_clipping(const Clipping& clipping) {
  check_option("the largest value of a gradient", clipping.value);
  check_option("the largest norm of gradients", clipping.norm);
  clipping_ = clipping;
}

void Optimizer::check_gradients(std::span<const Variable> parameters,
                                std::span<const Array> gradients) const {
  if (parameters.size() != gradients.size()) {
    fail(ErrorKind::argument, "optimizer: {} gradients do not match {} parameters", gradients.size(),
         parameters.size());
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].trainable() || gradients[i].type() == parameters[i].type()) continue;
    fail(gradients[i].dtype() == parameters[i].dtype() ? ErrorKind::shape : ErrorKind::dtype,
         "optimizer: the gradient of {} is {}, expected {}", parameters[i].name(),
         gradients[i].type().to_string(), parameters[i].type().to_string());
  }
}

std::vector<Array> Optimizer::clipped(std::span<const Variable> parameters,
                                      std::span<const Array> gradients) const {
  std::vector<Array> all(gradients.begin(), gradients.end());
  if (clipping_.value == 0.0 && clipping_.norm == 0.0) return all;
  std::vector<Array> limited;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (parameters[i].trainable()) limited.push_back(all[i]);
  }
  if (limited.empty()) return all;
  if (clipping_.value > 0.0) limited = clip_by_value(limited, clipping_.value);
  if (clipping_.norm > 0.0) limited = clip_by_global_norm(limited, clipping_.norm);
  for (std::size_t i = 0, next = 0; i < all.size(); ++i) {
    if (parameters[i].trainable()) all[i] = limited[next++];
  }
  return all;
}

void Optimizer::update(std::span<const Variable> parameters, std::span<const Array> gradients) {
  if (current_trace() == nullptr) {
    fail(ErrorKind::argument, "optimizer: update() works inside a compiled function only");
  }
  check_gradients(parameters, gradients);
  prepare(parameters);
  const NameScope scope("optimizer");
  const std::vector<Array> limited = clipped(parameters, gradients);
  std::vector<std::pair<DType, Step>> steps;  // one for each dtype
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Variable& parameter = parameters[i];
    if (!parameter.trainable()) continue;
    const Step* step = nullptr;
    for (const auto& known : steps) {
      if (known.first == parameter.dtype()) step = &known.second;
    }
    if (step == nullptr) step = &steps.emplace_back(parameter.dtype(), begin_step(parameter.dtype())).second;
    const ParameterGroup* group = group_of(parameter);
    Step own = *step;
    if (group != nullptr && group->learning_rate_multiplier != 1.0) {
      own.rate = own.rate * group->learning_rate_multiplier;
    }
    apply(parameter, limited[i], own, state_of(parameter).moments);
  }
}

}  // namespace retrograd::optim
