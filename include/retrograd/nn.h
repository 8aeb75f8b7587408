// The layers of a network. Losses and initialisers come along; networks from a line of text are in
// <retrograd/model_text.h>.
#pragma once

#include <retrograd/activations.h>
#include <retrograd/image_layers.h>
#include <retrograd/initialisers.h>
#include <retrograd/losses.h>
#include <retrograd/module.h>
#include <retrograd/norms.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace retrograd::nn {

struct LinearOptions {
  bool bias = true;
  Initialisation initialisation = {};
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// z = x W + b: x [..., inputs] -> [..., outputs], W [inputs, outputs], b [outputs].
class Linear : public Module {
 public:
  // Throws Error(argument) for sizes below 1.
  Linear(std::int64_t inputs, std::int64_t outputs, const LinearOptions& options = {});
  const Variable& weight() const;
  // Empty where the layer has none.
  const Variable& bias() const;
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  Array rows(const Array& x) const;

  std::int64_t inputs_;
  std::int64_t outputs_;
  LinearOptions options_;
  Variable weight_;
  Variable bias_;
};

// z_k = sum_ij a_i W_ijk b_j + c_k of two inputs: a [N, first], b [N, second] -> [N, outputs], W [first,
// second, outputs], c [outputs]. As a layer of one input, first = second: a = b = x, all products of two
// features. Tenenbaum and Freeman 2000.
class Bilinear : public Module {
 public:
  // Throws Error(argument) for sizes below 1.
  Bilinear(std::int64_t first, std::int64_t second, std::int64_t outputs, const LinearOptions& options = {});
  using Module::operator();
  Array operator()(const Array& a, const Array& b) const;
  const Variable& weight() const;
  // Empty where the layer has none.
  const Variable& bias() const;
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  Array product(const Array& a, const Array& b) const;

  std::int64_t first_;
  std::int64_t second_;
  std::int64_t outputs_;
  LinearOptions options_;
  Variable weight_;
  Variable bias_;
};

struct EmbeddingOptions {
  Initialiser initialiser = Initialiser::normal(0.0, 1.0);
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// The rows of a table [entries, size] that indices name: [...] -> [..., size]. Indices are integers, or whole
// numbers in a floating dtype, which are rounded towards zero. One outside [0, entries) is found when the
// plan runs: Error(data), and nothing has been updated.
class Embedding : public Module {
 public:
  // Throws Error(argument) for sizes below 1.
  Embedding(std::int64_t entries, std::int64_t size, const EmbeddingOptions& options = {});
  const Variable& weight() const;
  std::string text() const override;
  std::int64_t flops(const Shape&, const Shape&) const override { return 0; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t entries_;
  std::int64_t size_;
  EmbeddingOptions options_;
  Variable weight_;
};

// y = 1 / (1 + exp(-x)), element by element.
class Sigmoid : public Module {
 public:
  Sigmoid() : Module("sigmoid") {}

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

class Tanh : public Module {
 public:
  Tanh() : Module("tanh") {}

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// y = max(x, 0), element by element.
class Relu : public Module {
 public:
  Relu() : Module("relu") {}
  Role role() const override { return Role::rectifier; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// Probabilities along an axis that counts the batch axis too. Cross-entropy wants logits:
// Sequential::logits().
class Softmax : public Module {
 public:
  explicit Softmax(int axis = -1) : Module("softmax"), axis_(axis) {}
  std::string text() const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  int axis_;
};

// In training mode sets each element to zero with probability p and multiplies the others by 1 / (1 - p);
// else the identity. Random numbers come from Generator::current(). Source: Srivastava et al. 2014.
class Dropout : public Module {
 public:
  // Throws Error(argument) unless 0 <= p < 1.
  explicit Dropout(double p);
  std::string text() const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  double p_;
};

// x [N, ...] -> [N, product of the others].
class Flatten : public Module {
 public:
  Flatten() : Module("flatten") {}
  Role role() const override { return Role::transparent; }
  std::int64_t flops(const Shape&, const Shape&) const override { return 0; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// Layers one after another: Sequential net(Linear(784, 30), Sigmoid(), Linear(30, 10)). They are named by
// type and number: "linear_1", "sigmoid_1", "linear_2". Layers whose parameters nobody has used yet are drawn
// again at the ordinals of this order, so that equal layers start with different values.
class Sequential : public Module {
 public:
  template <typename... M>
  requires(std::derived_from<M, Module>&&...) explicit Sequential(M... modules)
      : Sequential(listed(std::move(modules)...)) {}
  explicit Sequential(std::vector<std::unique_ptr<Module>> modules);

  std::size_t size() const { return children().size(); }
  // Throws Error(argument) for an index out of range.
  const Module& operator[](std::size_t index) const;
  // The layers separated by commas: a model text that builds the same network.
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;
  // The output before a last softmax or sigmoid layer, which losses of logits take; the output where there is
  // none.
  Array logits(const Array& x) const;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  template <typename... M>
  static std::vector<std::unique_ptr<Module>> listed(M... modules) {
    std::vector<std::unique_ptr<Module>> list;
    (list.push_back(std::make_unique<M>(std::move(modules))), ...);
    return list;
  }
};

// A layer around others, its body.
class LayerWithBody : public Module {
 public:
  const Sequential& body() const { return body_; }
  // "name(body)", as "skip(linear(3), relu)".
  std::string text() const override;
  // Those of the body.
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  LayerWithBody(std::string type_name, Sequential body);

 private:
  Sequential& body_;
};

// y = x + body(x), for a body that keeps the shape, or y = shortcut(x) + body(x). Source: He et al. 2016.
class Residual : public LayerWithBody {
 public:
  explicit Residual(Sequential body);
  Residual(Sequential body, Sequential shortcut);
  // Null where x itself is added.
  const Sequential* shortcut() const { return shortcut_; }
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  Sequential* shortcut_ = nullptr;
};

}  // namespace retrograd::nn
