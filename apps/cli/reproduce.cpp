// retrograd reproduce: runs published experiments again and tells what came out. The experiments are in
// reproduce/.
#include <fmt/format.h>
#include <retrograd/data.h>
#include <retrograd/error.h>
#include <retrograd/suggest.h>
#include <retrograd/threads.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "cli/interrupt.h"
#include "cli/reproduce/experiment.h"
#include "cli/reproduce/journal.h"
#include "cli/reproduce/page.h"
#include "cli/source.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;
namespace fs = std::filesystem;
using reproduce::Experiment;
using reproduce::Json;

constexpr const char* examples = R"TEXT(Examples:
  retrograd reproduce --list
  retrograd reproduce mazur
  retrograd reproduce nielsen-1 --row 1 --data mnist/
  retrograd reproduce --all --page docs/reproductions.md)TEXT";

struct Arguments {
  std::string name;
  bool list = false;
  bool all = false;
  bool quick = false;
  bool again = false;
  std::int64_t row = 0;
  std::int64_t seeds = 0;
  std::int64_t threads = 0;
  double minutes = 0;
  std::string data;
  std::string out = "runs/reproduce";
  std::string page;
};

const Experiment& find_experiment(const std::string& name) {
  std::vector<std::string> known;
  for (const Experiment* experiment : reproduce::experiments()) {
    if (experiment->name == name) return *experiment;
    known.emplace_back(experiment->name);
  }
  const std::string near = rg::suggest(name, known);
  throw UsageError(fmt::format("reproduce: \"{}\" is unknown;{}", name,
                               near.empty() ? fmt::format(" known are {}", fmt::join(known, ", ")) : near));
}

// MNIST's folder, or the text: --data, else in the folder of larger data sets.
std::string find_material(reproduce::Material material, const std::string& data) {
  if (material == reproduce::Material::mnist) return find_source("mnist", data).path;
  if (!data.empty()) return data;
  const char* folder = std::getenv("RETROGRAD_DATA");
  if (folder != nullptr && *folder != '\0')
    return (fs::path(folder) / "text" / "tinyshakespeare.txt").string();
  throw rg::Error(
      rg::ErrorKind::data,
      "tinyshakespeare.txt: say where it is: --data FILE, or set RETROGRAD_DATA to the folder above "
      "text/");
}

void stay() {
  if (interrupt_asked()) {
    throw Interrupted("interrupted; the seeds that were done are kept: the same command goes on from there");
  }
}

// Runs the seeds that the journal lacks.
void run_row(const Experiment& experiment, std::size_t number, const Arguments& arguments,
             const Common& common, reproduce::Journal& journal) {
  const reproduce::Row& row = experiment.rows[number];
  reproduce::Request request{.quick = arguments.quick, .minutes = arguments.minutes, .stay = stay};
  const std::int64_t seeds = arguments.seeds > 0 ? arguments.seeds
                             : arguments.quick   ? std::min<std::int64_t>(row.seeds, 3)
                                                 : row.seeds;
  for (std::int64_t seed = 1; seed <= seeds; ++seed) {
    if (journal.has(static_cast<std::uint64_t>(seed))) continue;
    stay();
    if (row.material != reproduce::Material::none && request.material.empty()) {
      request.material = find_material(row.material, arguments.data);
    }
    request.checkpoint = journal.checkpoint(static_cast<std::uint64_t>(seed));
    const auto start = std::chrono::steady_clock::now();
    Json outcome = row.run(request, static_cast<std::uint64_t>(seed));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    journal.add({static_cast<std::uint64_t>(seed), seconds, std::move(outcome)});
    fs::remove(request.checkpoint);
    notice(common, fmt::format("{} row {}: seed {} of {}, {:.3g} s", experiment.name, number + 1, seed, seeds,
                               seconds));
  }
}

Json json_of(const Experiment& experiment, const std::vector<reproduce::Measured>& rows) {
  Json json{{"name", experiment.name}, {"rows", Json::array()}};
  for (const reproduce::Measured& m : rows) {
    json["rows"].push_back({{"setting", m.row->setting},
                            {"published", m.row->published},
                            {"measured", m.finding->measured},
                            {"seeds", m.seeds},
                            {"seconds", m.seconds},
                            {"verdict", reproduce::verdict(*m.finding)}});
  }
  return json;
}

std::string text_of(const Experiment& experiment, const std::vector<reproduce::Measured>& rows) {
  std::string text = fmt::format("{} ({})\n", experiment.title, experiment.source);
  for (const reproduce::Measured& m : rows) {
    text += fmt::format("\n  {}\n    published  {}\n    measured   {}\n    {}\n", m.row->setting,
                        m.row->published, m.finding->measured, reproduce::verdict(*m.finding));
    for (const std::string& note : m.finding->notes) text += fmt::format("    {}\n", note);
  }
  return text;
}

