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

#include "kernels/elementwise_list.h"

}  // namespace retrograd::kernels::reference
