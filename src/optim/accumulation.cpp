// Accumulation of gradients over several batches.
#include <retrograd/accumulation.h>
#include <retrograd/ops.h>

#include <utility>

#include "array/trace_state.h"
#include "core/fail.h"
#include "optim/filled.h"

namespace retrograd::optim {

Accumulation::Accumulation(Optimizer& optimizer, std::int64_t batches)
    : optimizer_(&optimizer), batches_(batches), count_(filled({DType::i64, {}}, 0.0), "batches") {
  if (batches < 1) fail(ErrorKind::argument, "Accumulation: over {} batches; expected at least 1", batches);
}

const Variable& Accumulation::sum_of(const Variable& parameter) {
  for (const Sum& known : sums_) {
    if (known.parameter.same_as(parameter)) return known.sum;
  }
  sums_.push_back({parameter, Variable(filled(parameter.type(), 0.0), parameter.name() + ".gradient_sum")});
  return sums_.back().sum;
}

void Accumulation::prepare(std::span<const Variable> parameters) {
  optimizer_->prepare(parameters);
  for (const Variable& parameter : parameters) {
    if (parameter.trainable()) sum_of(parameter);
  }
}

std::vector<Variable> Accumulation::variables() const {
  std::vector<Variable> all{count_};
  for (const Sum& known : sums_) all.push_back(known.sum);
  return all;
}

void Accumulation::update(std::span<const Variable> parameters, std::span<const Array> gradients) {
  if (current_trace() == nullptr || parameters.size() != gradients.size()) {
    optimizer_->update(parameters, gradients);  // tells the error
    return;
  }
  prepare(parameters);
  const Array count = count_.read();
  const Array more = count + scalar(1.0, DType::i64);
  const Array last = greater_equal(more, scalar(static_cast<double>(batches_), DType::i64));
  if (count_.next().same_as(count)) count_.set_next(where(last, scalar(0.0, DType::i64), more));

  std::vector<Array> means(gradients.begin(), gradients.end());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    // A gradient of another type is the optimizer's error.
    if (!parameters[i].trainable() || gradients[i].type() != parameters[i].type()) continue;
    const Variable& sum = sum_of(parameters[i]);
    const Array total = sum.read() + gradients[i];
    sum.set_next(where(last, 0.0, total));
    means[i] = total * (1.0 / static_cast<double>(batches_));
  }

  std::vector<Variable> changed = optimizer_->variables();
  changed.insert(changed.end(), parameters.begin(), parameters.end());
  std::vector<Array> before;
  for (const Variable& variable : changed) before.push_back(variable.next());
  optimizer_->update(parameters, means);
  for (std::size_t i = 0; i < changed.size(); ++i) {
    const Array after = changed[i].next();
    if (!after.same_as(before[i])) changed[i].set_next(where(last, after, before[i]));
  }
}

}  // namespace retrograd::optim
