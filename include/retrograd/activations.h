// Activations beyond those in <retrograd/nn.h>, element by element: one-sided ones, smooth ones, bounded
// ones. Values of an exponential minus 1 and of log(1 + exp(x)) are accurate to a unit roundoff of 1, not of
// themselves.
#pragma once

#include <retrograd/module.h>

#include <memory>
#include <string>

namespace retrograd::nn {

// y = x for x > 0, else slope x. Maas et al. 2013.
class LeakyRelu : public Module {
 public:
  // Throws Error(argument) unless the slope is finite.
  explicit LeakyRelu(double slope = 0.01);
  std::string text() const override;
  Role role() const override { return Role::rectifier; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  double slope_;
};

// y = x for x > 0, else alpha (exp(x) - 1). Clevert et al. 2016.
class Elu : public Module {
 public:
  // Throws Error(argument) unless alpha is finite and at least 0.
  explicit Elu(double alpha = 1.0);
  std::string text() const override;
  Role role() const override { return Role::rectifier; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  double alpha_;
};

// 1.0507 times elu with alpha 1.6733, the constants that keep mean 0 and variance 1. Klambauer et al. 2017;
// it wants weights of variance 1 / in ("lecun_normal").
class Selu : public Module {
 public:
  Selu() : Module("selu") {}

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// y = x Phi(x) with the normal distribution function Phi; by_tanh: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715
// x^3))), which differs from it by at most 5e-4. Hendrycks and Gimpel 2016.
class Gelu : public Module {
 public:
  explicit Gelu(bool by_tanh = false) : Module("gelu"), by_tanh_(by_tanh) {}
  std::string text() const override;
  Role role() const override { return Role::rectifier; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  bool by_tanh_;
};

// y = x / (1 + exp(-x)), also called swish. Elfwing et al. 2018.
class Silu : public Module {
 public:
  Silu() : Module("silu") {}
  Role role() const override { return Role::rectifier; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// y = x tanh(log(1 + exp(x))). Misra 2019.
class Mish : public Module {
 public:
  Mish() : Module("mish") {}
  Role role() const override { return Role::rectifier; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// y = log(1 + exp(beta x)) / beta. Dugas et al. 2001.
class Softplus : public Module {
 public:
  // Throws Error(argument) unless beta is finite and above 0.
  explicit Softplus(double beta = 1.0);
  std::string text() const override;
  Role role() const override { return Role::rectifier; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  double beta_;
};

// y = x / (1 + |x|). Glorot and Bengio 2010.
class Softsign : public Module {
 public:
  Softsign() : Module("softsign") {}

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// y = x / 6 + 1/2 within [0, 1]; derivative 0 at both ends. Howard et al. 2019.
class HardSigmoid : public Module {
 public:
  HardSigmoid() : Module("hard_sigmoid") {}

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

}  // namespace retrograd::nn
