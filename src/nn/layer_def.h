// LayerDef: what a model text may name. One stands beside each layer in src/nn/modules/; the build gathers
// them into layer_table(). The parser that calls them is in model_text.cpp.
#pragma once

#include <retrograd/nn.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retrograd::nn {

struct LayerDef;

enum class ArgumentType { integer, real, boolean };

struct LayerParameter {
  std::string_view name;
  ArgumentType type;
  double minimum;
  double maximum;
  bool required = true;
  double otherwise = 0.0;  // where it is left out
  // Words that may stand in place of a number, with what they mean to the layer.
  std::vector<std::pair<std::string_view, double>> words = {};
};

// One layer of a parsed text.
struct LayerSpec {
  const LayerDef* definition = nullptr;
  std::size_t column = 0;         // of its name in the text, from 1
  std::vector<double> arguments;  // one for each parameter, in their order
  std::vector<LayerSpec> layers;  // what a container holds

  std::int64_t integer(std::size_t i) const { return static_cast<std::int64_t>(arguments[i]); }
  double real(std::size_t i) const { return arguments[i]; }
  bool boolean(std::size_t i) const { return arguments[i] != 0.0; }
};

// What a model is built with.
class BuildContext {
 public:
  BuildContext(Initialisation initialisation, DType dtype, std::int64_t max_parameters,
               std::int64_t vocabulary)
      : initialisation_(initialisation), dtype_(dtype), left_(max_parameters), vocabulary_(vocabulary) {}

  const Initialisation& initialisation() const { return initialisation_; }
  DType dtype() const { return dtype_; }
  // Of the data's tokens; 0: they are none.
  std::int64_t vocabulary() const { return vocabulary_; }
  // Takes rows * columns elements out of the budget. Throws Error(argument) where they are not left.
  void claim(std::int64_t rows, std::int64_t columns);
  // The layers, each built for the output of the one before it. Errors name the layer and its column.
  std::vector<std::unique_ptr<Module>> build(const std::vector<LayerSpec>& layers, Shape input);

 private:
  Initialisation initialisation_;
  DType dtype_;
  std::int64_t left_;
  std::int64_t vocabulary_;
};

struct LayerDef {
  std::string_view name;
  std::string_view summary;
  std::vector<LayerParameter> parameters = {};
  bool holds_layers = false;  // its argument is a list of layers
  // Wants one row of numbers for a sample: as the first layer it gets a flatten before it where the input is
  // none.
  bool takes_rows = false;
  // `input` is the shape of a sample. Throws Error(shape) where it does not fit.
  std::unique_ptr<Module> (*make)(const LayerSpec& spec, const Shape& input, BuildContext& context) = nullptr;
};

}  // namespace retrograd::nn
