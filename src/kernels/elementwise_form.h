// What the functions in elementwise/ say of themselves. Each of those files is one struct with
//   op       the op's name
//   form     what goes in and out
//   max_ulp  the largest error of its vector form in units in the last place, where the result is not
//   denormal operator()  the function, written for any vocabulary of values: V is float, double or an integer
//   for the
//               reference kernel, a vector of floats for the fast one. It may use + - * /, comparisons (which
//               give masks), | & on masks, select(mask, a, b), abs, exp,
//               expm1, log, log1p, sqrt, sin, cos, tanh, erf, floor, round, and V(constant).
// The files have no include guard: they are included by kernels/elementwise_list.h in each vocabulary's
// namespace.
#pragma once

#include <string_view>

namespace retrograd::kernels {

enum class Form {
  unary_number,     // x -> y in f32, f64, i32, i64
  unary_floating,   // x -> y in f32, f64
  binary_number,    // a, b -> y
  binary_floating,  // a, b -> y
  comparison,       // a, b -> bool
  selection,        // bool, a, b -> y in any dtype
};

constexpr int operands_of(Form form) {
  switch (form) {
    case Form::unary_number:
    case Form::unary_floating:
      return 1;
    case Form::binary_number:
    case Form::binary_floating:
    case Form::comparison:
      return 2;
    case Form::selection:
      return 3;
  }
  return 0;
}

}  // namespace retrograd::kernels
