// Rows of data with their targets, for verbs that look at single ones.
#pragma once

#include <retrograd/array.h>
#include <retrograd/dataset.h>
#include <retrograd/train.h>

#include <cstdint>
#include <span>
#include <string>

namespace cli {

// The network of `run`. Where it is a language model, which takes no rows, throws retrograd::Error(data) that
// names it and says `instead`, what to use; otherwise what Predictor throws.
retrograd::train::Predictor predictor_for(const std::string& run, const std::string& instead);

// The rows of `data` (see load_rows) as the network of
// `predictor` takes them; without `data` those that config.toml of `run` names. Throws UsageError where
// nothing is named, retrograd::Error(data).
retrograd::data::Dataset rows_for(const retrograd::train::Predictor& predictor, const std::string& run,
                                  const std::string& data);

// The loss that the network was trained with.
std::string loss_of(const retrograd::train::Predictor& predictor);

// Rows by number, from 0: x [count, sample...], and labels [count], of text [count, steps], or numbers
// [count, K].
struct Samples {
  retrograd::Array x;
  retrograd::Array t;
};
Samples samples_of(const retrograd::data::Dataset& rows, std::span<const std::int64_t> numbers);

}  // namespace cli
