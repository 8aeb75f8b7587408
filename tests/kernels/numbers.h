// Operands as numbers in double, and what the reference kernel gives in double.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "kernels/harness.h"

namespace retrograd::kernels::testing {

using Numbers = std::vector<double>;

// A view with the given strides, in elements.
View strided(DType dtype, const Shape& shape, const std::vector<std::int64_t>& strides);
// Elements of the storage that the view spans.
std::int64_t extent_of(const View& view);

// The numbers as the storage of the view, and back.
Operand encode(const View& view, const Numbers& numbers);
Numbers decode(const Operand& operand);

// A call on operands that hold `inputs`.
Problem encode(const Call& call, const std::vector<Numbers>& inputs);

// The outputs of the reference kernel; `in_double`: every f32 of the call taken as an f64.
std::vector<Numbers> by_reference(const Call& call, const std::vector<Numbers>& inputs);
std::vector<Numbers> in_double(Call call, const std::vector<Numbers>& inputs);

// 2^-24: the largest relative error of one rounding in f32.
constexpr double unit_roundoff = 0x1p-24;

// The distance from |x| to the next larger number of the dtype, f32 or bf16; 0 for NaN and infinity, which
// only their equals match.
double ulp(double x, DType dtype = DType::f32);

// Numbers that f32 has exactly.
class Draw {
 public:
  explicit Draw(std::uint32_t seed) : engine_(seed) {}
  Numbers uniform(std::int64_t count, double low, double high);
  Numbers integers(std::int64_t count, std::int64_t low, std::int64_t high);  // high is not among them

 private:
  std::mt19937 engine_;
};

}  // namespace retrograd::kernels::testing
