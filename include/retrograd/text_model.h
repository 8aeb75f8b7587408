// A trained language model: how well it knows a text, and text of its own.
#pragma once

#include <retrograd/train.h>
#include <retrograd/vocabulary.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace retrograd::train {

struct SampleOptions {
  std::int64_t length = 500;  // tokens
  double temperature = 1.0;   // of the softmax; 0: always the most probable token
  std::int64_t top_k = 0;     // the k most probable tokens alone; 0: all
  std::uint64_t seed = 1;
};

class TextModel {
 public:
  // A model file, or the folder of a run. Throws Error(data), also where the model is none of text.
  explicit TextModel(const std::string& path);
  ~TextModel();
  TextModel(TextModel&&) noexcept;
  TextModel& operator=(TextModel&&) noexcept;
  // Was the model trained on text? Throws Error(data) for what is no model.
  static bool is_one(const std::string& path);

  const nn::Sequential& model() const;
  const data::Vocabulary& vocabulary() const;
  std::int64_t context() const;  // tokens of a window
  // What the model file says besides, as Predictor::metadata().
  const std::map<std::string, std::string>& metadata() const;

  // loss: nats a token; accuracy: of the most probable token; rows: windows. Throws Error(data) for no rows,
  // Error(shape) for windows or a vocabulary of another size.
  Figures evaluate(const data::Dataset& text);
  // What the model writes behind the prompt (without one: behind a line's end). Equal prompts, options and
  // model give equal text. A recurrent model reads token by token and keeps its state, another one the last
  // context() tokens. Throws Error(data) for a character that the vocabulary has not, Error(argument) for
  // options out of range.
  std::string sample(std::string_view prompt, const SampleOptions& options = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace retrograd::train
