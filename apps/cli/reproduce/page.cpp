// The page of all reproductions.
#include "cli/reproduce/page.h"

#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/version.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/reproduce/drawing.h"

namespace cli::reproduce {
namespace {

namespace rg = retrograd;
namespace fs = std::filesystem;

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc | std::ios::binary);
  file << text;
  file.close();
  if (!file) throw rg::Error(rg::ErrorKind::io, fmt::format("{}: cannot be written", path.string()));
}

std::string csv_of(const Chart& chart) {
  std::string text = fmt::format("curve,{},{}\n", chart.x, chart.y);
  for (const Curve& curve : chart.curves) {
    for (const auto& [x, y] : curve.points) text += fmt::format("{},{:.6g},{:.6g}\n", curve.name, x, y);
  }
  return text;
}

// Writes the drawings of a row and gives the lines that show them.
std::string drawings(const Finding& finding, const fs::path& folder, const std::string& stem) {
  std::string text;
  const std::string link = folder.filename().string();
  for (const Chart& chart : finding.charts) {
    const std::string name = fmt::format("{}-{}", stem, chart.name);
    write_file(folder / (name + ".svg"), draw(chart));
    write_file(folder / (name + ".csv"), csv_of(chart));
    text +=
        fmt::format("\n![{}]({}/{}.svg)\n\n[the points]({}/{}.csv)\n", chart.title, link, name, link, name);
  }
  for (const Picture& picture : finding.pictures) {
    const std::string name = fmt::format("{}-{}", stem, picture.name);
    write_file(folder / (name + ".svg"), picture.svg);
    text += fmt::format("\n![{}]({}/{}.svg)\n", picture.title, link, name);
  }
  return text;
}

std::string table_line(const Measured& m) {
  if (!m.finding) return fmt::format("| {} | {} | not run | | | |\n", m.row->setting, m.row->published);
  return fmt::format("| {} | {} | {} | {} | {:.3g} s | {} |\n", m.row->setting, m.row->published,
                     m.finding->measured, m.seeds == 1 ? "1" : fmt::format("1 to {}", m.seeds), m.seconds,
                     verdict(*m.finding));
}

std::string section(const Experiment& experiment, const std::string& journals, const fs::path& folder) {
  std::string text = fmt::format(
      "\n## {}\n\n{}\n\n{}\n\n`retrograd reproduce {}`\n\n| setting | published | measured | seeds | time | "
      "verdict |\n|---|---|---|---|---|---|\n",
      experiment.title, experiment.source, experiment.settings, experiment.name);
  std::string below;
  for (std::size_t i = 0; i < experiment.rows.size(); ++i) {
    const Measured m = measured(experiment.rows[i], Journal(journals, experiment, i));
    text += table_line(m);
    if (!m.finding) continue;
    for (const std::string& note : m.finding->notes) {
      if (below.find(note) == std::string::npos) below += "\n" + note + "\n";
    }
    below += drawings(*m.finding, folder, fmt::format("{}-{}", experiment.name, i + 1));
  }
  return text + below;
}

}  // namespace

Measured measured(const Row& row, const Journal& journal) {
  Measured m;
  m.row = &row;
  std::vector<Json> outcomes;
  for (const Entry& entry : journal.entries()) {
    // A training that was cut off and resumed counts all its legs itself.
    m.seconds += std::max(entry.seconds, entry.outcome.value("seconds", 0.0));
    outcomes.push_back(entry.outcome);
  }
  m.seeds = outcomes.size();
  if (!outcomes.empty()) m.finding = row.conclude(outcomes);
  return m;
}

std::string verdict(const Finding& finding) {
  if (!finding.compared) return finding.verdict;
  return fmt::format("{}: {}", finding.reproduced ? "reproduced" : "not reproduced", finding.verdict);
}

void write_page(const std::string& path, const std::string& journals) {
  const fs::path page(path);
  const fs::path folder = page.parent_path() / page.stem();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw rg::Error(rg::ErrorKind::io, fmt::format("{}: {}", folder.string(), error.message()));
  std::string text = fmt::format(
      "# Published results, run again\n\nWritten by `retrograd reproduce` (version {}); the figures are "
      "those that came out. Times are of one process on a shared machine and tell only the size of the "
      "work.\n",
      rg::version());
  for (const Experiment* experiment : experiments()) text += section(*experiment, journals, folder);
  write_file(page, text);
}

}  // namespace cli::reproduce
