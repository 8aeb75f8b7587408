// Parameters chosen by a text: frozen ones, and those with a learning rate of their own.
#pragma once

#include <retrograd/nn.h>
#include <retrograd/optim.h>

#include <string_view>
#include <vector>

namespace retrograd::train {

// The parameters that one of the items of a list names: "0, linear_2, conv*". A number counts the layers of
// the model that have parameters, from 0; a name is that of a layer or of a parameter, in which * stands for
// any letters. Throws Error(argument), which begins with `what`, for an item that names none.
std::vector<Variable> chosen_parameters(const char* what, std::string_view list, const nn::Sequential& model);

// Freezes the parameters that `list` names. Throws Error(argument) where none is left to train.
void freeze(std::string_view list, const nn::Sequential& model);

// Multipliers of the learning rate: "0 = 0.1, linear_2 = 2".
void set_rates(std::string_view list, const nn::Sequential& model, optim::Optimizer& optimizer);

}  // namespace retrograd::train
