// The safetensors format: 8 bytes with the header's length, the header in JSON, the elements. Written in the
// order of the reference implementation: larger elements first, then by name.
#include <retrograd/io.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "array/node.h"
#include "core/buffer.h"
#include "core/fail.h"
#include "io/file.h"
#include "io/json.h"

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

namespace retrograd::io {
namespace {

constexpr std::size_t length_bytes = 8;
constexpr std::uint64_t longest_header = 100'000'000;  // that of the reference implementation

struct DTypeName {
  DType dtype;
  std::string_view name;
};
constexpr DTypeName dtype_names[] = {{DType::f32, "F32"},  {DType::f64, "F64"}, {DType::i32, "I32"},
                                     {DType::i64, "I64"},  {DType::u8, "U8"},   {DType::boolean, "BOOL"},
                                     {DType::bf16, "BF16"}};

std::string_view name_of(DType dtype) {
  for (const DTypeName& entry : dtype_names) {
    if (entry.dtype == dtype) return entry.name;
  }
  fail(ErrorKind::internal, "safetensors: a dtype without a name");
}

const Buffer& value_of(const std::string& name, const Array& array) {
  if (array.empty()) fail(ErrorKind::argument, "safetensors: tensor {} is an empty array", shown(name));
  const Output& output = array.node()->outputs[static_cast<std::size_t>(array.output())];
  if (!output.value)
    fail(ErrorKind::argument, "safetensors: tensor {} has no value yet; eval() it", shown(name));
  return *output.value;
}

std::size_t byte_count(const TensorType& type) {
  return static_cast<std::size_t>(type.shape.size()) * size_of(type.dtype);
}

void check_text(std::string_view text) {
  if (!is_utf8(text)) fail(ErrorKind::argument, "safetensors: {} is not UTF-8", shown(text));
}

// What the header says of a tensor.
struct Entry {
  std::string name;
  TensorType type;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

DType parse_dtype(JsonReader& json) {
  const std::string given = json.string();
  for (const DTypeName& entry : dtype_names) {
    if (entry.name == given) return entry.dtype;
  }
  json.stop(fmt::format("dtype {}; known are F32, F64, I32, I64, U8, BOOL", shown(given)));
}

Shape parse_shape(JsonReader& json) {
  Shape shape;
  json.array([&] {
    const std::int64_t extent = json.integer();
    if (shape.rank() == Shape::max_rank)
      json.stop(fmt::format("a shape of more than {} axes", Shape::max_rank));
    shape.push_back(extent);
  });
  return shape;
}

// The size of a tensor in bytes. The product may not leave 64 bits.
std::uint64_t checked_bytes(const JsonReader& json, const TensorType& type) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  std::uint64_t bytes = size_of(type.dtype);
  bool empty = false;
  for (const std::int64_t extent : type.shape) {
    if (extent == 0) empty = true;
    if (extent != 0 && bytes > most / static_cast<std::uint64_t>(extent)) json.stop("the shape is too large");
    if (extent != 0) bytes *= static_cast<std::uint64_t>(extent);
  }
  return empty ? 0 : bytes;
}

Entry parse_entry(JsonReader& json, const std::string& name) {
  Entry entry;
  entry.name = name;
  std::vector<std::uint64_t> offsets;
  bool dtype = false, shape = false;
  json.object([&](const std::string& key) {
    if (key == "dtype" && !dtype) {
      entry.type.dtype = parse_dtype(json);
      dtype = true;
    } else if (key == "shape" && !shape) {
      entry.type.shape = parse_shape(json);
      shape = true;
    } else if (key == "data_offsets" && offsets.empty()) {
      json.array([&] {
        if (offsets.size() == 2) json.stop("more than two data_offsets");
        offsets.push_back(static_cast<std::uint64_t>(json.integer()));
      });
    } else {
      json.stop(fmt::format("tensor {} has an unexpected {}", shown(name), shown(key)));
    }
  });
  if (!dtype || !shape || offsets.size() != 2) {
    json.stop(fmt::format("tensor {} lacks dtype, shape or data_offsets", shown(name)));
  }
  entry.begin = offsets[0];
  entry.end = offsets[1];
  if (entry.end < entry.begin || entry.end - entry.begin != checked_bytes(json, entry.type)) {
    json.stop(fmt::format("data_offsets {}, {} of tensor {} do not fit {}", entry.begin, entry.end,
                          shown(name), entry.type.to_string()));
  }
  return entry;
}

std::vector<Entry> parse_header(std::string_view header, std::string_view file, TensorFile& into) {
  JsonReader json(header, file);
  std::vector<Entry> entries;
  bool metadata = false;
  json.object([&](const std::string& name) {
    if (name != "__metadata__") {
      entries.push_back(parse_entry(json, name));
      return;
    }
    if (metadata) json.stop("__metadata__ comes twice");
    metadata = true;
    json.object([&](const std::string& key) {
      if (!into.metadata.emplace(key, json.string()).second)
        json.stop(fmt::format("{} comes twice", shown(key)));
    });
  });
  json.end();
  return entries;
}

// The tensors must fill the data without gap or overlap.
void check_layout(std::vector<Entry>& entries, std::uint64_t data_bytes, std::size_t data_begin,
                  std::string_view file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t expected = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != expected) {
      fail(ErrorKind::data, "{}: tensor {} begins at {} of the data, expected {}", file, shown(entry.name),
           entry.begin, expected);
    }
    expected = entry.end;
  }
  if (expected > data_bytes) {
    fail(ErrorKind::data, "{}: the file is cut off: header promises {} bytes, the file has {}", file,
         data_begin + expected, data_begin + data_bytes);
  }
  if (expected < data_bytes) {
    fail(ErrorKind::data, "{}: {} bytes follow the last tensor", file, data_bytes - expected);
  }
}

}  // namespace

