// One step of training as a compiled function: forward, backward and update in one plan.
#pragma once

#include <retrograd/compile.h>
#include <retrograd/nn.h>
#include <retrograd/optim.h>
#include <retrograd/random.h>
#include <retrograd/recurrent_layers.h>

#include "train/batch_buffer.h"

namespace retrograd::train {

// What the step is made of; it must outlive the step.
struct StepParts {
  const nn::Sequential* model;
  const nn::Loss* loss;
  optim::Optimizer* optimizer;
  optim::Accumulation* accumulation;  // null: each batch makes an update
  optim::MovingAverage* average;      // null: none
  const Generator* generator;         // of dropout
  nn::CarriedState* carried;          // of recurrent layers; null: they begin with zeros
  double l1;                          // already divided by the rows of the training part
  double l2;
  Precision precision;
};

class TrainingStep {
 public:
  // Throws Error(argument) for products of bf16 in a model that is not in f32.
  explicit TrainingStep(const StepParts& parts);

  struct Outcome {
    double loss;       // the mean over the rows that are no padding, without penalties
    double grad_norm;  // of all gradients, penalties included; NaN where it was not asked for
  };
  // With and without the norm are two plans, whose updates are the same to the bit: with it each gradient
  // must be kept, without it an update may be part of the product that makes its gradient. After the first
  // call of each allocates nothing. Throws Error(diverged) before anything is updated where the loss is not
  // finite.
  Outcome operator()(const BatchBuffer& batch, bool with_norm);

 private:
  CompiledFunction function_;
  Array with_norm_, without_norm_;  // their shapes tell the plans apart
};

// x in the dtype of the model's parameters.
Array in_model_dtype(const nn::Sequential& model, const Array& x);

}  // namespace retrograd::train
