// Progress on stderr.
#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/interrupt.h"
#include "cli/terminal.h"

namespace cli {
namespace {

constexpr std::chrono::milliseconds between_drawings(100);
constexpr int bar_width = 24;

std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

Progress::Progress(const Common& common, const retrograd::train::RunDirectory& run,
                   retrograd::data::Task task, std::int64_t epochs, std::int64_t epochs_before)
    : run_(&run),
      task_(task),
      epochs_(epochs),
      epochs_before_(epochs_before),
      kind_(common.quiet    ? Kind::nothing
            : is_terminal() ? Kind::bar
                            : Kind::lines),
      color_(has_color(common)) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

bool Progress::stop_requested() { return interrupt_asked(); }

void Progress::on_step(const retrograd::train::StepRecord& record) {
  if (kind_ != Kind::bar) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + between_drawings;
  draw(record);
}

void Progress::draw(const retrograd::train::StepRecord& record) {
  const double steps = static_cast<double>(record.steps);
  const double epoch = static_cast<double>(record.epoch - 1) + static_cast<double>(record.step) / steps;
  const double done = epoch / static_cast<double>(epochs_);
  const double here = epoch - static_cast<double>(epochs_before_);
  const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
  const double left = elapsed / std::max(here, 1e-9) * (static_cast<double>(epochs_) - epoch);

  const int full = static_cast<int>(done * bar_width);
  const bool utf8 = is_utf8();
  std::string bar;
  for (int i = 0; i < bar_width; ++i) bar += i < full ? (utf8 ? "━" : "=") : (utf8 ? "─" : "-");
  const std::string before =
      fmt::format("epoch {:>{}}/{} ", record.epoch, fmt::formatted_size("{}", epochs_), epochs_);
  std::string after = fmt::format(" {:>3.0f} %", done * 100);
  if (elapsed > 0.5) after += fmt::format("  {} left", duration(left));
  after += fmt::format("  loss {:.4g}{}", record.loss, last_);
  const int room = terminal_width() - 1 - static_cast<int>(before.size()) - bar_width;
  if (room < static_cast<int>(after.size())) after.resize(static_cast<std::size_t>(std::max(room, 0)));
  fmt::print(stderr, "\r{}{}{}{}{}\x1b[K", before, color_ ? "\x1b[32m" : "", bar, color_ ? "\x1b[0m" : "",
             after);
  std::fflush(stderr);
  drawn_ = true;
}

std::string Progress::epoch_text(const retrograd::train::EpochRecord& record) const {
  const bool numbers = retrograd::data::gives_numbers(task_);
  const auto score = [&](const char* part, double value) {
    return numbers ? fmt::format("  {} R2 {:.4f}", part, value)
                   : fmt::format("  {} accuracy {:.2f} %", part, value * 100);
  };
  std::string text;
  if (!std::isnan(record.val_loss)) text = fmt::format("validation loss {:.4g}", record.val_loss);
  if (!std::isnan(record.val_score)) text += score("validation", record.val_score);
  if (!std::isnan(record.test_score)) text += score("test", record.test_score);
  return text;
}

void Progress::on_epoch(const retrograd::train::EpochRecord& record) {
  run_->add_metrics(task_, record);
  const std::string figures = epoch_text(record);
  last_ = std::isnan(record.val_loss) ? "" : fmt::format("  validation {:.4g}", record.val_loss);
  if (!std::isnan(record.val_score)) {
    last_ += retrograd::data::gives_numbers(task_) ? fmt::format("  R2 {:.4f}", record.val_score)
                                                   : fmt::format("  {:.2f} %", record.val_score * 100);
  }
  const std::string line =
      fmt::format("epoch {:>{}}/{}  training loss {:.4g}  {}", record.epoch,
                  fmt::formatted_size("{}", epochs_), epochs_, record.train_loss, figures);
  run_->log(line);
  if (kind_ == Kind::lines) fmt::print(stderr, "{}\n", line);
}

}  // namespace cli
