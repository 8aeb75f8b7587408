// The worst rows in HTML.
#include "cli/report/rows_section.h"

#include <fmt/format.h>

#include <cmath>

#include "cli/report/html.h"
#include "cli/report/rows.h"

namespace cli::report {
namespace {

namespace rg = retrograd;

constexpr std::size_t most_columns = 12;

std::string truth_share(const WorstRow& row) {
  const double percent = 100 * std::exp(-row.error);
  return percent < 0.1 ? fmt::format("{:.1g} %", percent) : fmt::format("{:.1f} %", percent);
}

std::string pictures(const Findings& findings, const rg::data::Encoder& encoder, const Picture& picture) {
  std::string text = "<div class=\"pictures\">\n";
  for (const WorstRow& row : findings.worst) {
    std::string caption;
    if (findings.classes || findings.labels) {
      caption = fmt::format("{}, taken for {} ({:.0f} %)", row.truth, row.predicted, row.probability * 100);
      if (row.truth == row.predicted)
        caption = fmt::format("{}, by {:.0f} % only", row.truth, row.probability * 100);
    } else {
      caption = fmt::format("{}, predicted {}", row.truth, row.predicted);
    }
    text += fmt::format(
        "<figure><img src=\"{}\" alt=\"row {}: {}\" loading=\"lazy\"><figcaption>{}<br>row "
        "{}</figcaption></figure>\n",
        picture_uri(picture, encoder, findings.dataset, row.row), row.row + 1, escaped(caption),
        escaped(caption), row.row + 1);
  }
  return text + "</div>\n";
}

// Each row beside what is given back.
std::string pairs(const Findings& findings, const rg::data::Encoder& encoder, const Picture& picture) {
  std::string text = "<div class=\"pictures pairs\">\n";
  for (const WorstRow& row : findings.worst) {
    const std::vector<float> outputs(row.outputs.begin(), row.outputs.end());
    text += fmt::format(
        "<figure><img src=\"{}\" alt=\"row {}\" loading=\"lazy\"> <img src=\"{}\" alt=\"row {} as it is "
        "given "
        "back\" loading=\"lazy\"><figcaption>error {:.4g}<br>row {}</figcaption></figure>\n",
        picture_uri(picture, encoder, findings.dataset, row.row), row.row + 1,
        picture_uri(picture, encoder, outputs), row.row + 1, row.error, row.row + 1);
  }
  return text + "</div>\n";
}

std::string heads(const Findings& findings) {
  if (findings.reconstruction) return "<th>error</th><th class=\"left\">farthest off</th>";
  const bool classes = findings.classes.has_value() || findings.labels.has_value();
  return std::string("<th class=\"left\">truth</th><th class=\"left\">prediction</th>") +
         (classes ? "<th>its probability</th><th>that of the truth</th>" : "<th>off by</th>");
}

std::string cells(const Findings& findings, const WorstRow& row) {
  if (findings.reconstruction) {
    return fmt::format("<td>{:.4g}</td><td class=\"left wrap\">{}</td>", row.error,
                       escaped(shortened(row.truth, 200)));
  }
  const bool classes = findings.classes.has_value() || findings.labels.has_value();
  const bool wrong = classes && row.truth != row.predicted;
  return fmt::format("<td class=\"left\">{}</td><td class=\"left{}\">{}</td>",
                     escaped(shortened(row.truth, 30)), wrong ? " wrong" : "",
                     escaped(shortened(row.predicted, 30))) +
         (classes ? fmt::format("<td>{:.1f} %</td><td>{}</td>", row.probability * 100, truth_share(row))
                  : fmt::format("<td>{:+.4g}</td>", row.error));
}

std::string table(const Findings& findings, const rg::data::Encoder& encoder) {
  std::string text = "<div class=\"card scroll\"><table><thead><tr><th>row</th>" + heads(findings);
  const bool no_columns = encoder.takes_images() || findings.reconstruction;
  const std::size_t columns = no_columns ? 0 : std::min(most_columns, encoder.features().size());
  for (std::size_t k = 0; k < columns; ++k) {
    text += fmt::format("<th>{}</th>", escaped(shortened(encoder.features()[k].name, 24)));
  }
  text += "</tr></thead><tbody>\n";
  for (const WorstRow& row : findings.worst) {
    text += fmt::format("<tr><td>{}</td>{}", row.row + 1, cells(findings, row));
    if (columns > 0) {
      const std::vector<std::string> values = values_of(encoder, findings.dataset, row.row);
      for (std::size_t k = 0; k < columns; ++k)
        text += fmt::format("<td>{}</td>", escaped(shortened(values[k], 24)));
    }
    text += "</tr>\n";
  }
  text += "</tbody></table></div>\n";
  if (columns > 0 && columns < encoder.features().size()) {
    text += fmt::format("<p class=\"soft\">The first {} of {} columns.</p>\n", columns,
                        encoder.features().size());
  }
  return text;
}

}  // namespace

std::string rows_section(const Findings& findings, const rg::data::Encoder& encoder) {
  if (findings.worst.empty()) return "";
  const std::string note =
      fmt::format("<p class=\"soft\">{} Rows are counted within the {} part, from 1.</p>\n",
                  findings.classes  ? "Those whose true class has the least probability."
                  : findings.labels ? "Those whose labels, all together, have the least probability."
                  : findings.reconstruction
                      ? "Those with the largest error, the root of the mean squared difference between a row "
                        "and what is given back."
                      : "Those whose prediction is farthest from the truth.",
                  findings.part);
  const auto picture = picture_of(encoder, findings.dataset);
  if (picture && findings.reconstruction) return note + pairs(findings, encoder, *picture);
  return note + (picture ? pictures(findings, encoder, *picture) : table(findings, encoder));
}

}  // namespace cli::report
