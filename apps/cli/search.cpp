// A search for settings. Spaces and rounds are in <retrograd/search.h>, its journal in search_journal.h.
#include "cli/search.h"

#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/model_text.h>
#include <retrograd/search.h>
#include <retrograd/text.h>
#include <retrograd/version.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/interrupt.h"
#include "cli/letters.h"
#include "cli/run_report.h"
#include "cli/search_journal.h"
#include "cli/terminal.h"
#include "cli/training.h"

namespace cli {
namespace {

namespace rg = retrograd;

using nlohmann::ordered_json;

using Space = std::vector<rg::train::Dimension>;

constexpr std::int64_t default_trials = 20;

// Settings that say what is learned, or where: trainings that differ in them cannot be compared.
constexpr const char* not_searched[] = {"target", "task",       "test", "val",     "context",   "tokens",
                                        "seed",   "split_seed", "from", "threads", "track_test"};

class Interruption : public rg::train::Observer {
 public:
  bool stop_requested() override { return interrupt_asked(); }
};

Space space_of(const Settings& settings) {
  Space space = rg::train::parse_space(*settings.search);
  for (rg::train::Dimension& dimension : space) {
    const SettingKind kind = kind_of(dimension.name);
    std::replace(dimension.name.begin(), dimension.name.end(), '-', '_');
    if (dimension.name == "learning_rate") dimension.name = "lr";
    for (const char* name : not_searched) {
      if (dimension.name != name) continue;
      throw UsageError(fmt::format("--search: trainings with another {} cannot be compared", name));
    }
    if (!dimension.choices.empty()) continue;
    if (kind == SettingKind::number) dimension.whole = false;
    if (kind == SettingKind::whole && dimension.whole) continue;
    if (kind != SettingKind::number) {
      throw UsageError(
          fmt::format("--search: {} takes {}", dimension.name,
                      kind == SettingKind::whole ? "whole numbers, as 16..128" : "choices, as a|b"));
    }
  }
  return space;
}

// The text of a network for such data: what does not end with the data's outputs is taken as hidden layers.
std::string completed_model(const std::string& text, const Settings& settings,
                            const rg::data::Dataset& data) {
  const std::string whole = rg::nn::expand_model(text, data.input_shape(), data.target_width());
  const std::int64_t outputs = data.target_width();
  const rg::nn::Sequential model =
      rg::nn::build_model(whole, data.input_shape(), {.vocabulary = data.steps() > 0 ? outputs : 0});
  const rg::Shape shape = rg::nn::output_shape(model, data.input_shape());
  const bool reconstruction = data.task() == rg::data::Task::reconstruction;
  const std::int64_t given = reconstruction ? shape.size() : shape[shape.rank() - 1];
  // Two classes by one number, for losses that are not of softmax.
  const bool one_for_two = data.task() == rg::data::Task::classification && given == 1 && outputs == 2 &&
                           settings.loss.value_or("cross_entropy") != "cross_entropy";
  if (given == outputs || one_for_two) return text;
  const bool has_activation = model[model.size() - 1].parameters().empty();
  return fmt::format("{}{}, linear({})", whole, has_activation ? "" : ", relu", outputs);
}

class Search {
 public:
  Search(const Settings& settings, const Source& source, const Several& several, const Common& common)
      : base_(settings),
        source_(source),
        common_(common),
        space_(space_of(settings)),
        parts_(load(source, settings)),
        folder_(several, source) {
    if (parts_.validation.rows() == 0) {
      throw UsageError("--search: trainings are compared by the validation part; give it rows by --val");
    }
    check_choices();
    base_.trials = settings.trials.value_or(default_trials);
    base_.method = settings.method.value_or("halving");
    base_.epochs = settings.epochs.value_or(rg::train::Options().epochs);
    base_.patience = settings.patience.value_or(settings.epochs ? 0 : rg::train::Options().patience);
    base_.seed = settings.seed.value_or(1);
    base_.data_sha256 = parts_.train.source().sha256;
    if (*base_.trials < 1 || *base_.trials > 1000000) {
      throw UsageError(fmt::format("--trials: {} is out of range; expected at least 1", *base_.trials));
    }
    if (*base_.method == "random") {
      rungs_ = {{*base_.trials, *base_.epochs}};
    } else if (*base_.method == "halving") {
      rungs_ = rg::train::halving_rungs(*base_.trials, *base_.epochs);
    } else {
      throw UsageError(fmt::format("--method: \"{}\" is unknown; known are halving, random", *base_.method));
    }
    Settings kept = base_;
    kept.data = source.path;
    folder_.get().write("config.toml", config_text(kept));
    journal_.emplace(folder_.get().file("journal.jsonl"), base_);
  }

