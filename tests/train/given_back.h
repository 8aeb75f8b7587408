// Rows that are their own targets, and networks for them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include <cmath>
#include <string>
#include <vector>

namespace train_test::given_back {

template <typename F>
void expect_error(retrograd::ErrorKind kind, const char* part, F f) {
  try {
    f();
    ADD_FAILURE() << "no error: " << part;
  } catch (const retrograd::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

// Images of 1 x width whose pixels are told by two numbers.
inline retrograd::data::Dataset bars(int rows, int offset, int width = 6) {
  std::vector<float> x;
  for (int i = offset; i < offset + rows; ++i) {
    const float a = static_cast<float>(i * 37 % 101) / 101, b = static_cast<float>(i * 61 % 103) / 103;
    for (int j = 0; j < width; ++j) {
      const float share = static_cast<float>(j) / static_cast<float>(width - 1);
      x.push_back(a * share + b * (1 - share));
    }
  }
  return retrograd::data::Dataset::reconstruction(x, {1, 1, width});
}

inline retrograd::data::Parts parts(int width = 6) {
  return {bars(90, 0, width), bars(30, 90, width), bars(30, 120, width),
          retrograd::data::Encoder::images({1, 1, width}, {"a", "b"}).as_reconstruction()};
}

inline retrograd::nn::Sequential network(const std::string& text,
                                         retrograd::DType dtype = retrograd::DType::f32) {
  return retrograd::nn::build_model(text, {1, 1, 6}, {.seed = 5, .dtype = dtype});
}

// Rows around a mean, spread differently in each of five directions that are no axes.
inline retrograd::data::Dataset cloud(int rows) {
  constexpr double spread[] = {3, 2, 1, 0.5, 0.25};
  std::vector<float> x;
  for (int i = 0; i < rows; ++i) {
    double along[5];
    for (int k = 0; k < 5; ++k) along[k] = spread[k] * std::sin(1.7 * i * (k + 1) + k);
    for (int j = 0; j < 5; ++j) {
      double value = j;
      for (int k = 0; k < 5; ++k) value += along[k] * std::cos(M_PI / 5 * (j + 0.5) * k);
      x.push_back(static_cast<float>(value));
    }
  }
  return retrograd::data::Dataset::reconstruction(x, {5});
}

}  // namespace train_test::given_back
