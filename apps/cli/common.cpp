// Output and errors.
#include "cli/common.h"

#include <fmt/format.h>
#include <retrograd/error.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <nlohmann/json.hpp>

#include "cli/letters.h"
#include "cli/terminal.h"

namespace cli {
namespace {

namespace rg = retrograd;

struct Fault {
  std::string kind;
  std::string message;
  int exit_code;
};

Fault fault_of(rg::ErrorKind kind, const std::string& message) {
  switch (kind) {
    case rg::ErrorKind::shape:
    case rg::ErrorKind::dtype:
    case rg::ErrorKind::argument:
      return {"usage", message, exit_code::usage};
    case rg::ErrorKind::data:
      return {"data", message, exit_code::data};
    case rg::ErrorKind::diverged:
      return {"diverged", message, exit_code::diverged};
    case rg::ErrorKind::io:
    case rg::ErrorKind::internal:
      break;
  }
  return {rg::name(kind), message, exit_code::failed};
}

Fault fault_of(const std::exception& error) {
  if (const auto* known = dynamic_cast<const rg::Error*>(&error))
    return fault_of(known->kind(), known->what());
  if (dynamic_cast<const UsageError*>(&error) != nullptr) return {"usage", error.what(), exit_code::usage};
  if (dynamic_cast<const Interrupted*>(&error) != nullptr)
    return {"interrupted", error.what(), exit_code::interrupted};
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr)
    return {"internal", "out of memory", exit_code::failed};
  return {"internal", error.what(), exit_code::failed};
}

}  // namespace

void add_output_flags(CLI::App& app, Common& common) {
  const bool writes_csv = app.get_name() == "predict";  // its text is CSV
  app.add_flag("--json", common.json, "The result as JSON on stdout; an error too");
  app.add_option_function<std::string>(
         "--format",
         [&app, &common, writes_csv](const std::string& format) {
           common.json = common.json || format == "json";
           if (format == "text" || format == "json" || (writes_csv && format == "csv")) return;
           throw UsageError(fmt::format("--format: \"{}\" is not what {} writes; known are text, json{}",
                                        format, app.get_name(), writes_csv ? ", csv" : ""));
         },
         "json is the same as --json (text)")
      ->type_name(writes_csv ? "text|json|csv" : "text|json");
  app.add_flag("-q,--quiet", common.quiet, "No progress and no notices");
  app.add_flag("--no-color", common.no_color, "No colours; the variable NO_COLOR says the same");
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw rg::Error(rg::ErrorKind::io, fmt::format("stdout: writing failed ({})", std::strerror(errno)));
  }
}

void print_json(const nlohmann::ordered_json& json) {
  print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void notice(const Common& common, std::string_view line) {
  if (common.quiet) return;
  std::string text(line);
  if (is_terminal()) text = wrapped(text, static_cast<std::size_t>(terminal_width()) - 1);
  fmt::print(stderr, "{}\n", text);
}

bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

bool has_color(const Common& common) {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal() && !common.no_color && (no_color == nullptr || *no_color == '\0');
}

int report_error(const std::exception& error, bool json) {
  const Fault fault = fault_of(error);
  if (json) {
    nlohmann::ordered_json object;
    object["error"] = {{"kind", fault.kind}, {"message", fault.message}, {"exit_code", fault.exit_code}};
    try {
      print_json(object);
      return fault.exit_code;
    } catch (const std::exception&) {
      // stdout is of no use: the message goes to stderr.
    }
  }
  fmt::print(stderr, "retrograd: {}\n", fault.message);
  return fault.exit_code;
}

}  // namespace cli
