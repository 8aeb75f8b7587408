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

std::string table(const Findings& findings, const rg::data::Encoder& encoder) {
  const bool classes = findings.classes.has_value() || findings.labels.has_value();
  std::string text =
      "<div class=\"card scroll\"><table><thead><tr><th>row</th><th class=\"left\">truth</th>"
      "<th class=\"left\">prediction</th>";
  text += classes ? "<th>its probability</th><th>that of the truth</th>" : "<th>off by</th>";
  const std::size_t columns = encoder.takes_images() ? 0 : std::min(most_columns, encoder.features().size());
  for (std::size_t k = 0; k < columns; ++k) {
    text += fmt::format("<th>{}</th>", escaped(shortened(encoder.features()[k].name, 24)));
  }
  text += "</tr></thead><tbody>\n";
  for (const WorstRow& row : findings.worst) {
    const bool wrong = classes && row.truth != row.predicted;
    text += fmt::format("<tr><td>{}</td><td class=\"left\">{}</td><td class=\"left{}\">{}</td>", row.row + 1,
                        escaped(shortened(row.truth, 30)), wrong ? " wrong" : "",
                        escaped(shortened(row.predicted, 30)));
    text += classes ? fmt::format("<td>{:.1f} %</td><td>{}</td>", row.probability * 100, truth_share(row))
                    : fmt::format("<td>{:+.4g}</td>", row.error);
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
                                    : "Those whose prediction is farthest from the truth.",
                  findings.part);
  const auto picture = picture_of(encoder, findings.dataset);
  return note + (picture ? pictures(findings, encoder, *picture) : table(findings, encoder));
}

}  // namespace cli::report
