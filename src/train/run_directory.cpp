// The folder of a run. Checkpoints and model files are written by Trainer.
#include <fcntl.h>
#include <retrograd/io.h>
#include <retrograd/train.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "core/fail.h"
#include "train/event_file.h"

namespace retrograd::train {
namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    fail(ErrorKind::argument, "{}: the folder cannot be made ({})", path.string(), error.message());
  }
}

void append(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  bool done = file >= 0;
  while (done && !text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    done = written > 0;
    if (done) text.remove_prefix(static_cast<std::size_t>(written));
  }
  const int reason = errno;
  if (file >= 0) ::close(file);
  if (!done) fail(ErrorKind::io, "{}: writing failed ({})", path, std::strerror(reason));
}

const char* score_name(data::Task task) { return data::gives_numbers(task) ? "r2" : "accuracy"; }

// A number that reads back the same; `nothing` where it is not known.
std::string number(double value, const char* nothing) {
  return std::isfinite(value) ? fmt::format("{}", value) : nothing;
}

std::string csv_header(data::Task task, bool tracked) {
  return fmt::format("epoch,step,seconds,learning_rate,train_loss,val_loss,val_{0},grad_norm{1}\n",
                     score_name(task), tracked ? fmt::format(",test_{}", score_name(task)) : "");
}

std::string csv_line(const EpochRecord& r) {
  const bool tracked = !std::isnan(r.test_score);
  return fmt::format("{},{},{:.6f},{},{},{},{},{}{}{}\n", r.epoch, r.step, r.seconds, r.learning_rate,
                     number(r.train_loss, ""), number(r.val_loss, ""), number(r.val_score, ""),
                     number(r.grad_norm, ""), tracked ? "," : "", tracked ? number(r.test_score, "") : "");
}

std::string json_line(data::Task task, const EpochRecord& r) {
  const bool tracked = !std::isnan(r.test_score);
  return fmt::format(
      "{{\"epoch\": {}, \"step\": {}, \"seconds\": {:.6f}, \"learning_rate\": {}, \"train_loss\": {}, "
      "\"val_loss\": {}, \"val_{}\": {}, \"grad_norm\": {}{}}}\n",
      r.epoch, r.step, r.seconds, r.learning_rate, number(r.train_loss, "null"), number(r.val_loss, "null"),
      score_name(task), number(r.val_score, "null"), number(r.grad_norm, "null"),
      tracked ? fmt::format(", \"test_{}\": {}", score_name(task), r.test_score) : "");
}

// TensorBoard finds the file by "tfevents" in its name.
constexpr const char* event_file = "events.out.tfevents.retrograd";

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string event_of(data::Task task, const EpochRecord& r) {
  const std::string score = score_name(task);
  return scalar_event(seconds_since_1970(), r.epoch,
                      {{"loss/train", r.train_loss},
                       {"loss/validation", r.val_loss},
                       {score + "/validation", r.val_score},
                       {score + "/test", r.test_score},
                       {"learning_rate", r.learning_rate},
                       {"gradient_norm", r.grad_norm}});
}

}  // namespace

RunDirectory RunDirectory::create(const std::string& path) {
  std::error_code error;
  const fs::path folder(path);
  if (fs::exists(folder, error)) {
    fail(ErrorKind::argument,
         "{}: exists already; choose another folder, or go on with its training by --resume", path);
  }
  make_folder(folder / "checkpoint");
  return RunDirectory(path);
}

RunDirectory RunDirectory::create_numbered(const std::string& parent, std::string_view name) {
  make_folder(parent);
  for (int n = 1;; ++n) {
    const fs::path folder = fs::path(parent) / fmt::format("{}-{}", name, n);
    std::error_code error;
    if (!fs::create_directory(folder, error)) {  // false where it exists: another run's
      if (!error) continue;
      fail(ErrorKind::argument, "{}: the folder cannot be made ({})", folder.string(), error.message());
    }
    make_folder(folder / "checkpoint");
    return RunDirectory(folder.string());
  }
}

RunDirectory RunDirectory::open(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) fail(ErrorKind::argument, "{}: no such folder of a run", path);
  make_folder(fs::path(path) / "checkpoint");
  if (::access(path.c_str(), W_OK) != 0) {
    fail(ErrorKind::argument, "{}: cannot be written ({})", path, std::strerror(errno));
  }
  return RunDirectory(path);
}

std::string RunDirectory::file(std::string_view name) const { return (fs::path(path_) / name).string(); }

void RunDirectory::write(std::string_view name, std::string_view text) const {
  io::write_file_atomically(file(name), text);
}

void RunDirectory::start_metrics(data::Task task, bool tracked,
                                 const std::vector<EpochRecord>& history) const {
  std::string csv = csv_header(task, tracked);
  std::string json;
  std::string events = first_event(seconds_since_1970());
  for (const EpochRecord& record : history) {
    csv += csv_line(record);
    json += json_line(task, record);
    events += event_of(task, record);
  }
  write("metrics.csv", csv);
  write("metrics.jsonl", json);
  write(event_file, events);
}

void RunDirectory::add_metrics(data::Task task, const EpochRecord& record) const {
  append(file("metrics.csv"), csv_line(record));
  append(file("metrics.jsonl"), json_line(task, record));
  append(file(event_file), event_of(task, record));
}

void RunDirectory::log(std::string_view line) const {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  append(file("log.txt"),
         fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z {}\n", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, line));
}

}  // namespace retrograd::train