  void run() {
    std::vector<std::int64_t> candidates;
    for (std::int64_t trial = 1; trial <= *base_.trials; ++trial) candidates.push_back(trial);
    for (std::size_t r = 0; r < rungs_.size(); ++r) {
      std::vector<double> losses;
      for (const std::int64_t trial : candidates) {
        losses.push_back(done(trial, static_cast<std::int64_t>(r) + 1, rungs_[r].epochs));
      }
      if (r + 1 == rungs_.size()) break;
      std::vector<std::int64_t> next;
      for (const std::size_t i :
           rg::train::least_losses(losses, static_cast<std::size_t>(rungs_[r + 1].trials))) {
        if (!std::isnan(losses[i])) next.push_back(candidates[i]);
      }
      std::sort(next.begin(), next.end());
      candidates = next;
    }
    if (journal_->best() == nullptr) {
      throw rg::Error(rg::ErrorKind::argument,
                      fmt::format("no training of the search came to its end; the first: {}",
                                  journal_->trials().front().error));
    }
  }

  // The trial at its highest rung, the best first; those that failed at the end.
  std::vector<Trial> leaders() const {
    std::vector<Trial> all;
    for (const Trial& trial : journal_->trials()) {
      const bool higher =
          std::any_of(journal_->trials().begin(), journal_->trials().end(),
                      [&](const Trial& t) { return t.trial == trial.trial && t.rung > trial.rung; });
      if (!higher || &trial == journal_->best()) all.push_back(trial);
    }
    std::stable_sort(all.begin(), all.end(), [](const Trial& a, const Trial& b) {
      if (std::isnan(a.loss) || std::isnan(b.loss)) return !std::isnan(a.loss) && std::isnan(b.loss);
      return a.loss < b.loss;
    });
    return all;
  }

  const std::string& path() { return folder_.get().path(); }
  std::string criterion() const {
    if (source_.text) return "nats";
    return rg::data::gives_numbers(parts_.train.task()) ? "rmse" : "log_loss";
  }
  const char* score() const { return rg::data::gives_numbers(parts_.train.task()) ? "r2" : "accuracy"; }
  const Space& space() const { return space_; }
  const Settings& settings() const { return base_; }
  const std::vector<rg::train::Rung>& rungs() const { return rungs_; }
  void write(const char* name, const std::string& text) { folder_.get().write(name, text); }

 private:
  // What is wrong with a choice, or with an end of a range, is told before anything is trained.
  void check_choices() const {
    for (const rg::train::Dimension& dimension : space_) {
      std::vector<std::string> values = dimension.choices;
      if (values.empty()) {
        for (const double end : {dimension.low, dimension.high}) values.push_back(fmt::format("{}", end));
      }
      for (const std::string& value : values) {
        Settings one = base_;
        set_value(one, dimension.name, value);
        if (dimension.name == "model") completed_model(value, one, parts_.train);
        if (dimension.name == "batch" || dimension.name == "epochs") continue;
        rg::train::completed(make_options(one, parts_.train, source_.images), parts_);
      }
    }
  }

  // The loss of a trial, from the journal or by training.
  double done(std::int64_t trial, std::int64_t rung, std::int64_t epochs) {
    if (const Trial* known = journal_->find(trial, rung)) return known->loss;
    Trial record{.trial = trial, .rung = rung, .epochs = epochs, .values = {}, .error = {}};
    const auto values = rg::train::draw_trial(space_, *base_.seed, trial - 1);
    for (std::size_t i = 0; i < space_.size(); ++i) record.values.emplace_back(space_[i].name, values[i]);
    try {
      train(record);
    } catch (const rg::Error& error) {
      if (error.kind() == rg::ErrorKind::io || error.kind() == rg::ErrorKind::data) throw;
      record.error = error.what();
    }
    const Trial& kept = journal_->add(record);
    notice(common_, line_of(kept));
    return kept.loss;
  }