// Where quick looks go: they are no measurements, so neither journals nor page keep them.
class QuickFolder {
 public:
  explicit QuickFolder(const std::string& base) : path_(fs::path(base) / "quick") { fs::remove_all(path_); }
  ~QuickFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

std::vector<reproduce::Measured> run_experiment(const Experiment& experiment, const Arguments& arguments,
                                                const Common& common, const std::string& folder) {
  const std::int64_t count = static_cast<std::int64_t>(experiment.rows.size());
  if (arguments.row > count) {
    throw UsageError(fmt::format("--row: {} has {} row{}", experiment.name, count, count == 1 ? "" : "s"));
  }
  std::vector<reproduce::Measured> rows;
  for (std::size_t i = 0; i < experiment.rows.size(); ++i) {
    if (arguments.row > 0 && static_cast<std::size_t>(arguments.row) != i + 1) continue;
    reproduce::Journal journal(folder, experiment, i);
    if (arguments.again) journal.clear();
    run_row(experiment, i, arguments, common, journal);
    rows.push_back(reproduce::measured(experiment.rows[i], journal));
  }
  return rows;
}

void list(const Common& common) {
  Json json = Json::array();
  std::string text;
  for (const Experiment* experiment : reproduce::experiments()) {
    Json rows = Json::array();
    text += fmt::format("{:<14}{}\n", experiment->name, experiment->title);
    for (const reproduce::Row& row : experiment->rows) {
      rows.push_back({{"setting", row.setting}, {"published", row.published}, {"seeds", row.seeds}});
      text += fmt::format("{:<14}  {}: {}\n", "", row.setting, row.published);
    }
    json.push_back({{"name", experiment->name}, {"title", experiment->title}, {"rows", rows}});
  }
  if (common.json) {
    print_json(json);
  } else {
    print(text);
  }
}

void check(const Arguments& arguments) {
  if (arguments.name.empty() == !arguments.all) {
    throw UsageError("reproduce: name one experiment, or give --all; --list shows them");
  }
  if (arguments.row < 0) throw UsageError("--row: expected a number from 1");
  if (arguments.row > 0 && arguments.all) throw UsageError("--row: belongs to one experiment, not to --all");
  if (arguments.minutes < 0) throw UsageError("--minutes: expected a number above 0");
  if (arguments.seeds < 0) throw UsageError("--seeds: expected at least 1");
}

void reproduce_named(const Arguments& arguments, Common& common) {
  if (arguments.list) return list(common);
  check(arguments);
  watch_interrupts();
  if (arguments.threads > 0) rg::set_threads(static_cast<int>(arguments.threads));
  std::unique_ptr<QuickFolder> quick;
  if (arguments.quick) quick = std::make_unique<QuickFolder>(arguments.out);
  const std::string folder = quick ? quick->path() : arguments.out;
  Json all = Json::array();
  std::vector<const Experiment*> chosen;
  if (arguments.all) {
    chosen.assign(reproduce::experiments().begin(), reproduce::experiments().end());
  } else {
    chosen.push_back(&find_experiment(arguments.name));
  }
  for (const Experiment* experiment : chosen) {
    const std::vector<reproduce::Measured> rows = run_experiment(*experiment, arguments, common, folder);
    if (common.json) {
      all.push_back(json_of(*experiment, rows));
    } else {
      print(text_of(*experiment, rows));
    }
  }
  if (common.json) print_json(arguments.all ? all : all[0]);
  if (arguments.quick) return;
  const std::string page =
      arguments.page.empty() ? (fs::path(arguments.out) / "reproductions.md").string() : arguments.page;
  reproduce::write_page(page, arguments.out);
  notice(common, fmt::format("page: {}", page));
}

}  // namespace

void add_reproduce(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description(
      "Runs published experiments again and prints, row by row, the published figure, the measured one and a "
      "verdict. A row that was cut off goes on with the seeds that are missing.");
  app.footer(examples);
  app.add_option("NAME", arguments->name, "The experiment")->type_name("");
  app.add_flag("--list", arguments->list, "Show the experiments and their rows");
  app.add_flag("--all", arguments->all, "Run all of them");
  app.add_option("--row", arguments->row, "Run this row alone, from 1 (all rows)")->type_name("N");
  app.add_option("--seeds", arguments->seeds, "Run seeds 1 to N (as many as the row says)")->type_name("N");
  app.add_flag("--quick", arguments->quick, "A look: 3 seeds and few epochs; nothing is kept");
  app.add_flag("--again", arguments->again, "Forget what was measured before");
  app.add_option("--minutes", arguments->minutes,
                 "End a training after this time, with the epochs it has, one at least (none)")
      ->type_name("M");
  app.add_option(
         "--data", arguments->data,
         "The folder with MNIST's files, or the text ($RETROGRAD_DATA/mnist, text/tinyshakespeare.txt)")
      ->type_name("PATH");
  app.add_option("--out", arguments->out, "Folder of what was measured (runs/reproduce)")
      ->type_name("FOLDER");
  app.add_option("--page", arguments->page, "The page to write (reproductions.md in --out)")
      ->type_name("FILE");
  app.add_option("--threads", arguments->threads, "Results do not depend on it (all physical cores)")
      ->type_name("N");
  app.callback(
      [arguments, &common] { common.run = [arguments, &common] { reproduce_named(*arguments, common); }; });
}

}  // namespace cli
