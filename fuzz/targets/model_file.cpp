// Model files: the network, and the encoder that takes raw rows to it.
#include <retrograd/data.h>
#include <retrograd/model_text.h>
#include <retrograd/train.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/target.h"

namespace fuzz {
namespace {

void feed(std::string_view bytes) {
  const MemoryFile file(bytes);
  refusing([&] { retrograd::train::Predictor predictor(file.path()); });
}

// Trains for an epoch on rows with numbers, gaps and categories.
std::string trained(const char* last_column, const char* model) {
  std::string rows = "a,b,colour,y\n";
  for (int i = 0; i < 40; ++i) {
    rows += std::to_string(i % 7) + "," + (i % 5 == 0 ? std::string() : std::to_string(i * 0.5)) +
            (i % 3 == 0 ? ",red," : ",\"deep, blue\",") +
            (last_column[0] == 'c'   ? (i % 2 == 0 ? "yes" : "no")
             : last_column[0] == 'l' ? (i % 2 == 0 ? "warm|wet" : "wet")
                                     : std::to_string(i * 1.5)) +
            "\n";
  }
  const MemoryFile table(rows);
  retrograd::data::LoadOptions options;
  if (last_column[0] == 'l') options.task = retrograd::data::Task::multi_label;
  if (last_column[0] == 'i') options.task = retrograd::data::Task::reconstruction;
  retrograd::data::Parts parts = retrograd::data::load_csv(table.path(), options);
  retrograd::nn::Sequential network = retrograd::nn::build_model(model, parts.train.input_shape());
  retrograd::train::Trainer trainer(std::move(network), std::move(parts), {.epochs = 1});
  trainer.run();
  const std::string path =
      (std::filesystem::temp_directory_path() / ("fuzz-model-" + std::to_string(getpid()))).string();
  trainer.save_model(path);
  std::ifstream saved(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(saved), {}};
  std::filesystem::remove(path);
  return bytes;
}

std::vector<std::string> seeds() {
  return {trained("classes", "linear(3), relu, dropout(0.5), linear(2)"),
          trained("labels", "linear(3), relu, linear(2)"), trained("inputs", "latent(2), linear(6)"),
          trained("numbers", "linear(2), residual(linear(2), tanh), linear(1)")};
}

}  // namespace

const Target model_file{"model_file", feed, seeds};

}  // namespace fuzz
