// Profile: the sums over steps, as rows, as text and as a trace.
#include <retrograd/profile.h>

#include <algorithm>
#include <map>

#include "core/fail.h"
#include "plan/cost.h"
#include "runtime/profiler.h"

namespace retrograd {
namespace {

using plan::PlannedStep;
using runtime::PlanRecord;
using runtime::StepTime;

std::string kernel_of(const PlannedStep& step) {
  return fmt::format("{} ({})", plan::ops_of(step), step.kernel->backend);
}

std::string layer_of(const PlannedStep& step) { return step.scope ? *step.scope : std::string(); }

double in_seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

void add_to(ProfileRow& row, const StepTime& time, const plan::Cost& cost) {
  row.calls += time.calls;
  row.seconds += in_seconds(time.nanoseconds);
  row.flops += cost.flops * static_cast<double>(time.calls);
  row.bytes += cost.bytes * static_cast<double>(time.calls);
}

// The times of all records summed by what `name` says of a step; copies stand in a row of their own.
std::vector<ProfileRow> rows(const runtime::Recorder& recorder, std::string (*name)(const PlannedStep&),
                             const std::string& copies) {
  std::map<std::string, ProfileRow> sums;
  for (const auto& record : recorder.records) {
    for (std::size_t s = 0; s < record->steps.size(); ++s) {
      if (record->steps[s].calls == 0) continue;
      const PlannedStep& step = record->plan->steps[s];
      add_to(sums[name(step)], record->steps[s], plan::cost_of(step));
    }
    if (!record->plan->copies.empty()) add_to(sums[copies], record->copies, {});
  }
  std::vector<ProfileRow> result;
  for (auto& [key, row] : sums) {
    row.name = key;
    result.push_back(row);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const ProfileRow& a, const ProfileRow& b) { return a.seconds > b.seconds; });
  return result;
}

// A rate of what is counted, or a dash.
std::string rate(double count, double seconds) {
  return count > 0 && seconds > 0 ? fmt::format("{:.1f}", count / seconds * 1e-9) : "-";
}

std::string table_of(const std::vector<ProfileRow>& rows, const char* title, double total) {
  constexpr std::size_t most_letters = 35;
  std::string text =
      fmt::format("{:<36}{:>8}{:>12}{:>8}{:>9}{:>7}\n", title, "calls", "us", "share", "GFLOP/s", "GB/s");
  for (const ProfileRow& row : rows) {
    std::string name = row.name.empty() ? "(no layer)" : row.name;
    if (name.size() > most_letters) name = name.substr(0, most_letters - 3) + "...";
    text += fmt::format("{:<36}{:>8}{:>12.1f}{:>6.1f} %{:>9}{:>7}\n", name, row.calls, row.seconds * 1e6,
                        total > 0 ? row.seconds / total * 100 : 0.0, rate(row.flops, row.seconds),
                        rate(row.bytes, row.seconds));
  }
  return text;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) result += c;
  }
  return result + '"';
}

class TraceWriter {
 public:
  explicit TraceWriter(const runtime::Recorder& recorder) : begin_(recorder.begin) {
    for (std::size_t i = 0; i < recorder.callers.size(); ++i) {
      add_lane(*recorder.callers[i], fmt::format("caller {}", i + 1));
    }
    for (std::size_t i = 0; i < recorder.workers.size(); ++i) {
      add_lane(*recorder.workers[i], fmt::format("worker {}", i + 1));
    }
  }

  std::string text() && {
    return fmt::format("{{\"displayTimeUnit\": \"ns\", \"otherData\": {{\"dropped_spans\": {}}}, ",
                       dropped_) +
           "\"traceEvents\": [\n" + events_ + "\n]}\n";
  }

 private:
  void add_lane(const runtime::Lane& lane, const std::string& name) {
    ++lane_;
    dropped_ += lane.dropped;
    add_event(
        fmt::format(R"({{"name": "thread_name", "ph": "M", "pid": 1, "tid": {}, "args": {{"name": {}}}}})",
                    lane_, quoted(name)));
    for (std::size_t i = 0; i < lane.count; ++i) add_span(lane.spans[i]);
  }

  void add_span(const runtime::Span& span) {
    add_event(fmt::format(R"({{"tid": {}, "ts": {:.3f}, "dur": {:.3f}, {}}})", lane_,
                          static_cast<double>(span.begin - begin_) * 1e-3,
                          static_cast<double>(span.end - span.begin) * 1e-3,
                          steps_of(*span.record)[static_cast<std::size_t>(span.step)]));
  }

  // What all spans of a step say.
  const std::vector<std::string>& steps_of(const PlanRecord& record) {
    std::vector<std::string>& texts = steps_[&record];
    if (!texts.empty()) return texts;
    for (const PlannedStep& step : record.plan->steps) {
      const plan::Cost cost = plan::cost_of(step);
      texts.push_back(fmt::format(
          R"("name": {}, "cat": {}, "ph": "X", "pid": 1, "args": {{"kernel": {}, "step_flops": {}, "step_bytes": {}}})",
          quoted(plan::to_string(step)), quoted(layer_of(step)), quoted(std::string(step.kernel->backend)),
          cost.flops, cost.bytes));
    }
    return texts;
  }

  void add_event(const std::string& event) {
    if (!events_.empty()) events_ += ",\n";
    events_ += event;
  }

  std::int64_t begin_;
  std::map<const PlanRecord*, std::vector<std::string>> steps_;
  int lane_ = 0;
  std::uint64_t dropped_ = 0;
  std::string events_;
};

}  // namespace

struct Profile::State {
  runtime::Recorder recorder;
};

Profile::Profile(const ProfileOptions& options) : state_(std::make_unique<State>()) {
  state_->recorder.most_spans = options.spans;
  if (!runtime::begin_profile(state_->recorder)) {
    fail(ErrorKind::argument, "profile: another profile collects; stop() it first");
  }
}
Profile::~Profile() { stop(); }

void Profile::stop() { runtime::end_profile(state_->recorder); }

std::uint64_t Profile::runs() {
  stop();
  std::uint64_t sum = 0;
  for (const auto& record : state_->recorder.records) sum += record->runs.calls;
  return sum;
}

double Profile::seconds() {
  stop();
  double sum = 0;
  for (const auto& record : state_->recorder.records) sum += in_seconds(record->runs.nanoseconds);
  return sum;
}

std::vector<ProfileRow> Profile::by_layer() {
  stop();
  return rows(state_->recorder, layer_of, "");
}

std::vector<ProfileRow> Profile::by_kernel() {
  stop();
  return rows(state_->recorder, kernel_of, "copies");
}

std::string Profile::table() {
  const double total = seconds();
  const std::vector<ProfileRow> layers = by_layer();
  double in_steps = 0;
  for (const ProfileRow& row : layers) in_steps += row.seconds;
  std::string text = table_of(layers, "layer", total);
  text += '\n' + table_of(by_kernel(), "kernel", total);
  text += fmt::format("\n{} runs, {:.1f} us; between steps {:.1f} us ({:.1f} %)\n", runs(), total * 1e6,
                      (total - in_steps) * 1e6, total > 0 ? (1 - in_steps / total) * 100 : 0.0);
  return text;
}

std::string Profile::chrome_trace() {
  stop();
  return TraceWriter(state_->recorder).text();
}

}  // namespace retrograd
