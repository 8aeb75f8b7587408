// Accuracies on MNIST, as Nielsen reports them, beside a published one.
#pragma once

#include "cli/reproduce/experiment.h"

namespace cli::reproduce {

// Which epoch's figure stands for a training.
enum class Reported {
  best_test,               // the best on the test images
  best_validation,         // the best on the validation images
  test_at_best_validation  // that on the test images when validation was best, the last of equal epochs
};

// `published` in percent; outcomes are train_recipe()'s.
Finding conclude_accuracy(std::span<const Json> outcomes, Reported reported, double published);

}  // namespace cli::reproduce
