// A language model applied to a whole text: how well each token is told from those before it. Tables and
// images are evaluated in evaluator.cpp.
#pragma once

#include <retrograd/compile.h>
#include <retrograd/nn.h>
#include <retrograd/recurrent_layers.h>

#include <memory>

#include "train/batch_buffer.h"

namespace retrograd::train {

class TextEvaluator {
 public:
  // The model must outlive it.
  explicit TextEvaluator(const nn::Sequential& model);

  struct Score {
    double loss;      // the mean over tokens of -ln p, in nats
    double accuracy;  // share of tokens that were the most probable one
  };
  // A recurrent model reads the text in a few long pieces, its state carried from window to window; another
  // one window by window. Throws Error(diverged), naming the layer, where an output is not finite.
  Score score(const data::Dataset& text);

 private:
  CompiledFunction function_;
  nn::CarriedState carried_;
  bool is_recurrent_;
  std::unique_ptr<BatchBuffer> batch_;
};

// Throws Error(shape), naming the last layer and the remedy, where the model does not give a score for each
// token of the vocabulary at each step.
void check_text_output(const nn::Sequential& model, const data::Dataset& like);

// The rows of a text in the order in which `lanes` readers of contiguous pieces come by them: those of one
// step stand together. Rows must be a multiple of lanes.
void make_stream_order(std::int64_t rows, std::int64_t lanes, std::vector<std::int64_t>& order);

}  // namespace retrograd::train
