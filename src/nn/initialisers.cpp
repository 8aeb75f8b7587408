// Draws initial values, and the schemes by name.
#include <retrograd/initialisers.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "core/buffer.h"
#include "core/fail.h"
#include "core/philox.h"
#include "core/suggest.h"
#include "nn/orthogonal.h"

namespace retrograd::nn {
namespace {

// The last two coordinates of the Philox counter of initial values; the step of a running model never gets
// there.
constexpr std::uint32_t initial_value_stream[] = {0x696e6974, 0xffffffff};

// How far in deviations a truncated normal goes, and the deviation that N(0, 1) cut there has:
// 1 - 2 c phi(c) / (2 Phi(c) - 1) is its square.
constexpr double truncation = 2.0;
constexpr double truncated_deviation = 0.87962566103423978;

// A double in (0, 1): 53 bits of two words, in the middle of their interval.
double unit_double(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (std::uint64_t{high} << 21) | (low >> 11);
  return (static_cast<double>(bits) + 0.5) * 0x1p-53;
}

// Pair `block` of uniform numbers; it gives elements 2 block and 2 block + 1. Other attempts give other
// numbers.
std::pair<double, double> unit_pair(std::uint64_t seed, std::uint64_t ordinal, std::uint32_t block,
                                    std::uint32_t attempt = 0) {
  const PhiloxCounter words = philox({block, static_cast<std::uint32_t>(ordinal), initial_value_stream[0],
                                      initial_value_stream[1] - attempt},
                                     philox_key(seed));
  return {unit_double(words[0], words[1]), unit_double(words[2], words[3])};
}

// Box and Muller 1958.
std::pair<double, double> normal_pair(std::pair<double, double> uniform) {
  const double radius = std::sqrt(-2.0 * std::log(uniform.first));
  const double angle = 2.0 * std::numbers::pi * uniform.second;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// The first number of an attempt that is near enough, for each of the pair; 5 % of the numbers are not.
std::pair<double, double> truncated_pair(std::uint64_t seed, std::uint64_t ordinal, std::uint32_t block) {
  std::pair<double, double> pair = normal_pair(unit_pair(seed, ordinal, block));
  for (std::uint32_t attempt = 1;; ++attempt) {
    const bool first = std::abs(pair.first) > truncation;
    const bool second = std::abs(pair.second) > truncation;
    if (!first && !second) return pair;
    const std::pair<double, double> other = normal_pair(unit_pair(seed, ordinal, block, attempt));
    if (first) pair.first = other.first;
    if (second) pair.second = other.second;
  }
}

enum class Law { uniform, normal, truncated };

// offset + scale * (a uniform number of (0, 1), a standard normal one, or one cut at two deviations)
struct Affine {
  Law law;
  double offset;
  double scale;
};

Affine normal_with(double variance) { return {Law::normal, 0.0, std::sqrt(variance)}; }

Affine uniform_with(double variance) {
  const double limit = std::sqrt(3.0 * variance);  // U(-c, c) has variance c^2 / 3
  return {Law::uniform, -limit, 2.0 * limit};
}

std::pair<double, double> draw_pair(Law law, std::uint64_t seed, std::uint64_t ordinal, std::uint32_t block) {
  if (law == Law::truncated) return truncated_pair(seed, ordinal, block);
  const std::pair<double, double> pair = unit_pair(seed, ordinal, block);
  return law == Law::normal ? normal_pair(pair) : pair;
}

template <typename T>
void fill(T* values, std::int64_t count, const Affine& affine, std::uint64_t seed, std::uint64_t ordinal) {
  for (std::int64_t i = 0; i < count; i += 2) {
    std::pair<double, double> pair{0.0, 0.0};
    if (affine.scale != 0.0) pair = draw_pair(affine.law, seed, ordinal, static_cast<std::uint32_t>(i / 2));
    values[i] = static_cast<T>(affine.offset + affine.scale * pair.first);
    if (i + 1 < count) values[i + 1] = static_cast<T>(affine.offset + affine.scale * pair.second);
  }
}

// The law of a kind with its numbers a and b; orthogonal is none of independent numbers.
Affine affine_of(Initialiser::Kind kind, double a, double b, Fans fans, bool before_rectifier) {
  using Kind = Initialiser::Kind;
  const double in = static_cast<double>(std::max<std::int64_t>(fans.in, 1));
  const double out = static_cast<double>(std::max<std::int64_t>(fans.out, 1));
  if (kind == Kind::automatic) kind = before_rectifier ? Kind::he_uniform : Kind::xavier_uniform;
  switch (kind) {
    case Kind::uniform:
      return {Law::uniform, a, b - a};
    case Kind::normal:
      return {Law::normal, a, b};
    case Kind::xavier_uniform:
      return uniform_with(2.0 / (in + out));
    case Kind::xavier_normal:
      return normal_with(2.0 / (in + out));
    case Kind::he_uniform:
      return uniform_with(2.0 / in);
    case Kind::he_normal:
      return normal_with(2.0 / in);
    case Kind::fan_in:
      return normal_with(1.0 / in);
    case Kind::lecun_uniform:
      return uniform_with(1.0 / in);
    case Kind::truncated_normal:
      return {Law::truncated, a, b};
    case Kind::truncated_fan_in:
      return {Law::truncated, 0.0, std::sqrt(1.0 / in) / truncated_deviation};
    case Kind::automatic:
    case Kind::constant:
    case Kind::orthogonal:
      break;
  }
  return {Law::uniform, a, 0.0};
}

Initialisation nielsen(const Initialiser& weight) { return {weight, Initialiser::normal(0.0, 1.0)}; }

constexpr std::string_view scheme_names[] = {
    "default",       "zeros",        "xavier_uniform",   "xavier_normal", "he_uniform", "he_normal",
    "lecun_uniform", "lecun_normal", "truncated_normal", "orthogonal",    "nielsen",    "nielsen_scaled"};

// Orthogonal values in place of independent normal ones.
template <typename T>
void fill_orthogonal(T* values, const Shape& shape, double gain, std::uint64_t seed, std::uint64_t ordinal) {
  std::vector<double> matrix(static_cast<std::size_t>(shape.size()));
  fill(matrix.data(), shape.size(), normal_with(1.0), seed, ordinal);
  make_orthogonal(matrix, shape[0], shape.size() / shape[0]);
  for (std::size_t i = 0; i < matrix.size(); ++i) values[i] = static_cast<T>(gain * matrix[i]);
}

}  // namespace

Array Initialiser::draw(const Shape& shape, DType dtype, Fans fans, std::uint64_t seed, std::uint64_t ordinal,
                        bool before_rectifier) const {
  if (dtype != DType::f32 && dtype != DType::f64) {
    fail(ErrorKind::dtype, "initialiser: a parameter is f32 or f64, not {}", retrograd::name(dtype));
  }
  if (kind_ == Kind::orthogonal && shape.rank() < 2) {
    fail(ErrorKind::shape, "initialiser: a parameter {} is no matrix to be orthogonal", shape.to_string());
  }
  auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(shape.size()) * size_of(dtype));
  const auto put = [&](auto* values) {
    if (kind_ == Kind::orthogonal) {
      fill_orthogonal(values, shape, a_, seed, ordinal);
    } else {
      fill(values, shape.size(), affine_of(kind_, a_, b_, fans, before_rectifier), seed, ordinal);
    }
  };
  if (dtype == DType::f32) {
    put(buffer->as<float>());
  } else {
    put(buffer->as<double>());
  }
  return Array::from_buffer(std::move(buffer), shape, dtype);
}

Initialisation initialisation(std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  if (wanted == "default") return {};
  if (wanted == "zeros") return {Initialiser::zeros()};
  if (wanted == "xavier_uniform") return {Initialiser::xavier_uniform()};
  if (wanted == "xavier_normal") return {Initialiser::xavier_normal()};
  if (wanted == "he_uniform") return {Initialiser::he_uniform()};
  if (wanted == "he_normal") return {Initialiser::he_normal()};
  if (wanted == "lecun_uniform") return {Initialiser::lecun_uniform()};
  if (wanted == "lecun_normal") return {Initialiser::lecun_normal()};
  if (wanted == "truncated_normal") return {Initialiser::truncated_fan_in_normal()};
  if (wanted == "orthogonal") return {Initialiser::orthogonal()};
  if (wanted == "nielsen") return nielsen(Initialiser::normal(0.0, 1.0));
  if (wanted == "nielsen_scaled") return nielsen(Initialiser::fan_in_normal());
  const std::vector<std::string> known(std::begin(scheme_names), std::end(scheme_names));
  fail(ErrorKind::argument, "initialiser: \"{}\" is unknown;{}", name, [&] {
    const std::string near = suggest(wanted, known);
    return near.empty() ? fmt::format(" known are {}", fmt::join(known, ", ")) : near;
  }());
}

std::span<const std::string_view> initialisation_names() { return scheme_names; }

}  // namespace retrograd::nn
