// A recursive-descent parser:  list = layer {"," layer};  layer = name ["(" (list | arguments) ")"];
// arguments = argument {"," argument};  argument = [name "="] (number | "true" | "false").
#include "nn/model_parser.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "core/fail.h"
#include "core/suggest.h"
#include "nn/layer_table.h"

namespace retrograd::nn {
namespace {

constexpr int deepest = 16;  // residual(residual(...))

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// `wanted` is unknown: what may have been meant, else what there is.
std::string near_or_all(std::string_view wanted, const std::vector<std::string>& known) {
  const std::string near = suggest(wanted, known);
  return near.empty() ? fmt::format(" known are {}", fmt::join(known, ", ")) : near;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<LayerSpec> parse() {
    skip_blanks();
    if (at_end()) stop(position_, "the model text is empty; an example is \"linear(30), relu, linear(10)\"");
    std::vector<LayerSpec> layers = list(0);
    if (!at_end()) stop(position_, fmt::format("expected a comma or the end, got \"{}\"", text_[position_]));
    return layers;
  }

 private:
  [[noreturn]] void stop(std::size_t position, const std::string& message) const {
    fail(ErrorKind::argument, "model text, column {}: {}", position + 1, message);
  }
  bool at_end() const { return position_ == text_.size(); }
  bool at(char c) const { return !at_end() && text_[position_] == c; }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[position_])) ++position_;
  }
  bool take(char c) {
    if (!at(c)) return false;
    ++position_;
    skip_blanks();
    return true;
  }
  std::string_view word() {
    const std::size_t begin = position_;
    while (!at_end() && is_name_letter(text_[position_])) ++position_;
    const std::string_view found = text_.substr(begin, position_ - begin);
    skip_blanks();
    return found;
  }

  std::vector<LayerSpec> list(int depth) {
    if (depth > deepest) stop(position_, fmt::format("layers are nested more than {} deep", deepest));
    std::vector<LayerSpec> layers;
    do {
      layers.push_back(layer(depth));
    } while (take(','));
    return layers;
  }

  LayerSpec layer(int depth) {
    LayerSpec spec;
    const std::size_t begin = position_;
    spec.column = begin + 1;
    const std::string_view name = word();
    if (name.empty()) {
      stop(begin, at_end() ? "expected a layer, got the end"
                           : fmt::format("expected a layer, got \"{}\"", text_[begin]));
    }
    spec.definition = find(name, begin);
    const LayerDef& definition = *spec.definition;
    for (const LayerParameter& parameter : definition.parameters) {
      spec.arguments.push_back(parameter.required ? NAN : parameter.otherwise);
    }
    if (take('(')) {
      if (definition.holds_layers) {
        spec.layers = list(depth + 1);
      } else if (!at(')')) {
        arguments(spec);
      }
      if (!take(')')) stop(position_, fmt::format("{}: expected \")\"", name));
    } else if (definition.holds_layers) {
      stop(begin, fmt::format("{} wants layers in parentheses", name));
    }
    for (std::size_t i = 0; i < spec.arguments.size(); ++i) {
      if (std::isnan(spec.arguments[i])) {
        stop(begin, fmt::format("{}: {} is missing; it is written {}(...)", name,
                                definition.parameters[i].name, name));
      }
    }
    return spec;
  }

  const LayerDef* find(std::string_view name, std::size_t begin) const {
    std::vector<std::string> known;
    for (const LayerDef* definition : layer_table()) {
      if (definition->name == name) return definition;
      known.emplace_back(definition->name);
    }
    stop(begin, fmt::format("unknown layer \"{}\";{}", name, near_or_all(name, known)));
  }

  void arguments(LayerSpec& spec) {
    const LayerDef& definition = *spec.definition;
    std::vector<bool> given(definition.parameters.size(), false);
    std::size_t next = 0;
    do {
      const std::size_t begin = position_;
      const std::string_view name = word();
      std::size_t index = next;
      if (!name.empty() && take('=')) {
        index = parameter(definition, name, begin);
        next = definition.parameters.size();  // by place only before those by name
      } else {
        position_ = begin;
        ++next;
      }
      if (index >= given.size()) {
        stop(begin, fmt::format("{}: too many arguments; it takes {}", definition.name, given.size()));
      }
      if (given[index]) {
        stop(begin, fmt::format("{}: {} is given twice", definition.name, definition.parameters[index].name));
      }
      given[index] = true;
      spec.arguments[index] = value(definition, definition.parameters[index]);
    } while (take(','));
  }

  std::size_t parameter(const LayerDef& definition, std::string_view name, std::size_t begin) const {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
      if (definition.parameters[i].name == name) return i;
      known.emplace_back(definition.parameters[i].name);
    }
    stop(begin, fmt::format("{} has no argument \"{}\";{}", definition.name, name,
                            known.empty() ? " it takes none" : near_or_all(name, known)));
  }

  double value(const LayerDef& definition, const LayerParameter& parameter) {
    const std::size_t begin = position_;
    std::size_t end = begin;
    while (end < text_.size() && text_[end] != ',' && text_[end] != ')' && !is_blank(text_[end])) ++end;
    const std::string_view given = text_.substr(begin, end - begin);
    const auto wrong = [&](std::string_view expected) {
      stop(begin,
           fmt::format("{}: {} is \"{}\"; expected {}", definition.name, parameter.name, given, expected));
    };
    double number = 0.0;
    const auto word = std::find_if(parameter.words.begin(), parameter.words.end(),
                                   [&](const auto& known) { return known.first == given; });
    if (word != parameter.words.end()) {
      number = word->second;
    } else if (parameter.type == ArgumentType::boolean) {
      if (given != "true" && given != "false") wrong("true or false");
      number = given == "true" ? 1.0 : 0.0;
    } else {
      const auto [stopped, error] = std::from_chars(given.data(), given.data() + given.size(), number);
      const bool whole = parameter.type == ArgumentType::integer;
      const bool is_number = error == std::errc() && stopped == given.data() + given.size() && !given.empty();
      if (!is_number || !std::isfinite(number) || (whole && number != std::floor(number))) {
        std::string expected = whole ? "a whole number" : "a number";
        for (const auto& known : parameter.words) expected += fmt::format(" or {}", known.first);
        wrong(expected);
      }
      if (number < parameter.minimum || number > parameter.maximum) {
        wrong(fmt::format("{} to {}", parameter.minimum, parameter.maximum));
      }
    }
    position_ = end;
    skip_blanks();
    return number;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<LayerSpec> parse_model_text(std::string_view text) { return Parser(text).parse(); }

}  // namespace retrograd::nn
