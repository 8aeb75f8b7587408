// Rows that a network gives back, as `predict` prints them: the error of each, and its inputs.
#pragma once

#include <retrograd/train.h>

#include <string>

namespace cli {

// CSV: "error", then of a table a column for each input, in its units; of images one for each pixel where
// `pixels` are wanted. As JSON an array of {"error", "reconstruction"}.
std::string given_back_csv(retrograd::train::Predictor& predictor, const retrograd::data::Dataset& rows,
                           bool pixels);
std::string given_back_json(retrograd::train::Predictor& predictor, const retrograd::data::Dataset& rows,
                            bool pixels);

}  // namespace cli
