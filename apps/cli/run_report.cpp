// The report of a training.
#include "cli/run_report.h"

#include <nlohmann/json.hpp>

#include "cli/report/findings.h"
#include "cli/report/page.h"
#include "cli/report/text.h"

namespace cli {

std::string leave_report(const retrograd::train::Trainer& trainer, const retrograd::train::RunDirectory& run,
                         const Report& report, const Settings& settings, const std::string& data,
                         const Common& common) {
  run.write("result.json", json_of(report).dump(2) + "\n");
  if (trainer.parts().train.steps() > 0) return "";  // the page shows rows and classes, which text has not
  retrograd::train::Predictor predictor(run.model());
  const report::Findings findings = report::find(predictor, trainer.parts());
  const report::PageInput input{.report = &report,
                                .findings = &findings,
                                .predictor = &predictor,
                                .history = trainer.history(),
                                .data = data,
                                .settings = written(settings),
                                .command = common.command};
  run.write("report.html", report::page(input));
  return common.json || common.quiet ? "" : report::text(input, common);
}

}  // namespace cli
