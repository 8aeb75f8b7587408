// Values of every sample of every op against those of NumPy and SciPy (golden/make_*.py), by reference
// kernels in a plain plan and by fast kernels in an optimised one, in f32 and f64.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "ops/samples.h"
#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

using nlohmann::json;

const json& golden() {
  static const json cases = [] {
    json all = json::array();
    for (const auto& entry : std::filesystem::directory_iterator(RETROGRAD_SOURCE_DIR "/tests/ops/golden")) {
      if (entry.path().extension() != ".json") continue;
      std::ifstream file(entry.path());
      for (json& one : json::parse(file)) all.push_back(std::move(one));
    }
    return all;
  }();
  return cases;
}

const json* find(const Case& c) {
  for (const json& candidate : golden()) {
    if (candidate["op"] == c.op->name && candidate["sample"] == c.index) return &candidate;
  }
  return nullptr;
}

Shape shape_of(const json& array) {
  const std::vector<std::int64_t> extents = array["shape"];
  return Shape(std::span<const std::int64_t>(extents));
}

DType dtype_of(const json& array, DType floating) {
  static const std::map<std::string, DType> names = {{"f32", DType::f32},
                                                     {"f64", DType::f64},
                                                     {"i32", DType::i32},
                                                     {"i64", DType::i64},
                                                     {"bool", DType::boolean}};
  const std::string text = array["dtype"];
  return text == "floating" ? floating : names.at(text);
}

std::vector<double> values_of(const json& array) {
  std::vector<double> values;
  for (const json& value : array["values"]) {
    values.push_back(value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>());
  }
  return values;
}

// f64: a few units in the last place of intermediate values below 100. f32: likewise, and the inputs are
// rounded to f32 (relative error 6e-8) where the golden values are of the unrounded ones.
double tolerance(DType floating, double expected) {
  const double relative = floating == DType::f64 ? 1e-13 : 2e-6;
  return relative * (1.0 + std::abs(expected));
}

class Golden : public ::testing::TestWithParam<Case> {};

void expect_golden(const Case& c, const json& gold, DType floating, bool plain) {
  std::vector<Array> inputs;
  for (const json& input : gold["inputs"]) {
    inputs.push_back(array_of(values_of(input), {dtype_of(input, floating), shape_of(input)}));
  }
  const std::vector<Array> outputs = apply(*c.op, inputs, c.sample().attributes);
  ASSERT_EQ(outputs.size(), gold["outputs"].size());
  const std::vector<std::vector<double>> results = values(outputs, plain);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const json& expected = gold["outputs"][k];
    EXPECT_EQ(outputs[k].type(), (TensorType{dtype_of(expected, floating), shape_of(expected)}));
    const std::vector<double> numbers = values_of(expected);
    ASSERT_EQ(results[k].size(), numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const bool is_rounded = floating == DType::f32 || outputs[k].dtype() == DType::f32;
      EXPECT_NEAR(results[k][i], numbers[i], tolerance(is_rounded ? DType::f32 : DType::f64, numbers[i]))
          << "output " << k << " element " << i << (plain ? " plain" : " optimised");
    }
  }
}

TEST_P(Golden, ValuesAreThoseOfNumPy) {
  const Case& c = GetParam();
  const json* gold = find(c);
  ASSERT_NE(gold, nullptr) << "golden/make_*.py has no case for this sample";
  ASSERT_EQ((*gold)["attributes"], c.sample().attributes.to_string());
  ASSERT_EQ((*gold)["inputs"].size(), c.sample().shapes.size());
  for (std::size_t i = 0; i < c.sample().shapes.size(); ++i) {
    ASSERT_EQ(shape_of((*gold)["inputs"][i]), c.sample().shapes[i]);
    ASSERT_EQ(dtype_of((*gold)["inputs"][i], DType::f64), dtype_of_input(c.sample(), i, DType::f64));
  }
  for (DType floating : {DType::f32, DType::f64}) {
    for (bool plain : {true, false}) expect_golden(c, *gold, floating, plain);
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, Golden, ::testing::ValuesIn(all_cases()),
                         [](const auto& tested) { return name_of(tested.param); });

}  // namespace
}  // namespace retrograd::testing
