// A training of a reproduction.
#include "cli/reproduce/training.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

// Ends the training where the user asks, by throwing what stay() throws, and when the time is over, after an
// epoch at least.
class Watch : public rg::train::Observer {
 public:
  Watch(const Request& request, const rg::train::Trainer& trainer) : request_(request), trainer_(trainer) {}
  bool stop_requested() override {
    request_.stay();
    const std::chrono::duration<double, std::ratio<60>> passed = std::chrono::steady_clock::now() - start_;
    return request_.minutes > 0 && passed.count() >= request_.minutes && !trainer_.history().empty();
  }

 private:
  const Request& request_;
  const rg::train::Trainer& trainer_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Json figure(double value, double unit) { return std::isnan(value) ? Json() : Json(value * unit); }

}  // namespace

Json train_recipe(rg::nn::Sequential model, rg::data::Parts parts, const rg::train::Options& options,
                  const Request& request) {
  const bool is_text = parts.train.steps() > 0;
  rg::train::Trainer trainer(std::move(model), std::move(parts), options);
  if (!request.checkpoint.empty()) {
    if (std::filesystem::exists(request.checkpoint)) trainer.resume(request.checkpoint);
    trainer.keep_checkpoint(request.checkpoint);
  }
  Watch watch(request, trainer);
  trainer.run(&watch);
  Json curve = Json::array();
  double seconds = 0;
  for (const rg::train::EpochRecord& epoch : trainer.history()) {
    seconds = epoch.seconds;
    curve.push_back({epoch.epoch, is_text ? figure(epoch.val_loss, 1) : figure(epoch.val_score, 100),
                     figure(epoch.test_score, 100)});
  }
  return {{"epochs", trainer.history().size()},
          {"planned", options.epochs},
          {"seconds", seconds},
          {"curve", curve}};
}

std::vector<Curve> figures_of(std::span<const Json> outcomes, std::size_t column) {
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Curve curve{fmt::format("seed {}", i + 1), {}};
    for (const Json& point : outcomes[i].at("curve")) {
      if (point.at(column).is_null()) continue;
      curve.points.emplace_back(point.at(0).get<double>(), point.at(column).get<double>());
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::string unfinished(std::span<const Json> outcomes) {
  for (const Json& outcome : outcomes) {
    const auto epochs = outcome.at("epochs").get<std::int64_t>(),
               planned = outcome.at("planned").get<std::int64_t>();
    if (epochs < planned) return fmt::format("{} of {} epochs", epochs, planned);
  }
  return "";
}

}  // namespace cli::reproduce
