// Going on from a trained network. The encoder's part is Encoder::go_on_from.
#include <retrograd/io.h>
#include <retrograd/model_text.h>
#include <retrograd/pretrained.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/fail.h"
#include "nn/layer_text.h"
#include "train/model_path.h"

namespace retrograd::train {
namespace {

// The tensor in the dtype of the variable.
Array converted(const Array& tensor, const Variable& variable) {
  if (tensor.dtype() == variable.dtype()) return tensor;
  if (variable.dtype() == DType::f64) {
    return Array::from(std::span<const double>(tensor.to_vector<double>()), tensor.shape());
  }
  return Array::from(std::span<const float>(tensor.to_vector<float>()), tensor.shape());
}

// Why the layer cannot take the tensors of its name; "" where it can.
std::string misfit(const nn::Module& layer, const std::map<std::string, Array>& tensors) {
  for (const Variable& variable : layer.variables()) {
    const auto found = tensors.find(variable.name());
    if (found == tensors.end()) return fmt::format("{} is not in the trained model", variable.name());
    if (found->second.shape() != variable.shape()) {
      return fmt::format("{} is {} here and {} in the trained model", variable.name(),
                         variable.shape().to_string(), found->second.shape().to_string());
    }
  }
  return "";
}

const nn::Module* last_with_parameters(const nn::Sequential& model) {
  const nn::Module* last = nullptr;
  for (const auto& layer : model.children()) {
    if (!layer->parameters().empty()) last = layer.get();
  }
  return last;
}

}  // namespace

struct Pretrained::State {
  std::string path;
  io::ModelFile file;
  nn::Sequential model;

  std::string entry(const char* key) const {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  }
};

Pretrained::Pretrained(const std::string& path) {
  const std::string at = model_path(path);
  io::ModelFile file = io::load_model(at);
  nn::Sequential model = io::build_model(file, at);
  state_ = std::make_unique<State>(State{at, std::move(file), std::move(model)});
}
Pretrained::~Pretrained() = default;
Pretrained::Pretrained(Pretrained&&) noexcept = default;
Pretrained& Pretrained::operator=(Pretrained&&) noexcept = default;

std::optional<data::Encoder> Pretrained::encoder() const {
  const std::string text = state_->entry("encoder");
  if (text.empty()) return std::nullopt;
  try {
    return data::Encoder::from_json(text);
  } catch (const Error& error) {
    fail(ErrorKind::data, "{}: {}", state_->path, error.what());
  }
}

std::string Pretrained::model_text(std::int64_t outputs) const {
  const nn::Sequential& model = state_->model;
  const nn::Module* last = last_with_parameters(model);
  const Shape output = nn::output_shape(model, state_->file.input_shape);
  if (last == nullptr || output[output.rank() - 1] == outputs) return model.text();
  if (last->type_name() != "linear") {
    fail(ErrorKind::argument,
         "{}: its last layer {} cannot be given {} outputs; name a network with the same first layers",
         state_->path, last->text(), outputs);
  }
  std::string text;
  for (const auto& layer : model.children()) {
    std::string one = nn::layer_text(*layer);
    if (layer.get() == last) {  // linear(10, bias=false)
      const std::size_t first = one.find('(') + 1;
      one.replace(first, one.find_first_of(",)", first) - first, std::to_string(outputs));
    }
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

Pretrained::Taken Pretrained::give(const nn::Sequential& model, const data::Parts& parts) const {
  const std::map<std::string, Array>& tensors = state_->file.tensors;
  const data::Vocabulary& vocabulary = parts.train.vocabulary();
  if (vocabulary.empty() != state_->entry("vocabulary").empty() ||
      (!vocabulary.empty() && vocabulary.to_text() != state_->entry("vocabulary"))) {
    fail(ErrorKind::argument, "{}: was not trained on these characters; bytes as tokens are always the same",
         state_->path);
  }
  bool same_targets = true;
  if (const std::optional<data::Encoder> trained = encoder()) {
    const auto& a = trained->targets();
    const auto& b = parts.encoder.targets();
    same_targets = trained->task() == parts.encoder.task() && trained->classes() == parts.encoder.classes() &&
                   std::equal(a.begin(), a.end(), b.begin(), b.end(),
                              [](const auto& x, const auto& y) { return x.name == y.name; });
  }
  Taken taken;
  std::vector<Variable> variables;
  const nn::Module* last = last_with_parameters(model);
  for (const auto& layer : model.children()) {
    if (layer->variables().empty()) continue;
    if (taken.anew.empty()) {
      taken.reason = misfit(*layer, tensors);
      if (taken.reason.empty() && layer.get() == last && !same_targets) {
        taken.reason = "the trained model predicts something else";
      }
    }
    if (!taken.reason.empty()) {
      taken.anew.push_back(layer->name());
      continue;
    }
    taken.layers.push_back(layer->name());
    for (const Variable& variable : layer->variables()) variables.push_back(variable);
  }
  if (taken.layers.empty()) {
    fail(ErrorKind::shape, "{}: no layer of \"{}\" fits \"{}\": {}", state_->path, state_->file.model_text,
         model.text(), taken.reason);
  }
  for (Variable& variable : variables) {
    variable.assign(converted(tensors.at(variable.name()), variable));
  }
  return taken;
}

}  // namespace retrograd::train
