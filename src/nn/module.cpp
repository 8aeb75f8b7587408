// Module: what it owns, names, copies, initial values.
#include <retrograd/module.h>
#include <retrograd/trace.h>

#include <optional>
#include <span>

#include "core/buffer.h"
#include "core/fail.h"

namespace retrograd::nn {
namespace {

// The value of a variable, in another floating dtype where that differs.
Array converted(const Variable& variable, DType dtype) {
  if (variable.dtype() == dtype) return variable.read();
  const auto count = static_cast<std::size_t>(variable.size());
  const auto values = variable.snapshot();
  if (variable.dtype() == DType::f32 && dtype == DType::f64) {
    const float* from = values->as<float>();
    return Array::from(std::span<const double>(std::vector<double>(from, from + count)), variable.shape());
  }
  if (variable.dtype() == DType::f64 && dtype == DType::f32) {
    std::vector<float> narrow(count);
    for (std::size_t i = 0; i < count; ++i) narrow[i] = static_cast<float>(values->as<double>()[i]);
    return Array::from(std::span<const float>(narrow), variable.shape());
  }
  fail(ErrorKind::dtype, "copy_values: {} is {}, which does not become {}", variable.name(),
       variable.type().to_string(), retrograd::name(dtype));
}

}  // namespace

Module::Module(std::string type_name) : type_name_(std::move(type_name)), name_(type_name_) {}
Module::~Module() = default;

Array Module::operator()(const Array& x) const {
  mark_used();
  std::optional<NameScope> scope;
  if (!name_.empty()) scope.emplace(name_);
  return forward(x);
}

void Module::collect(bool all, std::vector<Variable>& into) const {
  for (const Own& own : own_) {
    if (all || own.trained) into.push_back(own.variable);
  }
  for (const auto& child : children_) child->collect(all, into);
}

std::vector<Variable> Module::parameters() const {
  mark_used();
  std::vector<Variable> found;
  collect(false, found);
  return found;
}

std::vector<Variable> Module::variables() const {
  mark_used();
  std::vector<Variable> found;
  collect(true, found);
  return found;
}

void Module::set_trainable(bool trainable) const {
  for (Variable parameter : parameters()) parameter.set_trainable(trainable);
}

std::int64_t Module::flops(const Shape&, const Shape& output) const { return output.size(); }

std::unique_ptr<Module> Module::clone() const {
  std::unique_ptr<Module> copy = replica();
  copy_values(*this, *copy);
  const std::vector<Variable> from = variables();
  std::vector<Variable> to = copy->variables();
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i].set_name(from[i].name());
    to[i].set_trainable(from[i].trainable());
  }
  copy->name_ = name_;
  return copy;
}

Variable Module::add_parameter(std::string name, const Shape& shape, DType dtype,
                               const Initialiser& initialiser, Fans fans) {
  const Array initial = initialiser.draw(shape, dtype, fans, seed_, own_.size(), before_rectifier_);
  own_.push_back({Variable(initial, std::move(name)), true, true, initialiser, fans});
  return own_.back().variable;
}

Variable Module::add_parameter(std::string name, const Array& initial) {
  own_.push_back({Variable(initial, std::move(name))});
  return own_.back().variable;
}

Variable Module::add_state(std::string name, const Array& initial) {
  own_.push_back({Variable(initial, std::move(name)), false});
  return own_.back().variable;
}

void Module::add_child(std::string name, std::unique_ptr<Module> child) {
  if (!child) fail(ErrorKind::argument, "{}: a child module is null", type_name_);
  std::vector<Variable> inside;
  child->collect(true, inside);
  for (Variable& variable : inside) variable.set_name(name + "." + variable.name());
  child->name_ = std::move(name);
  children_.push_back(std::move(child));
}

void Module::draw(const std::uint64_t* seed, bool used, std::uint64_t& ordinal) {
  const bool skip = used_ && !used;
  for (Own& own : own_) {
    if (!own.drawn) continue;
    if (!skip) {
      own.variable.assign(own.initialiser.draw(own.variable.shape(), own.variable.dtype(), own.fans,
                                               seed != nullptr ? *seed : seed_, ordinal, before_rectifier_));
    }
    ++ordinal;
  }
  for (const auto& child : children_) {
    if (skip) child->mark_used();
    child->draw(seed, used, ordinal);
  }
}

void Module::initialise(std::uint64_t seed) {
  std::uint64_t ordinal = 0;
  draw(&seed, true, ordinal);
}

void Module::redraw_unused() {
  std::uint64_t ordinal = 0;
  draw(nullptr, false, ordinal);
}

void copy_values(const Module& from, const Module& to) {
  const std::vector<Variable> source = from.variables();
  const std::vector<Variable> target = to.variables();
  if (source.size() != target.size()) {
    fail(ErrorKind::argument, "copy_values: {} variables do not match {}", source.size(), target.size());
  }
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i].shape() != target[i].shape()) {
      fail(ErrorKind::argument, "copy_values: {} {} does not match {} {}", source[i].name(),
           source[i].type().to_string(), target[i].name(), target[i].type().to_string());
    }
    target[i].assign(converted(source[i], target[i].dtype()));
  }
}

std::int64_t parameter_count(const Module& module) {
  std::int64_t count = 0;
  for (const Variable& parameter : module.parameters()) count += parameter.size();
  return count;
}

}  // namespace retrograd::nn
