// Where the rows come from.
#include "cli/source.h"

#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/folds.h>
#include <retrograd/images.h>
#include <retrograd/pretrained.h>
#include <retrograd/text.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "cli/common.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
namespace rg = retrograd;

Source mnist_source(const std::string& folder) {
  if (!folder.empty()) return {folder, "mnist", true};
  const char* data = std::getenv("RETROGRAD_DATA");
  if (data != nullptr && *data != '\0') return {(fs::path(data) / "mnist").string(), "mnist", true};
  throw rg::Error(rg::ErrorKind::data,
                  "mnist: say where its files are: --data FOLDER, or set RETROGRAD_DATA to the folder above "
                  "mnist/");
}

bool reconstructs(const Settings& settings) { return task_of(settings) == rg::data::Task::reconstruction; }

// Parts between commas, without blanks around.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::string_view left = text;
  while (true) {
    const std::size_t comma = left.find(',');
    std::string_view part = left.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.emplace_back(part);
    if (comma == left.npos) return parts;
    left.remove_prefix(comma + 1);
  }
}

// "a=number, b=date": a part without = belongs to the name of the next column.
std::vector<std::pair<std::string, rg::data::ColumnType>> types_of(const std::string& text) {
  std::vector<std::pair<std::string, rg::data::ColumnType>> types;
  std::string name;
  for (const std::string& part : parts_of(text)) {
    const std::size_t equals = part.rfind('=');
    name += (name.empty() ? "" : ",") + part.substr(0, equals);
    if (equals == part.npos) continue;
    types.emplace_back(name, rg::data::column_type(part.substr(equals + 1)));
    name.clear();
  }
  if (!name.empty()) {
    throw UsageError(fmt::format(
        "--type: \"{}\" lacks the type; expected column=number, =category, =date or =text", name));
  }
  return types;
}

char separator_of(const Settings& settings) {
  const std::string name = settings.separator.value_or("auto");
  if (name == "auto") return '\0';
  if (name == "tab" || name == "\t" || name == "\\t") return '\t';
  if (name == "," || name == ";" || name == "|") return name[0];
  throw UsageError(fmt::format("--separator: \"{}\" is unknown; known are , ; | tab auto", name));
}

void check_share(const char* flag, const std::optional<double>& share) {
  if (share && !(*share >= 0 && *share < 1)) {
    throw UsageError(fmt::format("{}: {} is out of range; expected 0 <= share < 1", flag, *share));
  }
}

// A flag that only tables have, null where none is given. Of tasks images have reconstruction too.
const char* table_flag(const Settings& settings) {
  return settings.target                            ? "--target"
         : settings.task && !reconstructs(settings) ? "--task"
         : settings.type                            ? "--type"
         : settings.ignore                          ? "--ignore"
         : settings.weight                          ? "--weight"
         : settings.group                           ? "--group"
         : settings.separator                       ? "--separator"
         : settings.no_header.value_or(false)       ? "--no-header"
         : settings.split_file                      ? "--split-file"
         : settings.memory                          ? "--memory"
         : settings.window                          ? "--window"
         : settings.horizon                         ? "--horizon"
                                                    : nullptr;
}

void check_no_text_flags(const Settings& settings) {
  const char* flag = settings.context ? "--context" : settings.tokens ? "--tokens" : nullptr;
  if (flag == nullptr) return;
  throw UsageError(fmt::format("{}: is for text, a file named .txt", flag));
}

rg::data::Parts load_text(const Source& source, const Settings& settings) {
  const char* flag = table_flag(settings);
  if (reconstructs(settings)) {
    throw UsageError(
        "--task: reconstruction is for tables and images; a language model learns which character comes "
        "next");
  }
  if (flag != nullptr) {
    throw UsageError(
        fmt::format("{}: is for tables; a language model learns which character comes next", flag));
  }
  if (settings.folds) {
    throw UsageError("--cv: is for tables and images; the parts of a text are in its order");
  }
  const std::string tokens = settings.tokens.value_or("characters");
  if (tokens != "characters" && tokens != "bytes") {
    throw UsageError(fmt::format("--tokens: \"{}\" is unknown; known are characters, bytes", tokens));
  }
  rg::data::TextOptions options;
  options.bytes = tokens == "bytes";
  options.context = settings.context.value_or(options.context);
  options.test = settings.test.value_or(options.test);
  options.validation = settings.val.value_or(options.validation);
  return rg::data::load_text(source.path, options);
}

[[noreturn]] void fail_without_pictures(const char* flag) {
  throw UsageError(fmt::format("{}: is for a folder of pictures, with a folder for each class", flag));
}

