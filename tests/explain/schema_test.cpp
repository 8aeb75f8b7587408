// The record as JSON is what docs/schemas/explain.schema.json says: by a validator of the part of JSON Schema
// that the file uses and, where it is installed, by Python's jsonschema.
#include <gtest/gtest.h>
#include <retrograd/explain.h>
#include <retrograd/model_text.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "explain/networks.h"

namespace {

using Json = nlohmann::json;
using namespace retrograd;
using explain_test::spread;

const std::string schema_path = std::string(RETROGRAD_SOURCE_DIR) + "/docs/schemas/explain.schema.json";

bool has_type(const Json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_number_integer();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

class Validator {
 public:
  explicit Validator(const Json& schema) : root_(schema) {}

  std::vector<std::string> problems(const Json& value) {
    check(value, root_, "$");
    return problems_;
  }

 private:
  void check(const Json& value, const Json& schema, const std::string& where) {
    if (schema.contains("$ref")) {
      const std::string reference = schema["$ref"].get<std::string>();
      return check(value, root_.at(Json::json_pointer(reference.substr(1))), where);
    }
    if (schema.contains("type")) check_type(value, schema["type"], where);
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) {
      problems_.push_back(where + " is below the minimum");
    }
    if (value.is_object()) check_object(value, schema, where);
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        check(value[i], schema.at("items"), where + "[" + std::to_string(i) + "]");
      }
    }
  }

  void check_type(const Json& value, const Json& type, const std::string& where) {
    bool fits = false;
    for (const Json& one : type.is_array() ? type : Json::array({type})) {
      fits = fits || has_type(value, one.get<std::string>());
    }
    if (!fits) problems_.push_back(where + " is " + value.dump() + ", expected " + type.dump());
  }

  void check_object(const Json& value, const Json& schema, const std::string& where) {
    for (const Json& key : schema.at("required")) {
      if (!value.contains(key.get<std::string>())) problems_.push_back(where + " lacks " + key.dump());
    }
    for (const auto& [key, member] : value.items()) {
      if (schema.at("properties").contains(key)) {
        check(member, schema["properties"][key], where + "." + key);
      } else {
        problems_.push_back(where + " has " + key);
      }
    }
  }

  const Json& root_;
  std::vector<std::string> problems_;
};

Json read(const std::string& path) {
  std::ifstream stream(path);
  return Json::parse(stream);
}

std::vector<std::string> records() {
  const nn::Sequential large = nn::build_model("linear(12), tanh, linear(10), softmax", {16});
  const nn::Sequential coupled = nn::build_model("linear(3, bias=false), softmax", {2});
  return {
      explain::to_json(explain::mazur_example()),
      explain::to_json(
          explain::explain_step(large, spread({3, 16}, -1, 1), spread({3, 10}, 0, .2), "cross_entropy")),
      explain::to_json(explain::explain_step(coupled, spread({1, 2}, -1, 1), spread({1, 3}, 0, 1), "mse"))};
}

TEST(ExplainJson, FollowsItsSchema) {
  const Json schema = read(schema_path);
  for (const std::string& record : records()) {
    EXPECT_EQ(Validator(schema).problems(Json::parse(record)), std::vector<std::string>());
  }
}

TEST(ExplainJson, TheValidatorFindsErrors) {
  const Json schema = read(schema_path);
  Json record = Json::parse(records()[0]);
  record.erase("error");
  record["surplus"] = 1;
  record["layers"][0]["weights"][0]["value"] = "1";
  record["batch"] = 0;
  EXPECT_EQ(Validator(schema).problems(record).size(), 4u);
}

TEST(ExplainJson, FollowsItsSchemaForPython) {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3 with jsonschema is not installed";
  }
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("retrograd_explain_" + std::to_string(getpid()) + ".json");
  for (const std::string& record : records()) {
    std::ofstream(file) << record;
    const std::string command =
        "python3 -c \"import json, jsonschema, sys; s = json.load(open(sys.argv[1])); "
        "jsonschema.Draft202012Validator.check_schema(s); "
        "jsonschema.validate(json.load(open(sys.argv[2])), s, jsonschema.Draft202012Validator)\" '" +
        schema_path + "' '" + file.string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }
  std::filesystem::remove(file);
}

TEST(ExplainJson, SaysTheNumbersOfTheRecord) {
  const explain::Record record = explain::mazur_example();
  const Json json = Json::parse(explain::to_json(record));
  EXPECT_EQ(json["error"], record.error);
  EXPECT_EQ(json["layers"][1]["weights"][0]["gradient"], record.layers[1].weights[0].gradient);
  EXPECT_EQ(json["layers"][1]["weights"][0]["factors"][0]["dE_dy"],
            *record.layers[1].weights[0].factors[0].dE_dy);
  EXPECT_TRUE(json["layers"][0]["biases"][0]["updated"].is_null());
  EXPECT_EQ(json["layers"][0]["equations"]["function"][0]["latex"], R"(y = \frac{1}{1 + e^{-x}})");
}

}  // namespace
