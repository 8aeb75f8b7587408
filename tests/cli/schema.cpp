// Validation: type, enum, minimum, required, properties, additionalProperties, items, $ref within the file.
#include "cli/schema.h"

#include <algorithm>
#include <fstream>

namespace cli_test {
namespace {

using Json = nlohmann::json;

bool has_type(const Json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

struct Validator {
  const Json& root;
  std::vector<std::string> found = {};

  void check(const Json& value, const Json& schema, const std::string& where) {
    if (schema.contains("$ref")) {
      return check(value, root.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))), where);
    }
    if (schema.contains("type")) {
      const Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
      const bool fits = std::any_of(types.begin(), types.end(), [&](const Json& type) {
        return has_type(value, type.get<std::string>());
      });
      if (!fits) found.push_back(where + " is " + value.dump() + ", expected " + types.dump());
    }
    if (schema.contains("enum") && std::count(schema["enum"].begin(), schema["enum"].end(), value) == 0) {
      found.push_back(where + " is " + value.dump());
    }
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) {
      found.push_back(where + " is below the minimum");
    }
    if (value.is_object()) members(value, schema, where);
    for (std::size_t i = 0; value.is_array() && schema.contains("items") && i < value.size(); ++i) {
      check(value[i], schema["items"], where + "[" + std::to_string(i) + "]");
    }
  }

  void members(const Json& value, const Json& schema, const std::string& where) {
    for (const Json& key : schema.value("required", Json::array())) {
      if (!value.contains(key.get<std::string>())) found.push_back(where + " lacks " + key.dump());
    }
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [key, member] : value.items()) {
      if (properties.contains(key)) {
        check(member, properties[key], where + "." + key);
      } else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
        check(member, schema["additionalProperties"], where + "." + key);
      } else if (schema.contains("additionalProperties") && schema["additionalProperties"] == false) {
        found.push_back(where + " has " + key);
      }
    }
  }
};

}  // namespace

std::vector<std::string> problems(const nlohmann::json& value, const std::string& name) {
  std::ifstream stream(RETROGRAD_SOURCE_DIR "/docs/schemas/" + name + ".schema.json");
  const Json schema = Json::parse(stream);
  Validator validator{schema};
  validator.check(value, schema, "$");
  return validator.found;
}

}  // namespace cli_test
