// Losses and hits of a language model, window by window.
#include "train/text_evaluator.h"

#include <retrograd/model_text.h>
#include <retrograd/ops.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/fail.h"
#include "train/training_step.h"

namespace retrograd::train {
namespace {

constexpr std::int64_t windows_at_once = 32;

// x [B, T], t [B, T] -> the mean loss and the share of hits of each window [B].
class TextFunction final : public TracedFunction {
 public:
  TextFunction(const nn::Sequential& model, nn::CarriedState* carried) : model_(&model), carried_(carried) {}

  std::vector<Array> trace(std::span<const Array> inputs) override {
    std::optional<nn::CarriedStateScope> scope;
    if (carried_ != nullptr) scope.emplace(*carried_);
    const Array logits = check_finite(model_->logits(in_model_dtype(*model_, inputs[0])));
    const Array hits = cast(equal(argmax(logits, 2), inputs[1]), logits.dtype());
    return {nn::cross_entropies(logits, inputs[1]), mean(hits, 1)};
  }

 private:
  const nn::Sequential* model_;
  nn::CarriedState* carried_;
};

}  // namespace

TextEvaluator::TextEvaluator(const nn::Sequential& model)
    : function_(std::make_unique<TextFunction>(model, nn::is_recurrent(model) ? &carried_ : nullptr),
                CompileOptions{.mode = Mode::evaluation}),
      is_recurrent_(nn::is_recurrent(model)) {}

TextEvaluator::Score TextEvaluator::score(const data::Dataset& text) {
  if (!batch_) batch_ = std::make_unique<BatchBuffer>(text, windows_at_once);
  carried_.reset();
  const std::int64_t rows = text.rows();
  const std::int64_t steps = (rows + windows_at_once - 1) / windows_at_once;
  double loss = 0, hits = 0;
  std::vector<std::int64_t> chosen;
  for (std::int64_t step = 0; step < steps; ++step) {
    chosen.clear();
    for (std::int64_t lane = 0; lane < windows_at_once; ++lane) {
      const std::int64_t row = is_recurrent_ ? lane * steps + step : step * windows_at_once + lane;
      if (row < rows) chosen.push_back(row);
    }
    batch_->fill(text, chosen);
    std::array<Array, 2> outputs;
    function_.call(std::array{batch_->inputs(), batch_->targets()}, outputs);
    const std::vector<double> losses = outputs[0].to_vector<double>(), right = outputs[1].to_vector<double>();
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      loss += losses[i];
      hits += right[i];
    }
  }
  return {loss / static_cast<double>(rows), hits / static_cast<double>(rows)};
}

void check_text_output(const nn::Sequential& model, const data::Dataset& like) {
  const Shape output = nn::output_shape(model, like.input_shape());
  const Shape wanted{like.input_shape()[0], like.target_width()};
  if (output == wanted) return;
  fail(ErrorKind::shape,
       "model: for a window of {} tokens it gives {}, but a score is wanted for each of the {} tokens at "
       "each step, "
       "{}; end with linear({})",
       wanted[0], output.to_string(), wanted[1], wanted.to_string(), wanted[1]);
}

void make_stream_order(std::int64_t rows, std::int64_t lanes, std::vector<std::int64_t>& order) {
  const std::int64_t steps = rows / lanes;
  order.clear();
  for (std::int64_t step = 0; step < steps; ++step) {
    for (std::int64_t lane = 0; lane < lanes; ++lane) order.push_back(lane * steps + step);
  }
}

}  // namespace retrograd::train
