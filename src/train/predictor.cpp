// Predictor: a model file brought to use.
#include <retrograd/io.h>
#include <retrograd/model_text.h>
#include <retrograd/train.h>

#include "core/fail.h"
#include "train/evaluator.h"
#include "train/model_path.h"
#include "train/options.h"
#include "train/reconstruction.h"

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

// One network.
struct Member {
  Member(const io::ModelFile& file, const std::string& path)
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
    if (encoder.task() != data::Task::reconstruction) return;
    const Shape output = nn::output_shape(model, file.input_shape);
    if (output.size() == file.input_shape.size()) return;
    fail(ErrorKind::data, "{}: its model makes {} of {}, and gives back no row", path, output.to_string(),
         file.input_shape.to_string());
  }

  nn::Sequential model;
  nn::Loss loss;
  data::Encoder encoder;
  std::map<std::string, std::string> metadata;
  Evaluator evaluator;
};

}  // namespace

struct Predictor::State {
  explicit State(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      members.push_back(std::make_unique<Member>(io::load_model(path), path));
      if (members.back()->encoder == first().encoder) continue;
      fail(ErrorKind::data, "{}: its inputs or targets are not those of {}; an ensemble has one split", path,
           paths.front());
    }
  }

  const Member& first() const { return *members.front(); }

  void check_input(const data::Dataset& dataset) const {
    if (dataset.input_shape() == first().encoder.input_shape()) return;
    fail(ErrorKind::shape, "{}: a row has the shape {}, the model takes {}", dataset.source().name,
         dataset.input_shape().to_string(), first().encoder.input_shape().to_string());
  }

  // A network that reconstructs takes any rows as their own targets.
  data::Dataset taken(const data::Dataset& dataset) const {
    check_input(dataset);
    return first().encoder.task() == data::Task::reconstruction ? dataset.as_reconstruction() : dataset;
  }

  // The mean over the members.
  std::vector<double> predictions(const data::Dataset& dataset) const {
    std::vector<double> sum = members.front()->evaluator.predictions(dataset);
    for (std::size_t m = 1; m < members.size(); ++m) {
      const std::vector<double> more = members[m]->evaluator.predictions(dataset);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
    }
    if (members.size() == 1) return sum;
    for (double& value : sum) value /= static_cast<double>(members.size());
    return sum;
  }

  std::vector<std::unique_ptr<Member>> members;
};

Predictor::Predictor(const std::string& path) : state_(std::make_unique<State>(model_paths(path))) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

const nn::Sequential& Predictor::model() const { return state_->first().model; }
const data::Encoder& Predictor::encoder() const { return state_->first().encoder; }
const std::map<std::string, std::string>& Predictor::metadata() const { return state_->first().metadata; }

Figures Predictor::evaluate(const data::Dataset& given) {
  if (given.rows() == 0) fail(ErrorKind::data, "evaluate: there are no rows");
  const data::Dataset dataset = state_->taken(given);
  if (!dataset.has_targets()) fail(ErrorKind::data, "evaluate: the rows have no targets");
  double loss = 0;  // the mean of the members' losses
  for (const auto& member : state_->members) {
    check_output(member->model, member->loss, dataset);
    const Figures figures = member->evaluator.figures(dataset);
    if (state_->members.size() == 1) return figures;
    loss += figures.loss / static_cast<double>(state_->members.size());
  }
  const Evaluator& evaluator = state_->first().evaluator;
  if (dataset.task() != data::Task::reconstruction) {
    return evaluator.figures(dataset, state_->predictions(dataset), loss);
  }
  const auto predict = [&](const data::Dataset& some) { return state_->predictions(some); };
  Figures figures = sums_of(dataset, evaluator.baseline(), predict).figures();
  figures.loss = loss;
  return figures;
}

std::vector<double> Predictor::predict(const data::Dataset& dataset) {
  return state_->predictions(state_->taken(dataset));
}

std::vector<double> Predictor::errors(const data::Dataset& dataset) {
  if (encoder().task() != data::Task::reconstruction) {
    fail(ErrorKind::argument, "errors: the model is of {}, not of reconstruction",
         data::name(encoder().task()));
  }
  const auto predict = [&](const data::Dataset& some) { return state_->predictions(some); };
  return sums_of(state_->taken(dataset), {}, predict).errors();
}

}  // namespace retrograd::train
