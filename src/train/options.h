// What the options of a training amount to. Selections of parameters are in parameter_groups.h.
#pragma once

#include <retrograd/optim.h>
#include <retrograd/train.h>

#include <memory>
#include <span>

namespace retrograd::train {

// Batches that `rows` make, the last one being padded.
std::int64_t steps_in_epoch(const Options& options, std::int64_t rows);

// The loss with its options; `balanced` weights are those of the training part.
nn::Loss make_loss(const Options& options, const data::Dataset& training);

// With clipping, and the schedule over the updates of all epochs; null for a minimiser. Throws
// Error(argument) for an unknown name or a value out of range.
std::unique_ptr<optim::Optimizer> make_optimizer(const Options& options, std::int64_t rows);

// The loss with its options in a model file: to metadata and back.
void put_loss(const Options& options, const nn::Loss& loss, std::map<std::string, std::string>& metadata);
nn::Loss loss_of(const std::map<std::string, std::string>& metadata);

}  // namespace retrograd::train
