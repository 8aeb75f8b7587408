// TextModel: a model file of text brought to use.
#include <retrograd/io.h>
#include <retrograd/ops.h>
#include <retrograd/text_model.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "core/buffer.h"
#include "core/fail.h"
#include "data/random.h"
#include "train/model_path.h"
#include "train/text_evaluator.h"
#include "train/training_step.h"

namespace retrograd::train {
namespace {

data::Vocabulary vocabulary_of(const io::ModelFile& file, const std::string& path) {
  const auto found = file.metadata.find("vocabulary");
  if (found == file.metadata.end() || file.input_shape.rank() != 1) {
    fail(ErrorKind::data, "{}: is no language model: its metadata lacks \"vocabulary\"", path);
  }
  try {
    return data::Vocabulary::from_text(found->second);
  } catch (const Error& error) {
    fail(ErrorKind::data, "{}: {}", path, error.what());
  }
}

// x [1, T] -> logits [T, V].
class NextTokens final : public TracedFunction {
 public:
  NextTokens(const nn::Sequential& model, nn::CarriedState* carried) : model_(&model), carried_(carried) {}
  std::vector<Array> trace(std::span<const Array> inputs) override {
    std::optional<nn::CarriedStateScope> scope;
    if (carried_ != nullptr) scope.emplace(*carried_);
    const Array logits = model_->logits(in_model_dtype(*model_, inputs[0]));
    return {check_finite(reshape(logits, Shape{logits.shape()[1], logits.shape()[2]}))};
  }

 private:
  const nn::Sequential* model_;
  nn::CarriedState* carried_;
};

// Reads tokens and gives the logits of the next one.
class Reader {
 public:
  Reader(const nn::Sequential& model, std::int64_t context)
      : is_recurrent_(nn::is_recurrent(model)),
        window_(is_recurrent_ ? 1 : context),
        function_(std::make_unique<NextTokens>(model, is_recurrent_ ? &carried_ : nullptr),
                  CompileOptions{.mode = Mode::evaluation}) {}

  std::vector<double> read(std::int32_t token) {
    tokens_.push_back(token);
    if (static_cast<std::int64_t>(tokens_.size()) > window_) tokens_.erase(tokens_.begin());
    auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(window_) * sizeof(float));
    // What stands behind the tokens is not seen by those before it.
    for (std::int64_t i = 0; i < window_; ++i) {
      const auto at = static_cast<std::size_t>(i);
      buffer->as<float>()[i] = at < tokens_.size() ? static_cast<float>(tokens_[at]) : 0.0f;
    }
    std::array<Array, 1> logits;
    function_.call(std::array{Array::from_buffer(buffer, Shape{1, window_}, DType::f32)}, logits);
    const std::vector<double> all = logits[0].to_vector<double>();
    const std::size_t width = all.size() / static_cast<std::size_t>(window_);
    const auto row = all.begin() + static_cast<std::ptrdiff_t>((tokens_.size() - 1) * width);
    return {row, row + static_cast<std::ptrdiff_t>(width)};
  }

 private:
  nn::CarriedState carried_;
  bool is_recurrent_;
  std::int64_t window_;
  std::vector<std::int32_t> tokens_;
  CompiledFunction function_;
};

std::int32_t most_probable_of(const std::vector<double>& logits) {
  return static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

std::int32_t draw(const std::vector<double>& logits, const SampleOptions& options,
                  data::RandomWords& random) {
  if (options.temperature == 0.0) return most_probable_of(logits);
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
  if (options.top_k > 0 && static_cast<std::size_t>(options.top_k) < order.size()) {
    order.resize(static_cast<std::size_t>(options.top_k));
  }
  std::vector<double> weights;
  for (const std::size_t i : order)
    weights.push_back(std::exp((logits[i] - logits[order[0]]) / options.temperature));
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double left = static_cast<double>(random.next()) * 0x1p-32 * total;
  for (std::size_t k = 0; k < order.size(); ++k) {
    left -= weights[k];
    if (left < 0) return static_cast<std::int32_t>(order[k]);
  }
  return static_cast<std::int32_t>(order.back());
}

void check(const SampleOptions& options) {
  if (options.length < 0) fail(ErrorKind::argument, "length is {}; expected at least 0", options.length);
  if (!(options.temperature >= 0 && std::isfinite(options.temperature))) {
    fail(ErrorKind::argument, "temperature is {}; expected a number, at least 0", options.temperature);
  }
  if (options.top_k < 0) fail(ErrorKind::argument, "top-k is {}; expected at least 0", options.top_k);
}

}  // namespace

struct TextModel::State {
  State(const io::ModelFile& file, const std::string& path)
      : vocabulary(vocabulary_of(file, path)),
        context(file.input_shape[0]),
        model(io::build_model(file, path)),
        metadata(file.metadata),
        evaluator(model) {}

  data::Vocabulary vocabulary;
  std::int64_t context;
  nn::Sequential model;
  std::map<std::string, std::string> metadata;
  TextEvaluator evaluator;
};

TextModel::TextModel(const std::string& path) {
  const std::string file = model_path(path);
  state_ = std::make_unique<State>(io::load_model(file), file);
}
TextModel::~TextModel() = default;
TextModel::TextModel(TextModel&&) noexcept = default;
TextModel& TextModel::operator=(TextModel&&) noexcept = default;

bool TextModel::is_one(const std::string& path) {
  return io::load_model(model_paths(path).front()).metadata.contains("vocabulary");
}

const nn::Sequential& TextModel::model() const { return state_->model; }
const data::Vocabulary& TextModel::vocabulary() const { return state_->vocabulary; }
std::int64_t TextModel::context() const { return state_->context; }
const std::map<std::string, std::string>& TextModel::metadata() const { return state_->metadata; }

Figures TextModel::evaluate(const data::Dataset& text) {
  if (text.rows() == 0) fail(ErrorKind::data, "evaluate: there is no text");
  check_text_output(state_->model, text);
  const TextEvaluator::Score score = state_->evaluator.score(text);
  return {
      .rows = text.rows(), .loss = score.loss, .accuracy = score.accuracy, .nats_per_character = score.loss};
}

std::string TextModel::sample(std::string_view prompt, const SampleOptions& options) {
  check(options);
  std::vector<std::int32_t> tokens = state_->vocabulary.encode(prompt, "the prompt");
  if (tokens.empty()) {
    const auto& all = state_->vocabulary.tokens();
    const auto line_end = std::find(all.begin(), all.end(), "\n");
    tokens.push_back(line_end == all.end() ? 0 : static_cast<std::int32_t>(line_end - all.begin()));
  }
  Reader reader(state_->model, state_->context);
  data::RandomWords random(options.seed, data::Purpose::sample, 0);
  std::vector<double> logits;
  for (const std::int32_t token : tokens) logits = reader.read(token);
  std::vector<std::int32_t> written;
  while (static_cast<std::int64_t>(written.size()) < options.length) {
    written.push_back(draw(logits, options, random));
    if (static_cast<std::int64_t>(written.size()) < options.length) logits = reader.read(written.back());
  }
  return state_->vocabulary.decode(written);
}

}  // namespace retrograd::train
