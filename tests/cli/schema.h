// What the tool prints against docs/schemas/: a validator of the part of JSON Schema that those files use.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cli_test {

// What in `value` is not as docs/schemas/<name>.schema.json says; none where all is.
std::vector<std::string> problems(const nlohmann::json& value, const std::string& name);

}  // namespace cli_test
