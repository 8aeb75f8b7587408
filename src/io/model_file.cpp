// Model files: the model text and the input's shape in the metadata of a safetensors file. Also the values of
// modules and of sets of variables.
#include <retrograd/io.h>
#include <retrograd/model_text.h>

#include <charconv>
#include <utility>

#include "core/fail.h"
#include "io/checksum.h"
#include "io/file.h"
#include "io/json.h"

namespace retrograd::io {
namespace {

constexpr const char* format = "retrograd";
constexpr const char* reserved[] = {"format", "format_version", "model", "input_shape"};  // and "crc32"

// Takes an entry out of the metadata.
std::string take(std::map<std::string, std::string>& metadata, const char* key, const std::string& path) {
  const auto node = metadata.extract(key);
  if (node.empty()) fail(ErrorKind::data, "{}: is no model file: its metadata lacks \"{}\"", path, key);
  return node.mapped();
}

int parse_version(const std::string& text, const std::string& path) {
  int version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || end != text.data() + text.size() || version < 1) {
    fail(ErrorKind::data, "{}: its format version is {}; expected a number", path, shown(text));
  }
  if (version > ModelFile::newest_version) {
    fail(ErrorKind::data,
         "{}: format version {} is newer than {}, the newest that this version of Retrograd reads; update "
         "Retrograd",
         path, version, ModelFile::newest_version);
  }
  return version;
}

Shape parse_shape(const std::string& text, const std::string& path) {
  Shape shape;
  JsonReader json(text, path);
  json.array([&] {
    const std::int64_t extent = json.integer();
    if (shape.rank() == Shape::max_rank)
      json.stop(fmt::format("a shape of more than {} axes", Shape::max_rank));
    shape.push_back(extent);
  });
  json.end();
  return shape;
}

std::string shape_text(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ","));
}

DType parameter_dtype(const std::map<std::string, Array>& tensors) {
  DType dtype = DType::f32;
  for (const auto& [name, tensor] : tensors) {
    if (tensor.dtype() == DType::f32) return DType::f32;
    if (tensor.dtype() == DType::f64) dtype = DType::f64;
  }
  return dtype;
}

}  // namespace

std::map<std::string, Array> tensors_of(std::span<const Variable> variables) {
  std::map<std::string, Array> tensors;
  for (const Variable& variable : variables) {
    if (variable.name().empty()) fail(ErrorKind::argument, "tensors_of: a variable has no name");
    if (!tensors.emplace(variable.name(), variable.read()).second) {
      fail(ErrorKind::argument, "tensors_of: two variables are named {}", variable.name());
    }
  }
  return tensors;
}

void assign(std::span<const Variable> variables, const std::map<std::string, Array>& tensors,
            std::string_view name) {
  for (const Variable& variable : variables) {
    const auto found = tensors.find(variable.name());
    if (found == tensors.end()) fail(ErrorKind::data, "{}: tensor {} is missing", name, variable.name());
    if (found->second.type() != variable.type()) {
      fail(ErrorKind::data, "{}: tensor {} is {}, expected {}", name, variable.name(),
           found->second.type().to_string(), variable.type().to_string());
    }
  }
  for (const Variable& variable : variables) variable.assign(tensors.at(variable.name()));
}

void save(const std::string& path, const nn::Module& module) {
  save_safetensors(path, {tensors_of(module.variables()), {}});
}

void load(const std::string& path, const nn::Module& module) {
  assign(module.variables(), load_safetensors(path).tensors, path);
}

ModelFile make_model_file(const nn::Sequential& model, const Shape& input_shape,
                          std::map<std::string, std::string> metadata) {
  ModelFile file;
  file.model_text = model.text();
  file.input_shape = input_shape;
  file.tensors = tensors_of(model.variables());
  file.metadata = std::move(metadata);
  return file;
}

void save_model(const std::string& path, const ModelFile& file) {
  TensorFile tensors{file.tensors, file.metadata};
  const std::string values[] = {format, std::to_string(file.version), file.model_text,
                                shape_text(file.input_shape)};
  for (std::size_t i = 0; i < std::size(reserved); ++i) {
    if (!tensors.metadata.emplace(reserved[i], values[i]).second) {
      fail(ErrorKind::argument, "save_model: the metadata holds \"{}\", a name of the format", reserved[i]);
    }
  }
  write_file_atomically(path, bytes_with_checksum(tensors, "save_model"));
}

ModelFile load_model(const std::string& path) {
  std::string bytes = read_file(path);
  TensorFile tensors = parse_safetensors(bytes, path);
  ModelFile file;
  if (const std::string found = take(tensors.metadata, "format", path); found != format) {
    fail(ErrorKind::data, "{}: is no model file: its format is {}, expected \"{}\"", path, shown(found),
         format);
  }
  file.version = parse_version(take(tensors.metadata, "format_version", path), path);
  take_checksum(tensors.metadata, std::move(bytes), path);  // the first files had none
  file.model_text = take(tensors.metadata, "model", path);
  file.input_shape = parse_shape(take(tensors.metadata, "input_shape", path), path);
  file.tensors = std::move(tensors.tensors);
  file.metadata = std::move(tensors.metadata);
  build_model(file, path);
  return file;
}

nn::Sequential build_model(const ModelFile& file, std::string_view name) {
  // A text that asks for more parameters than the file holds is refused before anything is allocated.
  nn::ModelOptions options{.dtype = parameter_dtype(file.tensors), .max_parameters = 0};
  for (const auto& [tensor_name, tensor] : file.tensors) options.max_parameters += tensor.size();
  try {
    nn::Sequential model = nn::build_model(file.model_text, file.input_shape, options);
    const std::vector<Variable> variables = model.variables();
    assign(variables, file.tensors, name);
    if (variables.size() != file.tensors.size()) {
      fail(ErrorKind::data, "{}: {} tensors do not match the {} of the model {}", name, file.tensors.size(),
           variables.size(), shown(file.model_text));
    }
    return model;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::data || error.kind() == ErrorKind::internal) throw;
    throw Error(ErrorKind::data, fmt::format("{}: the model does not build: {}", name, error.what()));
  }
}

}  // namespace retrograd::io
