// Inputs for the samples of an op's definition, for the tests that run over the table of ops.
#pragma once

#include <retrograd/op.h>
#include <retrograd/ops.h>

#include <cstdint>
#include <iosfwd>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "ops/op_table.h"

namespace retrograd::testing {

// One sample of one op: the parameter of the table-driven tests.
struct Case {
  const OpDef* op;
  std::size_t index;
  Sample held;
  const Sample& sample() const { return held; }
};

// Every sample of every op, or of those ops for which `holds`.
std::vector<Case> all_cases();
std::vector<Case> cases_where(bool (*holds)(const Case&));
// "softmax_0", for the test's name.
std::string name_of(const Case& c);

// The same in messages of failed tests.
void PrintTo(const Case& c, std::ostream* out);

// The dtype of input i where floating inputs are `floating`.
DType dtype_of_input(const Sample& sample, std::size_t i, DType floating);

// A leaf with these values, converted.
Array array_of(const std::vector<double>& values, const TensorType& type);

// Fresh leaves, the same ones for the same sample.
std::vector<Array> draw(const Case& c, DType floating);

// The floating ones among `arrays`.
std::vector<Array> floating_of(std::span<const Array> arrays);
// Has the op a gradient, and this sample floating inputs and outputs?
bool is_differentiable(const Case& c);

// U(-1, 1), apart from zero by 0.1: a direction or a cotangent.
Array draw_direction(const TensorType& type, std::mt19937& generator);

}  // namespace retrograd::testing
