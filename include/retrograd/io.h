// Files of tensors, checkpoints and models. All are safetensors files: a header in JSON, then the elements
// (little-endian), so any safetensors reader can read the weights. Readers run no code and check every size
// before they allocate. Readers of data sets are in <retrograd/data.h>.
//
// A file that is missing, cut off or malformed is an Error(data) that names it; a write that fails an
// Error(io).
#pragma once

#include <retrograd/array.h>
#include <retrograd/nn.h>
#include <retrograd/variable.h>

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace retrograd::io {

// Writes to a temporary file in the same folder, syncs it, renames it to `path` and syncs the folder: the
// file holds the old bytes or the new ones, never a part. A symbolic link is followed; a device or pipe is
// written as it is. Throws Error(io).
void write_file_atomically(const std::string& path, std::string_view bytes);

// What a safetensors file holds. Tensors have a value (data, an evaluated array, a variable's read()) and any
// dtype; names and metadata are UTF-8.
struct TensorFile {
  std::map<std::string, Array> tensors;
  std::map<std::string, std::string> metadata;
};

// The bytes of the file; equal contents give equal bytes. Throws Error(argument) for a tensor without a
// value, a text that is not UTF-8 and a tensor named "__metadata__".
std::string safetensors_bytes(const TensorFile& file);
// `name` stands for the file in messages.
TensorFile parse_safetensors(std::string_view bytes, std::string_view name);
void save_safetensors(const std::string& path, const TensorFile& file);
TensorFile load_safetensors(const std::string& path);

// A safetensors file whose metadata holds "crc32", a checksum of all its bytes (those of the checksum as
// zeros). Loading refuses a file that does not match. The given metadata must not hold "crc32":
// Error(argument).
void save_checkpoint(const std::string& path, const TensorFile& file);
TensorFile load_checkpoint(const std::string& path);

// The values of variables by name. Throws Error(argument) for a name that is empty or given twice.
std::map<std::string, Array> tensors_of(std::span<const Variable> variables);
// Gives each variable the tensor of its name; others are left unread. Throws Error(data), naming `name`,
// where one is missing or of another type; no variable is changed then.
void assign(std::span<const Variable> variables, const std::map<std::string, Array>& tensors,
            std::string_view name);

// The values of a module of one's own: save, and load into a module of the same form.
void save(const std::string& path, const nn::Module& module);
void load(const std::string& path, const nn::Module& module);

// A model file: rebuilt without code. `metadata` is for what else a prediction takes (encoder, task, loss).
struct ModelFile {
  static constexpr int newest_version = 1;
  int version = newest_version;
  std::string model_text;
  Shape input_shape;  // of one sample
  std::map<std::string, Array> tensors;
  std::map<std::string, std::string> metadata;
};

ModelFile make_model_file(const nn::Sequential& model, const Shape& input_shape,
                          std::map<std::string, std::string> metadata = {});
// The file holds a checksum of its bytes, as a checkpoint does. Throws Error(argument) for metadata named
// "format", "format_version", "model", "input_shape" or "crc32".
void save_model(const std::string& path, const ModelFile& file);
// Refuses a format version newer than known, bytes that do not match the checksum (a file without one is
// taken as it is), and tensors that are not those of the model text.
ModelFile load_model(const std::string& path);
// The network with its values. Throws Error(data), naming `name`, where text and tensors do not match.
nn::Sequential build_model(const ModelFile& file, std::string_view name = "model file");

}  // namespace retrograd::io
