// Predictor: a model file brought to use.
#include <retrograd/io.h>
#include <retrograd/train.h>

#include "core/fail.h"
#include "train/evaluator.h"
#include "train/model_path.h"
#include "train/options.h"

namespace retrograd::train {
namespace {

const std::string& entry(const io::ModelFile& file, const char* key, const std::string& path) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) {
    fail(ErrorKind::data, "{}: its metadata lacks \"{}\"; it was not made by `train`", path, key);
  }
  return found->second;
}

nn::Loss loss_in(const io::ModelFile& file, const std::string& path) {
  entry(file, "loss", path);
  try {
    return loss_of(file.metadata);
  } catch (const Error& error) {
    fail(ErrorKind::data, "{}: {}", path, error.what());
  }
}

data::Encoder encoder_of(const io::ModelFile& file, const std::string& path) {
  try {
    return data::Encoder::from_json(entry(file, "encoder", path));
  } catch (const Error& error) {
    fail(ErrorKind::data, "{}: {}", path, error.what());
  }
}

}  // namespace

struct Predictor::State {
  State(const io::ModelFile& file, const std::string& path)
      : model(io::build_model(file, path)),
        loss(loss_in(file, path)),
        encoder(encoder_of(file, path)),
        metadata(file.metadata),
        evaluator(model, loss, encoder) {
    evaluator.set_baseline(baseline_in(metadata));
    if (encoder.input_shape() != file.input_shape) {
      fail(ErrorKind::data, "{}: its encoder gives {}, its model takes {}", path,
           encoder.input_shape().to_string(), file.input_shape.to_string());
    }
  }

  void check_input(const data::Dataset& dataset) const {
    if (dataset.input_shape() == encoder.input_shape()) return;
    fail(ErrorKind::shape, "{}: a row has the shape {}, the model takes {}", dataset.source().name,
         dataset.input_shape().to_string(), encoder.input_shape().to_string());
  }

  nn::Sequential model;
  nn::Loss loss;
  data::Encoder encoder;
  std::map<std::string, std::string> metadata;
  Evaluator evaluator;
};

Predictor::Predictor(const std::string& path) {
  const std::string file = model_path(path);
  state_ = std::make_unique<State>(io::load_model(file), file);
}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

const nn::Sequential& Predictor::model() const { return state_->model; }
const data::Encoder& Predictor::encoder() const { return state_->encoder; }
const std::map<std::string, std::string>& Predictor::metadata() const { return state_->metadata; }

Figures Predictor::evaluate(const data::Dataset& dataset) {
  if (dataset.rows() == 0) fail(ErrorKind::data, "evaluate: there are no rows");
  if (!dataset.has_targets()) fail(ErrorKind::data, "evaluate: the rows have no targets");
  state_->check_input(dataset);
  check_output(state_->model, state_->loss, dataset);
  return state_->evaluator.figures(dataset);
}

std::vector<double> Predictor::predict(const data::Dataset& dataset) {
  state_->check_input(dataset);
  return state_->evaluator.predictions(dataset);
}

}  // namespace retrograd::train
