// What the options of a training amount to.
#pragma once

#include <retrograd/optim.h>
#include <retrograd/train.h>

#include <memory>

namespace retrograd::train {

// Batches that `rows` make, the last one being padded.
std::int64_t steps_in_epoch(const Options& options, std::int64_t rows);

// With the schedule over all epochs. Throws Error(argument) for an unknown name or a value out of range.
std::unique_ptr<optim::Optimizer> make_optimizer(const Options& options, std::int64_t rows);

}  // namespace retrograd::train
