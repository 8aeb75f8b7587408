// retrograd lr-find: the learning rate test, and the rate that it suggests.
#include <fmt/format.h>
#include <retrograd/io.h>
#include <retrograd/rate_test.h>
#include <retrograd/version.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/chart.h"
#include "cli/data_argument.h"
#include "cli/idle_cores.h"
#include "cli/interrupt.h"
#include "cli/one_training.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/training.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

using nlohmann::ordered_json;

constexpr const char* examples = R"TEXT(Examples:
  retrograd lr-find digits.csv
  retrograd lr-find digits.csv --model "linear(100), relu, linear(10)" --optimizer sgd --out rates.csv
  retrograd lr-find runs/digits-1/config.toml --json
  retrograd train digits.csv --lr 0.01         (with the rate that it suggests)

{"version": "0.1.0", "optimizer": "adamw", "steps": 241, "exploded": true, "suggested": 0.0056,
 "steepest": 0.0104, "least": 0.0279, "points": [{"rate": 1e-06, "loss": 2.41, "smoothed": 2.43}, ...]})TEXT";

struct Arguments : DataArgument {
  std::string out;
  rg::train::RateTestOptions test;
};

class Interruption : public rg::train::Observer {
 public:
  bool stop_requested() override { return interrupt_asked(); }
};

std::string csv_of(const rg::train::RateTest& test) {
  std::string text = "rate,loss,smoothed\n";
  for (const auto& point : test.points) {
    text += fmt::format("{},{},{}\n", point.rate, point.loss, point.smoothed);
  }
  return text;
}

ordered_json known(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

ordered_json json_of(const rg::train::RateTest& test, const std::string& optimizer) {
  ordered_json points = ordered_json::array();
  for (const auto& point : test.points) {
    points.push_back({{"rate", point.rate}, {"loss", point.loss}, {"smoothed", point.smoothed}});
  }
  return {{"version", rg::version()},
          {"optimizer", optimizer},
          {"steps", test.points.size()},
          {"exploded", test.exploded},
          {"suggested", test.suggested ? ordered_json(*test.suggested) : ordered_json()},
          {"reason", test.suggested ? ordered_json() : ordered_json(test.reason)},
          {"steepest", known(test.steepest)},
          {"least", known(test.least)},
          {"before", known(test.before)},
          {"noise", known(test.noise)},
          {"points", points}};
}

std::string text_of(const rg::train::RateTest& test) {
  Chart chart{.x = {}, .y = {}, .logarithmic_x = true, .marked = test.suggested};
  chart.x_name = "learning rate";
  chart.y_name = "loss";
  for (const auto& point : test.points) {
    chart.x.push_back(point.rate);
    // What explodes would press the rest flat.
    const bool shown = point.smoothed <= 1.5 * test.points.front().smoothed;
    chart.y.push_back(shown ? point.smoothed : rg::train::not_known);
  }
  std::string text = drawn(chart, static_cast<std::size_t>(std::min(terminal_width(), 100)), 14, is_utf8());
  text += fmt::format("\n{} steps{}\n", test.points.size(), test.exploded ? ", then the loss exploded" : "");
  if (!test.suggested) return text + fmt::format("No rate is suggested. {}\n", test.reason);
  return text +
         fmt::format("The loss falls fastest at {:.2g} and is least at {:.2g}.\nSuggested: --lr {:.2g}\n",
                     test.steepest, test.least, *test.suggested);
}

void find_rate(Arguments arguments, Common& common) {
  const IdleCores idle;
  read_config_argument(arguments);
  const Source source = find_source(arguments.data, arguments.folder);
  Prepared prepared = prepare(arguments.settings, source);
  for (const std::string& line : prepared.notices) notice(common, line);
  choose_threads(arguments.settings, idle);
  const rg::train::Options options = make_options(arguments.settings, prepared.parts.train, source.images);
  notice(common, fmt::format("model: {}, optimizer: {}", prepared.model.text(), options.optimizer));
  watch_interrupts();
  Interruption interruption;
  const rg::train::RateTest test = rg::train::test_rates(std::move(prepared.model), prepared.parts, options,
                                                         arguments.test, &interruption);
  if (test.stopped) throw Interrupted("interrupted before the test was done");
  if (!arguments.out.empty()) rg::io::write_file_atomically(arguments.out, csv_of(test));
  if (!test.suggested) common.outcome = exit_code::failed;
  if (common.json) {
    print_json(json_of(test, options.optimizer));
  } else {
    print(text_of(test));
  }
}

}  // namespace

void add_lr_find(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description(
      "Finds a learning rate: trains for a few hundred steps while the rate grows, looks where the loss "
      "falls "
      "and where it explodes.");
  app.footer(examples);
  add_data_argument(app, *arguments);
  app.add_option("--first", arguments->test.first, "The rate of the first step (1e-06)")->type_name("NUMBER");
  app.add_option("--last", arguments->test.last, "The rate of the last step (10)")->type_name("NUMBER");
  app.add_option("--steps", arguments->test.steps, "Steps at most (300)")->type_name("N");
  app.add_option("--out", arguments->out, "A CSV file for rates and losses (none)")->type_name("FILE");
  app.callback(
      [arguments, &common] { common.run = [arguments, &common] { find_rate(*arguments, common); }; });
}

}  // namespace cli
