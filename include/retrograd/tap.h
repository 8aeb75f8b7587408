// tap: names a value inside a compiled function, so that it and its gradient can be read after a call. Not
// here: the reading, which is taps() and tap() of a compiled function (<retrograd/compile.h>).
#pragma once

#include <retrograd/array.h>
#include <retrograd/trace.h>

#include <string_view>

namespace retrograd {

// x itself, of any shape and dtype. While a function is traced, the value is kept under `name`, after the
// names of the modules in force ("net/linear_1/" + name); so is its gradient, where the function takes
// gradients that pass through the result. Elsewhere it does nothing more: there the caller holds the array.
//
//   auto step = compile([&](Array x, Array t) {
//     Array hidden = tap(tanh(first(x)), "hidden");
//     ...
//   });
//   step(x, t);
//   step.tap("hidden").gradient.to_vector<float>();
//
// Two values of one name in a function are an Error(argument) when it is traced, an empty name when tap is
// called.
Array tap(const Array& x, std::string_view name);

}  // namespace retrograd
