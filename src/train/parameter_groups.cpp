// Parameters chosen by a text.
#include "train/parameter_groups.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/call_text.h"
#include "core/fail.h"
#include "core/suggest.h"

namespace retrograd::train {
namespace {

// Whether the text fits the pattern, in which * stands for any letters, or none.
bool fits(std::string_view text, std::string_view pattern) {
  std::size_t at = 0, next = 0, star = pattern.npos, resume = 0;
  while (at < text.size()) {
    if (next < pattern.size() && pattern[next] == '*') {
      star = next++;
      resume = at;
    } else if (next < pattern.size() && pattern[next] == text[at]) {
      ++at, ++next;
    } else if (star != pattern.npos) {
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', next) == pattern.npos;
}

std::vector<const nn::Module*> layers_with_parameters(const nn::Sequential& model) {
  std::vector<const nn::Module*> layers;
  for (const auto& layer : model.children()) {
    if (!layer->parameters().empty()) layers.push_back(layer.get());
  }
  return layers;
}

std::vector<Variable> by_number(const char* what, std::size_t number, const nn::Sequential& model) {
  const auto layers = layers_with_parameters(model);
  if (number >= layers.size()) {
    fail(ErrorKind::argument, "{}: there is no layer {}; the model has {} with parameters, counted from 0",
         what, number, layers.size());
  }
  return layers[number]->parameters();
}

// A parameter is named by its own name, "linear_1.weight", or by the path of a module that holds it.
bool is_named(const std::string& parameter, std::string_view pattern) {
  if (fits(parameter, pattern)) return true;
  for (std::size_t dot = parameter.find('.'); dot != parameter.npos; dot = parameter.find('.', dot + 1)) {
    if (fits(std::string_view(parameter).substr(0, dot), pattern)) return true;
  }
  return false;
}

std::vector<Variable> by_name(const char* what, std::string_view pattern, const nn::Sequential& model) {
  std::vector<Variable> found;
  std::vector<std::string> known;
  for (const nn::Module* layer : layers_with_parameters(model)) known.push_back(layer->name());
  for (const Variable& parameter : model.parameters()) {
    if (is_named(parameter.name(), pattern)) found.push_back(parameter);
  }
  if (!found.empty()) return found;
  const std::string near = suggest(pattern, known);
  fail(ErrorKind::argument, "{}: no parameter is named \"{}\";{}", what, pattern,
       near.empty() ? fmt::format(" layers are {}", fmt::join(known, ", ")) : near);
}

std::vector<Variable> of_item(const char* what, std::string_view item, const nn::Sequential& model) {
  std::size_t number = 0;
  const auto read = std::from_chars(item.data(), item.data() + item.size(), number);
  if (read.ec == std::errc() && read.ptr == item.data() + item.size()) return by_number(what, number, model);
  return by_name(what, item, model);
}

}  // namespace

std::vector<Variable> chosen_parameters(const char* what, std::string_view list,
                                        const nn::Sequential& model) {
  std::vector<Variable> chosen;
  for (const std::string& item : split_text(list, ',')) {
    for (const Variable& parameter : of_item(what, item, model)) chosen.push_back(parameter);
  }
  return chosen;
}

void freeze(std::string_view list, const nn::Sequential& model) {
  for (Variable parameter : chosen_parameters("freeze", list, model)) parameter.set_trainable(false);
  const std::vector<Variable> all = model.parameters();
  if (std::none_of(all.begin(), all.end(), [](const Variable& parameter) { return parameter.trainable(); })) {
    fail(ErrorKind::argument, "freeze: \"{}\" leaves no parameter to train", list);
  }
}

void set_rates(std::string_view list, const nn::Sequential& model, optim::Optimizer& optimizer) {
  for (const std::string& item : split_text(list, ',')) {
    const std::size_t equals = item.find('=');
    if (equals == item.npos) {
      fail(ErrorKind::argument, "rates: \"{}\" has no number; expected layer = multiplier", item);
    }
    const double multiplier = parse_number("rates", item.substr(equals + 1));
    const std::string_view name = trimmed(std::string_view(item).substr(0, equals));
    optimizer.set_group(chosen_parameters("rates", name, model), {.learning_rate_multiplier = multiplier});
  }
}

}  // namespace retrograd::train
