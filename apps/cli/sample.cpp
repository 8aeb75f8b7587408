// retrograd sample: text written by a trained language model.
#include <fmt/format.h>
#include <retrograd/text_model.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/common.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd train tinyshakespeare.txt --model "lstm-lm(128, 2)" --epochs 1 --out runs/mine
  retrograd sample runs/mine --prompt "ROMEO:" --length 500 --temperature 0.8)TEXT";

struct Arguments {
  std::string run;
  std::string prompt;
  rg::train::SampleOptions options;
};

void sample(const Arguments& arguments, const Common& common) {
  rg::train::TextModel model(arguments.run);
  const std::string text = model.sample(arguments.prompt, arguments.options);
  if (!common.json) {
    print(arguments.prompt + text + "\n");
    return;
  }
  nlohmann::ordered_json json;
  json["run"] = arguments.run;
  json["prompt"] = arguments.prompt;
  json["seed"] = arguments.options.seed;
  json["text"] = text;
  print_json(json);
}

}  // namespace

void add_sample(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description("Writes text with a trained language model.");
  app.footer(examples);
  app.add_option("RUN", arguments->run, "The folder of a run, or a model file")->required()->type_name("");
  app.add_option("--prompt", arguments->prompt,
                 "What the text begins with (a line's end, which is not written)")
      ->type_name("TEXT");
  app.add_option("--length", arguments->options.length, "Characters to write (500)")->type_name("N");
  app.add_option("--temperature", arguments->options.temperature,
                 "Below 1: likelier characters oftener; 0: always the likeliest (1)")
      ->type_name("NUMBER");
  app.add_option("--top-k", arguments->options.top_k, "Only the K likeliest characters; 0: all (0)")
      ->type_name("K");
  app.add_option("--seed", arguments->options.seed, "The same seed gives the same text (1)")->type_name("N");
  app.callback([arguments, &common] { common.run = [arguments, &common] { sample(*arguments, common); }; });
}

}  // namespace cli
