// config.toml: reading and writing.
#include "cli/settings.h"

#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/suggest.h>
#include <retrograd/version.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <type_traits>
#include <vector>

#include "cli/common.h"

namespace cli {
namespace {

// All that may stand in config.toml, in its order.
template <typename S, typename F>
void visit_all(S& s, F f) {
  f("data", s.data, "");
  f("data_sha256", s.data_sha256, "");
  visit_flags(s, f);
  f("cv", s.cv, "");
  f("folds", s.folds, "");
  f("fold", s.fold, "");
  f("ensemble", s.ensemble, "");
  f("importance", s.importance, "");
  f("search", s.search, "");
  f("trials", s.trials, "");
  f("method", s.method, "");
}

const char* type_name(const std::optional<std::string>&) { return "a text in quotes"; }
const char* type_name(const std::optional<bool>&) { return "true or false"; }
const char* type_name(const std::optional<double>&) { return "a number"; }
const char* type_name(const std::optional<std::int64_t>&) { return "a whole number"; }
const char* type_name(const std::optional<std::uint64_t>&) { return "a whole number"; }

template <typename T>
std::optional<T> value_of(const toml::node& node) {
  if constexpr (std::is_same_v<T, double>) {
    return node.is_boolean() ? std::optional<double>() : node.value<double>();
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    const auto number = node.value_exact<std::int64_t>();
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
  } else {
    return node.value_exact<T>();
  }
}

std::string toml_text(const std::string& value) {
  std::ostringstream stream;
  stream << toml::value<std::string>(value);
  return stream.str();
}
std::string toml_text(bool value) { return value ? "true" : "false"; }
std::string toml_text(double value) { return fmt::format("{}", value); }
std::string toml_text(std::int64_t value) { return fmt::format("{}", value); }
std::string toml_text(std::uint64_t value) { return fmt::format("{}", value); }

std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw retrograd::Error(retrograd::ErrorKind::data, fmt::format("{}: no such file", path));
  return {std::istreambuf_iterator<char>(stream), {}};
}

toml::table parse(const std::string& path) {
  try {
    return toml::parse(read_text(path));
  } catch (const toml::parse_error& error) {
    throw UsageError(fmt::format("{}: line {}: {}", path, error.source().begin.line, error.description()));
  }
}

SettingKind kind_in(const std::optional<std::string>&) { return SettingKind::text; }
SettingKind kind_in(const std::optional<bool>&) { return SettingKind::truth; }
SettingKind kind_in(const std::optional<double>&) { return SettingKind::number; }
SettingKind kind_in(const std::optional<std::int64_t>&) { return SettingKind::whole; }
SettingKind kind_in(const std::optional<std::uint64_t>&) { return SettingKind::whole; }

// The key of a flag's name.
std::string key_of(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name == "learning_rate" ? "lr" : name;
}

bool read(const std::string& text, std::optional<std::string>& member) {
  member = text;
  return true;
}
bool read(const std::string& text, std::optional<bool>& member) {
  if (text == "true" || text == "false") member = text == "true";
  return text == "true" || text == "false";
}
template <typename Number>
bool read(const std::string& text, std::optional<Number>& member) {
  Number number{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return false;
  member = number;
  return true;
}

}  // namespace

SettingKind kind_of(const std::string& name) {
  std::optional<SettingKind> kind;
  std::vector<std::string> known;
  const Settings settings;
  visit_flags(settings, [&](const std::string& key, const auto& member, const char*) {
    known.push_back(key);
    if (key == key_of(name)) kind = kind_in(member);
  });
  if (kind) return *kind;
  throw UsageError(fmt::format("unknown setting \"{}\";{} see retrograd train --help", name,
                               retrograd::suggest(key_of(name), known)));
}

void set_value(Settings& settings, const std::string& name, const std::string& value) {
  kind_of(name);
  visit_flags(settings, [&](const std::string& key, auto& member, const char*) {
    if (key != key_of(name) || read(value, member)) return;
    throw UsageError(fmt::format("{}: \"{}\" is not {}", name, value, type_name(member)));
  });
}

Settings merged(const Settings& given, const Settings& otherwise) {
  Settings result = given;
  visit_all(otherwise, [&](std::string_view key, const auto& value, const char*) {
    visit_all(result, [&](std::string_view same, auto& member, const char*) {
      if constexpr (std::is_same_v<decltype(member), std::remove_cvref_t<decltype(value)>&>) {
        if (same == key && !member) member = value;
      }
    });
  });
  return result;
}

Settings read_config(const std::string& path) {
  const toml::table table = parse(path);
  Settings settings;
  std::vector<std::string> known{"version"};
  visit_all(settings, [&](const char* key, auto& member, const char*) {
    known.emplace_back(key);
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    member = value_of<typename std::remove_cvref_t<decltype(member)>::value_type>(*node);
    if (!member) throw UsageError(fmt::format("{}: {}: expected {}", path, key, type_name(member)));
  });
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw UsageError(fmt::format("{}: unknown key \"{}\";{}", path, name, retrograd::suggest(name, known)));
  }
  return settings;
}

std::vector<std::pair<std::string, std::string>> written(const Settings& settings) {
  std::vector<std::pair<std::string, std::string>> lines;
  visit_all(settings, [&](const char* key, const auto& member, const char*) {
    if (member) lines.emplace_back(key, toml_text(*member));
  });
  return lines;
}

std::string config_text(const Settings& settings) {
  std::string text = "# `retrograd train config.toml` repeats this training.\n";
  text += fmt::format("version = {}\n", toml_text(std::string(retrograd::version())));
  for (const auto& [key, value] : written(settings)) text += fmt::format("{} = {}\n", key, value);
  return text;
}

}  // namespace cli
