// A network from a line of text: "linear(30), sigmoid, linear(10)". The layers it may name are defined in
// src/nn/modules/; model files are in <retrograd/io.h>.
#pragma once

#include <retrograd/nn.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::nn {

struct ModelOptions {
  std::uint64_t seed = 1;
  // Of initialisation_names().
  std::string initialisation = "default";
  DType dtype = DType::f32;
  // A text that asks for more is an Error(argument).
  std::int64_t max_parameters = std::int64_t{1} << 31;
  // Entries of an embedding of which the text gives the size alone, "embedding(64)": the number of different
  // tokens of the data; 0: unknown.
  std::int64_t vocabulary = 0;
};

// Layers separated by commas; arguments in parentheses, by place or by name ("linear(30, bias=false)");
// residual(...) holds layers. `input_shape` is that of one sample, [features] or [channels, height, width];
// sizes of inputs follow from it. Where a linear layer comes first and the input has more axes than one, a
// flatten is put before it. Throws Error(argument) for text that is wrong (naming the column and, for an
// unknown layer, what may have been meant) and Error(shape) for a layer that does not fit its input.
Sequential build_model(std::string_view text, const Shape& input_shape, const ModelOptions& options = {});

// Whole networks by name: "lenet", "resnet(18)". Where `text` is one of them, the model text of it for
// samples of this shape and that many outputs; any other text as it is. Throws Error(argument) for wrong
// arguments and Error(shape) where the network does not fit the shape.
std::string expand_model(std::string_view text, const Shape& input_shape, std::int64_t outputs);

// What expand_model knows.
struct NamedModel {
  std::string signature;  // "resnet(layers)"
  std::string summary;
};
std::vector<NamedModel> named_models();

// The shape of a sample of the output. Throws as the module's call does.
Shape output_shape(const Module& module, const Shape& input_shape);

struct SummaryRow {
  std::string name;    // "linear_1"
  std::string text;    // "linear(30)"
  Shape output_shape;  // of one sample
  std::int64_t parameters;
  std::int64_t flops;  // of one forward pass on one sample, multiplications and additions counted singly
};
// A row for each layer.
std::vector<SummaryRow> summary(const Sequential& model, const Shape& input_shape);

// What a model text can name.
struct LayerInfo {
  std::string signature;  // "linear(units, bias=true)"
  std::string summary;
};
std::vector<LayerInfo> layers();

}  // namespace retrograd::nn