std::string safetensors_bytes(const TensorFile& file) {
  std::vector<const std::pair<const std::string, Array>*> order;
  for (const auto& tensor : file.tensors) {
    check_text(tensor.first);
    if (tensor.first == "__metadata__")
      fail(ErrorKind::argument, "safetensors: a tensor may not be named __metadata__");
    value_of(tensor.first, tensor.second);
    order.push_back(&tensor);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return size_of(a->second.dtype()) > size_of(b->second.dtype());
  });
  std::string header = "{";
  if (!file.metadata.empty()) {
    header += "\"__metadata__\":{";
    for (const auto& [key, value] : file.metadata) {
      check_text(key);
      check_text(value);
      if (header.back() != '{') header += ",";
      append_json_string(header, key);
      header += ":";
      append_json_string(header, value);
    }
    header += "}";
  }
  std::uint64_t offset = 0;
  for (const auto* tensor : order) {
    const TensorType& type = tensor->second.type();
    if (header.size() > 1) header += ",";
    append_json_string(header, tensor->first);
    header +=
        fmt::format(":{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}", name_of(type.dtype),
                    fmt::join(type.shape.begin(), type.shape.end(), ","), offset, offset + byte_count(type));
    offset += byte_count(type);
  }
  header += "}";
  header.append((length_bytes - header.size() % length_bytes) % length_bytes, ' ');
  std::string bytes(length_bytes, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, length_bytes);
  bytes.reserve(length_bytes + header.size() + offset);
  bytes += header;
  for (const auto* tensor : order) {
    const Buffer& value = value_of(tensor->first, tensor->second);
    bytes.append(value.as<char>(), byte_count(tensor->second.type()));
  }
  return bytes;
}

TensorFile parse_safetensors(std::string_view bytes, std::string_view name) {
  if (bytes.empty()) fail(ErrorKind::data, "{}: the file is empty", name);
  std::uint64_t length = 0;
  if (bytes.size() >= length_bytes) std::memcpy(&length, bytes.data(), length_bytes);
  if (length > longest_header) {
    fail(ErrorKind::data, "{}: is no safetensors file: a header of {} bytes, at most {} are read", name,
         length, longest_header);
  }
  if (bytes.size() < length_bytes || length > bytes.size() - length_bytes) {
    fail(ErrorKind::data, "{}: the file is cut off: header promises {} bytes, the file has {}", name,
         length_bytes + length, bytes.size());
  }
  TensorFile file;
  const std::size_t data_begin = length_bytes + length;
  std::vector<Entry> entries = parse_header(bytes.substr(length_bytes, length), name, file);
  check_layout(entries, bytes.size() - data_begin, data_begin, name);
  for (const Entry& entry : entries) {
    const std::size_t size = entry.end - entry.begin;
    auto buffer = std::make_shared<Buffer>(size);
    if (size > 0) std::memcpy(buffer->data(), bytes.data() + data_begin + entry.begin, size);
    if (entry.type.dtype == DType::boolean &&
        std::any_of(buffer->data(), buffer->data() + size, [](std::byte b) { return b > std::byte{1}; })) {
      fail(ErrorKind::data, "{}: tensor {} has a bool that is neither 0 nor 1", name, shown(entry.name));
    }
    Array tensor = Array::from_buffer(std::move(buffer), entry.type.shape, entry.type.dtype);
    if (!file.tensors.emplace(entry.name, std::move(tensor)).second) {
      fail(ErrorKind::data, "{}: tensor {} comes twice", name, shown(entry.name));
    }
  }
  return file;
}

void save_safetensors(const std::string& path, const TensorFile& file) {
  write_file_atomically(path, safetensors_bytes(file));
}

TensorFile load_safetensors(const std::string& path) { return parse_safetensors(read_file(path), path); }

}  // namespace retrograd::io
