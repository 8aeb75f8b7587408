// The training part as one objective, for the minimisers that see it whole. Training batch by batch is in
// training_step.h.
#pragma once

#include <retrograd/minimise.h>
#include <retrograd/train.h>

#include <memory>
#include <string_view>

namespace retrograd::train {

// "lbfgs" or "levenberg-marquardt".
bool is_minimiser(std::string_view optimizer);
// The options as a minimiser has them. Throws Error(argument) for those it does not have.
Options completed_for_minimiser(Options options, const data::Dataset& training);

// The network in evaluation mode (no dropout) on all rows at once.
class FullBatch {
 public:
  // All must outlive it; frozen parameters stay as they are. Throws Error(argument) for a layer that learns
  // from batches or adds a penalty, and for Levenberg-Marquardt where the loss is no sum of squares or the
  // network too large.
  FullBatch(const Options& options, const nn::Sequential& model, const nn::Loss& loss,
            const data::Dataset& training);
  ~FullBatch();

  // One iteration; the model has its values. False where nothing got better.
  bool step();
  // Of the point where the model is.
  double loss() const;  // without penalties
  double gradient_norm() const { return minimiser_->gradient_norm(); }
  std::vector<double> state() const { return minimiser_->state(); }
  void restore(std::span<const double> state);

 private:
  class Network;
  class Loss;
  class Squares;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<SumOfSquares> squares_;
  std::unique_ptr<Minimiser> minimiser_;
};

}  // namespace retrograd::train
