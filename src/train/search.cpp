// Spaces of settings and successive halving.
#include <retrograd/search.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "core/call_text.h"
#include "core/fail.h"
#include "data/random.h"

namespace retrograd::train {
namespace {

// Does `name =` stand at the beginning?
bool begins_setting(std::string_view text) {
  text = trimmed(text);
  std::size_t length = 0;
  const auto is_letter = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
  };
  while (length < text.size() && is_letter(text[length])) ++length;
  const std::string_view rest = trimmed(text.substr(length));
  return length > 0 && rest.starts_with('=');
}

// The settings, each as "name = values".
std::vector<std::string_view> settings_of(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t first = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (text[i] != ',' || depth != 0 || !begins_setting(text.substr(i + 1))) continue;
    parts.push_back(text.substr(first, i - first));
    first = i + 1;
  }
  parts.push_back(text.substr(first));
  return parts;
}

// The choices between | outside parentheses.
std::vector<std::string> choices_of(std::string_view text) {
  std::vector<std::string> choices;
  std::size_t first = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size()) depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (i < text.size() && (text[i] != '|' || depth != 0)) continue;
    choices.emplace_back(trimmed(text.substr(first, i - first)));
    first = i + 1;
  }
  return choices;
}

Dimension range_of(const std::string& name, std::string_view low, std::string_view high) {
  const std::string what = fmt::format("search: {}", name);
  Dimension dimension{.name = name,
                      .low = parse_number(what.c_str(), trimmed(low)),
                      .high = parse_number(what.c_str(), trimmed(high))};
  if (!(dimension.low < dimension.high)) {
    fail(ErrorKind::argument, "search: {} goes from {} to {}; expected a smaller number first", name,
         dimension.low, dimension.high);
  }
  const auto is_whole = [](std::string_view number) { return number.find_first_of(".eE") == number.npos; };
  dimension.whole = is_whole(trimmed(low)) && is_whole(trimmed(high));
  dimension.logarithmic = dimension.low > 0 && dimension.high >= 10 * dimension.low;
  return dimension;
}

Dimension dimension_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (!begins_setting(text)) {
    fail(ErrorKind::argument, "search: \"{}\" names no setting; expected as lr = 1e-4..1e-1", trimmed(text));
  }
  const std::string name(trimmed(text.substr(0, equals)));
  const std::string_view values = trimmed(text.substr(equals + 1));
  const std::size_t dots = values.find("..");
  if (dots != values.npos) return range_of(name, values.substr(0, dots), values.substr(dots + 2));
  Dimension dimension{.name = name, .choices = choices_of(values)};
  for (const std::string& choice : dimension.choices) {
    if (choice.empty()) fail(ErrorKind::argument, "search: {} has an empty choice", name);
  }
  return dimension;
}

// Uniform in 0 <= u < 1.
double uniform(data::RandomWords& random) {
  const std::uint64_t high = random.next() >> 5, low = random.next() >> 6;
  return static_cast<double>((high << 26) + low) / 9007199254740992.0;  // 2^53
}

std::string drawn_from(const Dimension& dimension, data::RandomWords& random) {
  if (!dimension.choices.empty()) return dimension.choices[random.below(dimension.choices.size())];
  // Half a number on each side, so that the ends of whole numbers are as likely as the others.
  const double room = dimension.whole ? 0.5 : 0;
  double low = dimension.low - room, high = dimension.high + room;
  if (dimension.logarithmic) low = std::log(low), high = std::log(high);
  double value = low + (high - low) * uniform(random);
  if (dimension.logarithmic) value = std::exp(value);
  if (dimension.whole) value = std::round(value);
  value = std::clamp(value, dimension.low, dimension.high);
  return dimension.whole ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

}  // namespace

std::vector<Dimension> parse_space(std::string_view text) {
  std::vector<Dimension> space;
  for (const std::string_view part : settings_of(text)) {
    space.push_back(dimension_of(part));
    for (std::size_t i = 0; i + 1 < space.size(); ++i) {
      if (space[i].name == space.back().name) {
        fail(ErrorKind::argument, "search: {} stands twice", space[i].name);
      }
    }
  }
  return space;
}

std::vector<std::string> draw_trial(std::span<const Dimension> space, std::uint64_t seed,
                                    std::int64_t trial) {
  data::RandomWords random(seed, data::Purpose::search, static_cast<std::uint64_t>(trial));
  std::vector<std::string> values;
  for (const Dimension& dimension : space) values.push_back(drawn_from(dimension, random));
  return values;
}

std::vector<Rung> halving_rungs(std::int64_t trials, std::int64_t epochs, std::int64_t factor) {
  if (trials < 1) fail(ErrorKind::argument, "search: {} trials; expected at least 1", trials);
  if (epochs < 1) fail(ErrorKind::argument, "search: {} epochs; expected at least 1", epochs);
  if (factor < 2) fail(ErrorKind::argument, "search: a factor of {}; expected at least 2", factor);
  std::vector<Rung> rungs{{trials, epochs}};
  while (rungs.back().trials > 1 && rungs.front().epochs / factor >= 1) {
    rungs.insert(rungs.begin(), {0, rungs.front().epochs / factor});
    std::int64_t left = trials;
    for (Rung& rung : rungs) {
      rung.trials = left;
      left = (left + factor - 1) / factor;
    }
  }
  return rungs;
}

std::vector<std::size_t> least_losses(std::span<const double> losses, std::size_t count) {
  std::vector<std::size_t> order(losses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (std::isnan(losses[a]) || std::isnan(losses[b]))
      return !std::isnan(losses[a]) && std::isnan(losses[b]);
    return losses[a] < losses[b];
  });
  order.resize(std::min(count, order.size()));
  return order;
}

}  // namespace retrograd::train
