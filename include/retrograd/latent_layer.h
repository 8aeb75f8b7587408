// Latent, the layer of a variational autoencoder between encoder and decoder: "linear(64), relu, latent(8),
// linear(64), relu, linear(20)" in a model text.
#pragma once

#include <retrograd/nn.h>

#include <cstdint>
#include <memory>
#include <string>

namespace retrograd::nn {

struct LatentOptions {
  double beta = 1.0;  // the weight of the divergence; 1: the evidence lower bound
  Initialisation initialisation = {};
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// x [N, ..., inputs] -> z [N, ..., width]: latent variables with a Gaussian each, whose mean m and logarithm
// of the variance s are linear in x, (m, s) = x W + b with W [inputs, 2 width]. In training mode z = m +
// exp(s / 2) e, e ~ N(0, 1) from Generator::current(), anew in each step; in evaluation z = m.
//
// Where nn::Penalties are in force, in either mode, the layer hands them its divergence from N(0, 1), for
// each sample beta sum_j KL(N(m_j, exp s_j) || N(0, 1)) = beta/2 sum_j (m_j^2 + exp s_j - 1 - s_j). With a
// loss that is minus a log likelihood (half_squared_error, binary_cross_entropy) the sum of both is minus the
// evidence lower bound. Kingma and Welling 2014, appendix B; beta: Higgins et al. 2017.
class Latent : public Module {
 public:
  // Throws Error(argument) for sizes below 1, and unless beta is finite and at least 0.
  Latent(std::int64_t inputs, std::int64_t width, const LatentOptions& options = {});
  const LatentOptions& options() const { return options_; }
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t inputs_;
  std::int64_t width_;
  LatentOptions options_;
  Variable weight_;
  Variable bias_;
};

}  // namespace retrograd::nn
