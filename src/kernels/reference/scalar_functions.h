// The element-wise functions on single numbers: the meaning of the vector forms.
#pragma once

#include <cmath>
#include <string_view>

#include "kernels/elementwise_form.h"

namespace retrograd::kernels::reference {

template <typename T>
T select(bool condition, T a, T b) {
  return condition ? a : b;
}
template <typename T>
T abs(T x) {
  return std::abs(x);
}
template <typename T>
T exp(T x) {
  return std::exp(x);
}
template <typename T>
T log(T x) {
  return std::log(x);
}
template <typename T>
T sqrt(T x) {
  return std::sqrt(x);
}
template <typename T>
T tanh(T x) {
  return std::tanh(x);
}
template <typename T>
T log1p(T x) {
  return std::log1p(x);
}
template <typename T>
T expm1(T x) {
  return std::expm1(x);
}
template <typename T>
T sin(T x) {
  return std::sin(x);
}
template <typename T>
T cos(T x) {
  return std::cos(x);
}
template <typename T>
T floor(T x) {
  return std::floor(x);
}
template <typename T>
T erf(T x) {
  return std::erf(x);
}
// Halves go to the even neighbour: the rounding mode is never changed.
template <typename T>
T round(T x) {
  return std::nearbyint(x);
}

#include "kernels/elementwise_list.h"

}  // namespace retrograd::kernels::reference
