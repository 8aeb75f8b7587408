// Module: a part of a network that owns its parameters. The layers are in <retrograd/nn.h>.
#pragma once

#include <retrograd/initialisers.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace retrograd::nn {

// A module of one's own derives from Module, registers what it owns and says how it computes:
//
//   class Gate : public rg::nn::Module {
//    public:
//     explicit Gate(std::int64_t n) : Module("gate"), n_(n), linear_(add_child("linear", rg::nn::Linear(n,
//     n))) {} rg::Array forward(const rg::Array& x) const override { return x * rg::sigmoid(linear_(x)); }
//
//    protected:
//     std::unique_ptr<Module> replica() const override { return std::make_unique<Gate>(n_); }
//
//    private:
//     std::int64_t n_;
//     rg::nn::Linear& linear_;
//   };
//
// Modules are move-only; clone() is deep. Names of variables tell the path: "linear_1.weight".
class Module {
 public:
  // What a layer is to the one before it: the default initialiser looks at the activation that follows.
  enum class Role { other, rectifier, transparent };

  virtual ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  Module(Module&&) noexcept = default;
  Module& operator=(Module&&) noexcept = default;

  // forward(x), its nodes in the name scope of this module. The mode of the trace (retrograd::mode()) tells
  // whether it is training. Throws Error(shape) or Error(dtype) where x does not fit, naming the module.
  Array operator()(const Array& x) const;

  // What optimizers train, depth first in the order of registration; frozen ones too (Variable::trainable()).
  std::vector<Variable> parameters() const;
  // The parameters and all other state (running statistics).
  std::vector<Variable> variables() const;
  const std::vector<std::unique_ptr<Module>>& children() const { return children_; }

  // "linear": what it is. name(): "linear_1", its place in the parent; the same as type_name() without one.
  const std::string& type_name() const { return type_name_; }
  const std::string& name() const { return name_; }
  // The layer in a model text: "linear(30)". A module that no model text can name gives its type_name().
  virtual std::string text() const { return type_name_; }
  // Operations of one forward pass on one sample, multiplications and additions counted singly; shapes are
  // those of a sample. Unless a layer says otherwise: one for each output.
  virtual std::int64_t flops(const Shape& input, const Shape& output) const;
  virtual Role role() const { return Role::other; }

  // Freezes all parameters, those of children too, or sets them free: optimizers leave frozen ones alone.
  void set_trainable(bool trainable) const;

  // A module of the same form with a copy of every value; names and frozen parameters are kept.
  std::unique_ptr<Module> clone() const;

  // Draws all parameters that have an initialiser again. The k-th of them, depth first, is drawn from stream
  // (seed, k).
  void initialise(std::uint64_t seed);

 protected:
  explicit Module(std::string type_name);

  virtual Array forward(const Array& x) const = 0;
  // A module of the same form; its values may differ.
  virtual std::unique_ptr<Module> replica() const = 0;

  // Registers a parameter that is drawn from an initialiser, now with set_seed()'s seed.
  Variable add_parameter(std::string name, const Shape& shape, DType dtype, const Initialiser& initialiser,
                         Fans fans);
  // Registers a parameter with a given value.
  Variable add_parameter(std::string name, const Array& initial);
  // Registers state that no optimizer trains.
  Variable add_state(std::string name, const Array& initial);
  // Takes a module as a child. The reference holds as long as this module, also when it is moved.
  template <typename M>
  M& add_child(std::string name, M module) {
    auto owned = std::make_unique<M>(std::move(module));
    M& child = *owned;
    add_child(std::move(name), std::unique_ptr<Module>(std::move(owned)));
    return child;
  }
  void add_child(std::string name, std::unique_ptr<Module> child);

  void set_name(std::string name) { name_ = std::move(name); }
  void set_seed(std::uint64_t seed) { seed_ = seed; }
  void set_before_rectifier(Module& child, bool rectifier) const { child.before_rectifier_ = rectifier; }
  // Draws again, at the ordinals of this module's order, the parameters of children that nobody has used.
  void redraw_unused();
  // Somebody has seen the parameters: they keep their values when the module is taken as a child.
  void mark_used() const { used_ = true; }

 private:
  struct Own {
    Variable variable;
    bool trained = true;
    bool drawn = false;
    Initialiser initialiser;
    Fans fans;
  };
  void collect(bool all, std::vector<Variable>& into) const;
  void draw(const std::uint64_t* seed, bool used, std::uint64_t& ordinal);

  std::string type_name_;
  std::string name_;
  std::vector<Own> own_;
  std::vector<std::unique_ptr<Module>> children_;
  std::uint64_t seed_ = 0;
  bool before_rectifier_ = false;
  mutable bool used_ = false;
};

// Copies the values of all variables of `from` to those of `to`, a module of the same form, converting
// between floating dtypes. Throws Error(argument) where number or shapes of the variables differ.
void copy_values(const Module& from, const Module& to);

// clone() as a value: Sequential best = cloned(net);
template <typename M>
M cloned(const M& module) {
  return std::move(static_cast<M&>(*module.clone()));
}

// The number of elements of the parameters.
std::int64_t parameter_count(const Module& module);

}  // namespace retrograd::nn
