// A network applied to a whole dataset, in batches, by a compiled function in evaluation mode.
#pragma once

#include <retrograd/compile.h>
#include <retrograd/train.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "train/batch_buffer.h"
#include "train/text_evaluator.h"

namespace retrograd::train {

class Evaluator {
 public:
  // Both must outlive it. The encoder takes outputs of regression to units.
  Evaluator(const nn::Sequential& model, const nn::Loss& loss, const data::Encoder& encoder);

  // For the figures of a baseline, which are not known without.
  void set_baseline(Baseline baseline) { baseline_ = std::move(baseline); }
  const Baseline& baseline() const { return baseline_; }

  // All of these throw Error(diverged), naming the layer, where an output is not finite.
  Figures figures(const data::Dataset& dataset);
  // Those of predictions [N, K], [N, L] or [N, M] as predictions() gives them, with a loss that is known; not
  // of reconstruction (train/reconstruction.h).
  Figures figures(const data::Dataset& dataset, const std::vector<double>& predicted, double loss) const;
  // The loss and accuracy or r2 alone, which every epoch asks for.
  struct Score {
    double loss;
    double score;
  };
  // Of text the loss is in nats a token.
  Score score(const data::Dataset& dataset);
  // Probabilities of classes [N, K] or labels [N, L], numbers in units [N, M], or inputs given back [N, D].
  std::vector<double> predictions(const data::Dataset& dataset);

 private:
  // What the network says of N rows.
  struct Answers {
    std::vector<double> predicted;  // probabilities [N, K] or [N, L], or numbers in units [N, M]
    double loss = 0;                // the mean; 0 where targets are not wanted
  };
  Answers answers(const data::Dataset& dataset, bool with_losses);
  Figures reconstruction(const data::Dataset& dataset, const Baseline& baseline);
  BatchBuffer& buffer(const data::Dataset& dataset);

  const data::Encoder* encoder_;
  Baseline baseline_;
  CompiledFunction with_losses_;
  CompiledFunction scores_only_;
  std::unique_ptr<BatchBuffer> with_targets_, without_targets_;
  TextEvaluator text_;
};

// Of several labels, [N, L]: 1 where a row has the label.
std::vector<std::uint8_t> truth_of(const data::Dataset& dataset);
// Adds the figures of probabilities [N, L].
void add_label_figures(const data::Dataset& dataset, const std::vector<double>& probabilities,
                       const Baseline& baseline, Figures& figures);

// Of the training part; through the metadata of a model file.
Baseline baseline_of(const data::Dataset& training, const data::Encoder& encoder);
void put_baseline(const Baseline& baseline, std::map<std::string, std::string>& metadata);
Baseline baseline_in(const std::map<std::string, std::string>& metadata);

// Throws Error(shape), naming the last layer and the remedy, where the outputs of the network do not fit the
// targets of such data.
void check_output(const nn::Sequential& model, const nn::Loss& loss, const data::Dataset& like);

}  // namespace retrograd::train
