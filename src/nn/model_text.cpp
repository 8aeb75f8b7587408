// Builds a network from its text, layer by layer, and tells its shapes. The grammar is in model_parser.cpp.
#include <retrograd/model_text.h>
#include <retrograd/trace.h>

#include "array/node.h"
#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/layer_table.h"
#include "nn/layer_text.h"
#include "nn/model_parser.h"

namespace retrograd::nn {
namespace {

// Larger samples are refused, so that sizes computed from a shape stay within 64 bits.
constexpr std::int64_t largest_sample = std::int64_t{1} << 31;

Shape without_batch(const Shape& shape) {
  Shape sample;
  for (int axis = 1; axis < shape.rank(); ++axis) sample.push_back(shape[axis]);
  return sample;
}

// A batch of one sample without a value.
Array sample_placeholder(const Shape& sample, DType dtype) {
  Shape shape{1};
  for (const std::int64_t extent : sample) shape.push_back(extent);
  return make_placeholder({dtype, shape}, 0);
}

DType dtype_of_parameters(const Module& module) {
  const std::vector<Variable> parameters = module.parameters();
  return parameters.empty() ? DType::f32 : parameters.front().dtype();
}

Shape shape_after(const Module& module, const Shape& input, DType dtype) {
  const ModeScope evaluation(Mode::evaluation);
  return without_batch(module(sample_placeholder(input, dtype)).shape());
}

void check_input_shape(const Shape& shape) {
  if (shape.rank() >= Shape::max_rank) {
    fail(ErrorKind::shape, "model: a sample {} has more than {} axes", shape.to_string(),
         Shape::max_rank - 1);
  }
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 1 || extent > largest_sample || size > largest_sample / extent) {
      fail(ErrorKind::shape, "model: the shape of a sample is {}; expected 1 to 2^31 elements",
           shape.to_string());
    }
    size *= extent;
  }
}

std::string signature(const LayerDef& definition) {
  std::string inside = definition.holds_layers ? "layers" : "";
  for (const LayerParameter& parameter : definition.parameters) {
    if (!inside.empty()) inside += ", ";
    inside += parameter.name;
    if (parameter.required) continue;
    if (parameter.type == ArgumentType::boolean) {
      inside += parameter.otherwise != 0.0 ? "=true" : "=false";
    } else {
      inside += fmt::format("={}", parameter.otherwise);
    }
  }
  return std::string(definition.name) + (inside.empty() ? "" : "(" + inside + ")");
}

}  // namespace

void BuildContext::claim(std::int64_t rows, std::int64_t columns) {
  if (columns != 0 && rows > left_ / columns) {
    fail(ErrorKind::argument, "{} x {} parameters are more than the {} that are left for this model", rows,
         columns, left_);
  }
  left_ -= rows * columns;
}

std::vector<std::unique_ptr<Module>> BuildContext::build(const std::vector<LayerSpec>& layers, Shape input) {
  std::vector<std::unique_ptr<Module>> built;
  for (const LayerSpec& spec : layers) {
    try {
      built.push_back(spec.definition->make(spec, input, *this));
      const Shape output = shape_after(*built.back(), input, dtype_);
      check_input_shape(output);
      input = output;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::internal) throw;
      const std::string_view message = error.what();
      if (message.starts_with("model text")) throw;  // from a layer within
      throw Error(error.kind(), fmt::format("model text, column {}: {} for a sample {}: {}", spec.column,
                                            spec.definition->name, input.to_string(), message));
    }
  }
  return built;
}

Sequential build_model(std::string_view text, const Shape& input_shape, const ModelOptions& options) {
  if (options.dtype != DType::f32 && options.dtype != DType::f64) {
    fail(ErrorKind::dtype, "model: parameters are f32 or f64, not {}", retrograd::name(options.dtype));
  }
  std::vector<LayerSpec> layers = parse_model_text(text);
  check_input_shape(input_shape);
  if (layers.front().definition->takes_rows && input_shape.rank() != 1) {
    layers.insert(layers.begin(), parse_model_text("flatten").front());
  }
  BuildContext context(initialisation(options.initialisation), options.dtype, options.max_parameters,
                       options.vocabulary);
  Sequential model(context.build(layers, input_shape));
  model.initialise(options.seed);
  return model;
}

Shape output_shape(const Module& module, const Shape& input_shape) {
  return shape_after(module, input_shape, dtype_of_parameters(module));
}

std::vector<SummaryRow> summary(const Sequential& model, const Shape& input_shape) {
  const DType dtype = dtype_of_parameters(model);
  std::vector<SummaryRow> rows;
  Shape shape = input_shape;
  for (const auto& layer : model.children()) {
    const Shape output = shape_after(*layer, shape, dtype);
    rows.push_back(
        {layer->name(), layer_text(*layer), output, parameter_count(*layer), layer->flops(shape, output)});
    shape = output;
  }
  return rows;
}

std::vector<LayerInfo> layers() {
  std::vector<LayerInfo> infos;
  for (const LayerDef* definition : layer_table()) {
    infos.push_back({signature(*definition), std::string(definition->summary)});
  }
  return infos;
}

}  // namespace retrograd::nn
