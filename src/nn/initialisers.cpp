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

namespace retrograd::nn {
namespace {

// The last two coordinates of the Philox counter of initial values; the step of a running model never gets
// there.
constexpr std::uint32_t initial_value_stream[] = {0x696e6974, 0xffffffff};

// A double in (0, 1): 53 bits of two words, in the middle of their interval.
double unit_double(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (std::uint64_t{high} << 21) | (low >> 11);
  return (static_cast<double>(bits) + 0.5) * 0x1p-53;
}

// Pair `block` of uniform numbers; it gives elements 2 block and 2 block + 1.
std::pair<double, double> unit_pair(std::uint64_t seed, std::uint64_t ordinal, std::uint32_t block) {
  const PhiloxCounter words =
      philox({block, static_cast<std::uint32_t>(ordinal), initial_value_stream[0], initial_value_stream[1]},
             philox_key(seed));
  return {unit_double(words[0], words[1]), unit_double(words[2], words[3])};
}

// Box and Muller 1958.
std::pair<double, double> normal_pair(std::pair<double, double> uniform) {
  const double radius = std::sqrt(-2.0 * std::log(uniform.first));
  const double angle = 2.0 * std::numbers::pi * uniform.second;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// offset + scale * (a uniform number of (0, 1), or a standard normal one)
struct Affine {
  bool normal;
  double offset;
  double scale;
};

Affine normal_with(double variance) { return {true, 0.0, std::sqrt(variance)}; }

Affine uniform_with(double variance) {
  const double limit = std::sqrt(3.0 * variance);  // U(-c, c) has variance c^2 / 3
  return {false, -limit, 2.0 * limit};
}

template <typename T>
void fill(T* values, std::int64_t count, const Affine& affine, std::uint64_t seed, std::uint64_t ordinal) {
  for (std::int64_t i = 0; i < count; i += 2) {
    std::pair<double, double> pair{0.0, 0.0};
    if (affine.scale != 0.0) pair = unit_pair(seed, ordinal, static_cast<std::uint32_t>(i / 2));
    if (affine.scale != 0.0 && affine.normal) pair = normal_pair(pair);
    values[i] = static_cast<T>(affine.offset + affine.scale * pair.first);
    if (i + 1 < count) values[i + 1] = static_cast<T>(affine.offset + affine.scale * pair.second);
  }
}

Initialisation nielsen(const Initialiser& weight) { return {weight, Initialiser::normal(0.0, 1.0)}; }

constexpr std::string_view scheme_names[] = {"default",    "zeros",     "xavier_uniform", "xavier_normal",
                                             "he_uniform", "he_normal", "nielsen",        "nielsen_scaled"};

}  // namespace

Array Initialiser::draw(const Shape& shape, DType dtype, Fans fans, std::uint64_t seed, std::uint64_t ordinal,
                        bool before_rectifier) const {
  if (!is_floating(dtype)) {
    fail(ErrorKind::dtype, "initialiser: a parameter is f32 or f64, not {}", retrograd::name(dtype));
  }
  const double in = static_cast<double>(std::max<std::int64_t>(fans.in, 1));
  const double out = static_cast<double>(std::max<std::int64_t>(fans.out, 1));
  Kind kind = kind_;
  if (kind == Kind::automatic) kind = before_rectifier ? Kind::he_uniform : Kind::xavier_uniform;
  Affine affine{false, a_, 0.0};
  switch (kind) {
    case Kind::automatic:
    case Kind::constant:
      break;
    case Kind::uniform:
      affine.scale = b_ - a_;
      break;
    case Kind::normal:
      affine = {true, a_, b_};
      break;
    case Kind::xavier_uniform:
      affine = uniform_with(2.0 / (in + out));
      break;
    case Kind::xavier_normal:
      affine = normal_with(2.0 / (in + out));
      break;
    case Kind::he_uniform:
      affine = uniform_with(2.0 / in);
      break;
    case Kind::he_normal:
      affine = normal_with(2.0 / in);
      break;
    case Kind::fan_in:
      affine = normal_with(1.0 / in);
      break;
  }
  auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(shape.size()) * size_of(dtype));
  if (dtype == DType::f32) {
    fill(buffer->as<float>(), shape.size(), affine, seed, ordinal);
  } else {
    fill(buffer->as<double>(), shape.size(), affine, seed, ordinal);
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