  Settings settings_of(const Trial& trial) const {
    Settings settings = base_;
    settings.search.reset();
    settings.trials.reset();
    settings.method.reset();
    settings.epochs = trial.epochs;
    for (const auto& [name, value] : trial.values) set_value(settings, name, value);
    if (settings.model) settings.model = completed_model(*settings.model, settings, parts_.train);
    return settings;
  }

  void train(Trial& record) {
    const Settings settings = settings_of(record);
    record.epochs = *settings.epochs;
    Prepared prepared = prepare(settings, source_);
    const rg::train::Options options = make_options(settings, prepared.parts.train, source_.images);
    rg::train::Trainer trainer(std::move(prepared.model), std::move(prepared.parts), options);
    Interruption interruption;
    const rg::train::Result result = trainer.run(&interruption);
    if (result.stopped == rg::train::Stop::interrupted) {
      throw Interrupted(fmt::format("interrupted after {} trainings; go on with: retrograd tune {} --resume",
                                    journal_->trials().size(), folder_.get().path()));
    }
    const rg::train::Figures& figures = *result.validation;
    const bool numbers = rg::data::gives_numbers(parts_.train.task());
    record.loss = source_.text ? figures.loss : numbers ? figures.rmse : figures.log_loss;
    record.score = numbers ? figures.r2 : figures.accuracy;
    record.seconds = result.training_seconds;
    const Trial* best = journal_->best();
    if (best == nullptr || record.loss < best->loss) keep(trainer, result, settings);
  }

  // best/: as `train` leaves a run, without a checkpoint.
  void keep(const rg::train::Trainer& trainer, const rg::train::Result& result, const Settings& settings) {
    const rg::train::RunDirectory run = run_folder(folder_.get().file("best"), true);
    std::error_code error;
    std::filesystem::remove(run.file("checkpoint"), error);
    const Settings used = written_out(settings, source_, trainer);
    trainer.save_model(run.model());
    run.write("config.toml", config_text(used));
    run.start_metrics(trainer.parts().train.task(), trainer.options().track_test, trainer.history());
    Report report = report_of(trainer, run, result);
    Common quiet = common_;
    quiet.quiet = true;
    leave_report(trainer, run, report, used, source_.path, quiet);
  }

  std::string line_of(const Trial& trial) const {
    std::string text =
        fmt::format("trial {}, {} {}: ", trial.trial, trial.epochs, trial.epochs == 1 ? "epoch" : "epochs");
    text += trial.error.empty() ? fmt::format("{} {}, {} {:.4f}", criterion(), significant(trial.loss, 5),
                                              score(), trial.score)
                                : trial.error;
    for (const auto& [name, value] : trial.values) text += fmt::format(", {} = {}", name, value);
    return text;
  }

