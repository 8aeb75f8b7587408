// What is said in formulas besides the ops' own definitions. No numbers come from here.
#pragma once

#include <retrograd/explain.h>

#include <string>
#include <string_view>

namespace retrograd::explain {

// dy/dz of an activation: "y (1 - y)"; empty for one that is not known here.
std::string derivative_text(std::string_view op);

// E_n of a loss, and its derivative by what is compared with t; empty for a loss that is not known here.
Equation error_equation(std::string_view loss, std::string_view summary);
Equation error_derivative(std::string_view loss);

Equation sum_equation(bool bias);

// How dE/dz_j comes about. `loss` is given where it has the activation within it, else empty.
Equation delta_equation(bool coupled, std::string_view loss);

// Whether the loss means by integer labels the one-hot rows of their classes, its terms one for each output.
bool takes_one_hot(std::string_view loss);

// "w_12" or, where a number has two digits, "w_1,12"; "b_2" for input 0.
std::string parameter_name(std::int64_t input, std::int64_t unit);

}  // namespace retrograd::explain