void check_no_picture_flags(const Settings& settings) {
  const char* flag = settings.size                          ? "--size"
                     : settings.strict_data.value_or(false) ? "--strict-data"
                                                            : nullptr;
  if (flag != nullptr) fail_without_pictures(flag);
}

// "HxW". Throws UsageError.
void read_size(const std::string& text, rg::data::ImageOptions& options) {
  const char* end = text.data() + text.size();
  const auto height = std::from_chars(text.data(), end, options.height);
  const bool crossed = height.ec == std::errc() && height.ptr != end && *height.ptr == 'x';
  const auto width = std::from_chars(crossed ? height.ptr + 1 : end, end, options.width);
  const auto fits = [](std::int64_t side) { return side >= 1 && side <= rg::data::largest_side; };
  if (crossed && width.ec == std::errc() && width.ptr == end && fits(options.height) && fits(options.width)) {
    return;
  }
  throw UsageError(fmt::format("--size: \"{}\" is no size; expected height and width, 1 to {}, as 32x48",
                               text, rg::data::largest_side));
}

rg::data::Parts load_pictures(const Source& source, const Settings& settings) {
  const char* flag = table_flag(settings);
  if (flag != nullptr) {
    throw UsageError(fmt::format("{}: is for tables; the classes of pictures are their folders", flag));
  }
  rg::data::ImageOptions options;
  if (reconstructs(settings)) options.task = rg::data::Task::reconstruction;
  if (settings.size) read_size(*settings.size, options);
  options.test = settings.test.value_or(options.test);
  options.validation = settings.val.value_or(options.validation);
  options.seed = settings.split_seed.value_or(settings.seed.value_or(1));
  options.strict = settings.strict_data.value_or(false);
  if (settings.folds) {
    return rg::data::load_fold(source.path, *settings.folds, settings.fold.value_or(1), options);
  }
  return rg::data::load_images(source.path, options);
}

rg::data::Parts load_idx(const Source& source, const Settings& settings) {
  const bool own_validation = !settings.folds;
  const char* flag = table_flag(settings) != nullptr  ? table_flag(settings)
                     : settings.test                  ? "--test"
                     : own_validation && settings.val ? "--val"
                                                      : nullptr;
  if (flag != nullptr) {
    throw UsageError(
        fmt::format("{}: is for tables; a folder of IDX images has its own labels and test part", flag));
  }
  const auto taken = [&](const rg::data::Parts& parts) {
    return reconstructs(settings) ? rg::data::as_reconstruction(parts) : parts;
  };
  if (!settings.folds) return taken(rg::data::load_idx(source.path));
  check_share("--val", settings.val);
  rg::data::SplitOptions options;
  options.validation = settings.val.value_or(options.validation);
  options.seed = settings.split_seed.value_or(settings.seed.value_or(1));
  return taken(rg::data::load_idx_fold(source.path, *settings.folds, settings.fold.value_or(1), options));
}

// "500M" in bytes; K, M, G and T are powers of 1024. Not given: the library's default.
std::optional<std::int64_t> memory_of(const Settings& settings, const Source& source) {
  if (!settings.memory) return std::nullopt;
  if (source.path == "-") {
    throw UsageError("--memory: the standard input cannot be read again; give a file");
  }
  const std::string& text = *settings.memory;
  const char* const end = text.data() + text.size();
  std::int64_t amount = -1;
  const char* const unit = std::from_chars(text.data(), end, amount).ptr;
  const std::size_t power = unit == end ? 0 : std::string_view("KMGT").find(*unit) + 1;  // npos + 1 is 0
  const bool is_whole = unit == end || (power > 0 && unit + 1 == end);
  if (!is_whole || amount < 0 || amount > INT64_MAX >> (10 * power)) {
    throw UsageError(fmt::format(
        "--memory: \"{}\" is no size; expected bytes, or a number with K, M, G or T, as 500M", text));
  }
  return amount << (10 * power);
}

rg::data::Windows windows_of(const Settings& settings) {
  if (!settings.window) {
    if (!settings.horizon) return {};
    throw UsageError("--horizon: is for a time series; say how many rows a sample has by --window");
  }
  const auto check = [](const char* flag, std::int64_t rows) {
    if (rows < 1) throw UsageError(fmt::format("{}: {} is out of range; expected at least 1", flag, rows));
  };
  const rg::data::Windows windows{.size = *settings.window, .horizon = settings.horizon.value_or(1)};
  check("--window", windows.size);
  check("--horizon", windows.horizon);
  return windows;
}

void check_one_split(const Settings& settings) {
  const char* flag = settings.test ? "--test" : settings.val ? "--val" : settings.group ? "--group" : nullptr;
  if (flag == nullptr || !settings.split_file) return;
  throw UsageError(fmt::format("{}: the parts are those of --split-file; leave one of the two away", flag));
}

}  // namespace