  Settings base_;
  Source source_;
  const Common& common_;
  Space space_;
  rg::data::Parts parts_;
  SeveralFolder folder_;
  std::vector<rg::train::Rung> rungs_;
  std::optional<SearchJournal> journal_;
};

ordered_json known(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

ordered_json json_of(Search& search, const std::vector<Trial>& leaders, double seconds) {
  ordered_json json;
  json["version"] = rg::version();
  json["run"] = search.path();
  json["search"] = *search.settings().search;
  json["method"] = *search.settings().method;
  json["trials"] = *search.settings().trials;
  json["seed"] = *search.settings().seed;
  json["criterion"] = search.criterion();
  json["score"] = search.score();
  json["rungs"] = ordered_json::array();
  for (const rg::train::Rung& rung : search.rungs()) {
    json["rungs"].push_back({{"trials", rung.trials}, {"epochs", rung.epochs}});
  }
  json["leaderboard"] = ordered_json::array();
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const Trial& trial = leaders[i];
    ordered_json values = ordered_json::object();
    for (const auto& [name, value] : trial.values) values[name] = value;
    json["leaderboard"].push_back(
        {{"rank", i + 1},
         {"trial", trial.trial},
         {"rung", trial.rung},
         {"epochs", trial.epochs},
         {"loss", known(trial.loss)},
         {"score", known(trial.score)},
         {"seconds", trial.seconds},
         {"values", values},
         {"error", trial.error.empty() ? ordered_json() : ordered_json(trial.error)}});
  }
  std::ifstream best(search.path() + "/best/result.json");
  json["best"] = ordered_json::parse(best);
  json["seconds"] = seconds;
  return json;
}

std::string csv_of(const Search& search, const std::vector<Trial>& leaders) {
  std::string text = fmt::format("rank,trial,rung,epochs,{},{},seconds", search.criterion(), search.score());
  for (const auto& dimension : search.space()) text += "," + rg::data::csv_field(dimension.name);
  text += ",error\n";
  const auto cell = [](double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; };
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const Trial& trial = leaders[i];
    text += fmt::format("{},{},{},{},{},{},{:.6f}", i + 1, trial.trial, trial.rung, trial.epochs,
                        cell(trial.loss), cell(trial.score), trial.seconds);
    for (const auto& [name, value] : trial.values) text += "," + rg::data::csv_field(value);
    text += "," + rg::data::csv_field(trial.error) + "\n";
  }
  return text;
}

std::string text_of(const Search& search, const std::vector<Trial>& leaders) {
  constexpr std::size_t most = 10;
  const auto width = static_cast<std::size_t>(terminal_width());
  std::string text = fmt::format("{:>4}{:>7}{:>8}{:>12}{:>10}  {}\n", "", "trial", "epochs",
                                 search.criterion(), search.score(), "settings");
  for (std::size_t i = 0; i < std::min(most, leaders.size()); ++i) {
    const Trial& trial = leaders[i];
    std::string values;
    for (const auto& [name, value] : trial.values) {
      values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", name, value);
    }
    text += fmt::format("{:>4}{:>7}{:>8}", i + 1, trial.trial, trial.epochs);
    text += trial.error.empty() ? fmt::format("{:>12}{:>10.4f}  {}\n", significant(trial.loss, 5),
                                              trial.score, hanging(values, 43, width))
                                : fmt::format("  {}\n", hanging(trial.error + "  " + values, 21, width));
  }
  if (leaders.size() > most) text += fmt::format("and {} more in leaderboard.csv\n", leaders.size() - most);
  return text;
}

}  // namespace

void add_search_flags(CLI::App& app, Settings& settings) {
  app.add_option(
         "--search", settings.search,
         "Settings to search, as \"lr = 1e-4..1e-1, batch = 16|32, dropout = 0..0.5\": ranges (in the "
         "logarithm where they go over a decade or more) and choices; a model that lacks the output "
         "layer gets it (none)")
      ->type_name("TEXT");
  app.add_option("--trials", settings.trials, "Points of the space that are tried (20)")->type_name("N");
  app.add_option(
         "--method", settings.method,
         "halving: all with few epochs, the best third with three times as many, and so on to --epochs; "
         "random: all with --epochs (halving)")
      ->type_name("NAME");
}

void search(const Settings& settings, const Source& source, const Several& several, const Common& common) {
  const auto start = std::chrono::steady_clock::now();
  watch_interrupts();
  Search search(settings, source, several, common);
  search.run();
  const std::vector<Trial> leaders = search.leaders();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const ordered_json json = json_of(search, leaders, seconds);
  search.write("leaderboard.json", json.dump(2) + "\n");
  search.write("leaderboard.csv", csv_of(search, leaders));
  if (common.json) {
    print_json(json);
    return;
  }
  const ordered_json& test = json["best"]["test"];
  std::string text = text_of(search, leaders);
  if (test.is_object() && test[search.score()].is_number()) {
    text += fmt::format("\nThe best has a test {} of {:.4f}.", search.score(),
                        test[search.score()].get<double>());
  }
  print(text + fmt::format("\nIt is in {0}/best; retrograd train {0}/best/config.toml repeats it.\n",
                           search.path()));
}

}  // namespace cli
