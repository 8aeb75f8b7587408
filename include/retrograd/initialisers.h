// How parameters start. Values are drawn on the host from Philox streams that (seed, ordinal of the
// parameter) name, so the same seed gives the same bits. The random numbers of a running model are in
// <retrograd/random.h>.
#pragma once

#include <retrograd/array.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace retrograd::nn {

// Inputs that one unit sums over, and units that one input feeds.
struct Fans {
  std::int64_t in = 1;
  std::int64_t out = 1;
};

// A distribution of initial values.
class Initialiser {
 public:
  enum class Kind {
    automatic,
    constant,
    uniform,
    normal,
    xavier_uniform,
    xavier_normal,
    he_uniform,
    he_normal,
    fan_in,
    lecun_uniform,
    truncated_normal,
    truncated_fan_in,
    orthogonal
  };

  // he_uniform where a ReLU follows the layer, else xavier_uniform.
  Initialiser() = default;
  static Initialiser zeros() { return constant(0.0); }
  static Initialiser constant(double value) { return {Kind::constant, value, 0.0}; }
  // U[low, high)
  static Initialiser uniform(double low, double high) { return {Kind::uniform, low, high}; }
  static Initialiser normal(double mean, double deviation) { return {Kind::normal, mean, deviation}; }
  // Variance 2 / (in + out). Glorot and Bengio 2010.
  static Initialiser xavier_uniform() { return {Kind::xavier_uniform, 0.0, 0.0}; }
  static Initialiser xavier_normal() { return {Kind::xavier_normal, 0.0, 0.0}; }
  // Variance 2 / in. He et al. 2015.
  static Initialiser he_uniform() { return {Kind::he_uniform, 0.0, 0.0}; }
  static Initialiser he_normal() { return {Kind::he_normal, 0.0, 0.0}; }
  // N(0, 1 / in). Nielsen 2015, chapter 3.
  static Initialiser fan_in_normal() { return {Kind::fan_in, 0.0, 0.0}; }

  // Variance 1 / in: N(0, 1 / in), the same as fan_in_normal(), and uniform. LeCun et al. 1998, section 4.6.
  static Initialiser lecun_normal() { return fan_in_normal(); }
  static Initialiser lecun_uniform() { return {Kind::lecun_uniform, 0.0, 0.0}; }
  // N(mean, deviation^2), drawn again beyond two deviations from the mean; what is left has the deviation
  // 0.8796 deviation.
  static Initialiser truncated_normal(double mean, double deviation) {
    return {Kind::truncated_normal, mean, deviation};
  }
  // The same around 0, with variance 1 / in after the cut.
  static Initialiser truncated_fan_in_normal() { return {Kind::truncated_fan_in, 0.0, 0.0}; }
  // gain times a matrix [first axis, the others] with orthonormal rows, or columns where there are fewer,
  // drawn evenly from all of them. Saxe et al. 2014. The work is in * out * min(in, out).
  static Initialiser orthogonal(double gain = 1.0) { return {Kind::orthogonal, gain, 0.0}; }

  Kind kind() const { return kind_; }

  // Values of the given floating dtype: element i depends on seed, ordinal and i alone, except for the
  // orthogonal kind. `before_rectifier` decides what the automatic kind means. Throws Error(dtype) for a
  // dtype that is not floating, Error(shape) for the orthogonal kind of a rank below 2.
  Array draw(const Shape& shape, DType dtype, Fans fans, std::uint64_t seed, std::uint64_t ordinal,
             bool before_rectifier = false) const;

 private:
  Initialiser(Kind kind, double a, double b) : kind_(kind), a_(a), b_(b) {}
  Kind kind_ = Kind::automatic;
  double a_ = 0.0;
  double b_ = 0.0;
};

// How the weights and the biases of a layer start.
struct Initialisation {
  Initialiser weight;
  Initialiser bias = Initialiser::zeros();
};

// A scheme by name: "default", "zeros", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal",
// "lecun_uniform", "lecun_normal", "truncated_normal" (cut at two deviations, variance 1/in), "orthogonal",
// "nielsen" (weights and biases N(0, 1)), "nielsen_scaled" (weights N(0, 1/in), biases N(0, 1)). A hyphen
// counts as an underscore. Throws Error(argument) for an unknown one, with the name that may have been meant.
Initialisation initialisation(std::string_view name);
std::span<const std::string_view> initialisation_names();

}  // namespace retrograd::nn