std::optional<rg::data::Task> task_of(const Settings& settings) {
  if (!settings.task) return std::nullopt;
  for (const rg::data::Task task : {rg::data::Task::classification, rg::data::Task::regression,
                                    rg::data::Task::multi_label, rg::data::Task::reconstruction}) {
    if (*settings.task == rg::data::name(task)) return task;
  }
  throw UsageError(
      fmt::format("--task: \"{}\" is unknown; known are classification, regression, multi-label, "
                  "reconstruction",
                  *settings.task));
}

rg::data::CsvOptions csv_options(const Settings& settings) {
  rg::data::CsvOptions options;
  options.separator = separator_of(settings);
  options.header = !settings.no_header.value_or(false);
  if (settings.type) options.types = types_of(*settings.type);
  if (settings.ignore) options.ignore = parts_of(*settings.ignore);
  return options;
}

Source find_source(const std::string& data, const std::string& folder) {
  std::error_code error;
  if (data == "mnist" && (!folder.empty() || !fs::exists(data, error))) return mnist_source(folder);
  if (!data.empty() && !folder.empty()) {
    throw UsageError(fmt::format("the data is named twice: {} and --data {}", data, folder));
  }
  const std::string path = data.empty() ? folder : data;
  if (path.empty())
    throw UsageError("what shall be learned? Name a CSV file, a text (.txt), a folder of images, or mnist");
  if (path == "-") return {path, "stdin"};
  if (!fs::exists(path, error)) throw rg::Error(rg::ErrorKind::data, fmt::format("{}: no such file", path));
  const bool images = fs::is_directory(path, error);
  fs::path plain = fs::path(path).lexically_normal();
  if (!plain.has_filename()) plain = plain.parent_path();
  const std::string name = images ? plain.filename().string() : plain.stem().string();
  const bool text = !images && plain.extension() == ".txt";
  const bool pictures = images && rg::data::is_image_folder(path);
  return {path, name.empty() || name == "." || name == ".." ? "data" : name, images, text, pictures};
}

rg::data::Parts load(const Source& source, const Settings& settings) {
  if (!source.pictures) check_no_picture_flags(settings);
  if (source.text) {
    check_share("--test", settings.test);
    check_share("--val", settings.val);
    return load_text(source, settings);
  }
  check_no_text_flags(settings);
  if (source.images && !source.pictures) return load_idx(source, settings);
  check_share("--test", settings.test);
  check_share("--val", settings.val);
  if (source.pictures) return load_pictures(source, settings);
  check_one_split(settings);
  rg::data::LoadOptions options;
  options.target = settings.target.value_or("");
  options.task = task_of(settings);
  options.test = settings.test.value_or(options.test);
  options.validation = settings.val.value_or(options.validation);
  options.seed = settings.split_seed.value_or(settings.seed.value_or(1));
  options.split_file = settings.split_file.value_or("");
  options.memory = memory_of(settings, source);
  options.csv = csv_options(settings);
  options.windows = windows_of(settings);
  options.weight = settings.weight.value_or("");
  options.group = settings.group.value_or("");
  options.standardise_targets = !settings.loss.value_or("").starts_with("poisson");
  if (settings.from) options.encoder = rg::train::Pretrained(*settings.from).encoder();
  if (settings.folds) {
    return rg::data::load_fold(source.path, *settings.folds, settings.fold.value_or(1), options);
  }
  return rg::data::load_csv(source.path, options);
}

rg::data::Dataset load_rows(const Source& source, const rg::data::Encoder& encoder, bool strict) {
  if (source.images != encoder.takes_images()) {
    throw rg::Error(rg::ErrorKind::data,
                    fmt::format("{}: the model was trained on {}", source.path,
                                encoder.takes_images()
                                    ? "images; expected a folder with a folder for each class, or IDX files"
                                    : "a table; expected a CSV file"));
  }
  if (strict && !source.pictures) fail_without_pictures("--strict-data");
  if (source.pictures) return rg::data::load_images(source.path, encoder, rg::data::Targets::wanted, strict);
  if (!source.images) return rg::data::load_csv(source.path, encoder, rg::data::Targets::wanted);
  rg::data::Parts parts = rg::data::load_idx(source.path);
  if (encoder.task() == rg::data::Task::reconstruction) return parts.test.as_reconstruction();
  if (parts.encoder.classes() != encoder.classes()) {
    throw rg::Error(rg::ErrorKind::data,
                    fmt::format("{}: its classes are not those of the model", source.path));
  }
  return std::move(parts.test);
}

}  // namespace cli
