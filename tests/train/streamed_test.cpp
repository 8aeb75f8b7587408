// Training on rows that are read again from their file.
#include <gtest/gtest.h>

#include <random>

#include "train/parts.h"

namespace {

namespace rg = retrograd;

void write_table(const std::string& path, int rows) {
  std::ofstream file(path);
  std::mt19937 random(2);
  file << "a,b,word,class\n";
  for (int row = 0; row < rows; ++row) {
    const unsigned a = random() % 1000, b = random() % 1000;
    file << a * 0.25 << ',' << (b % 9 == 0 ? "" : std::to_string(b)) << ',' << "xyz"[random() % 3] << ','
         << (a > b ? "yes" : "no") << '\n';
  }
}

// The bytes of the model file of a short training.
std::string trained(const train_test::Folder& folder, std::optional<std::int64_t> memory) {
  rg::data::LoadOptions options;
  options.pack_above = 0;
  options.memory = memory;
  rg::data::Parts parts = rg::data::load_csv(folder.file("t.csv"), options);
  const rg::Shape inputs = parts.train.input_shape();
  rg::train::Trainer trainer(rg::nn::build_model("linear(8), relu, dropout(0.1), linear(2)", inputs),
                             std::move(parts), {.epochs = 2});
  trainer.run();
  trainer.save_model(folder.file("model"));
  return folder.bytes("model");
}

TEST(StreamedTraining, EndsWithTheBitsOfOneWhoseTableIsKept) {
  const train_test::Folder folder("streamed");
  write_table(folder.file("t.csv"), 5000);
  const std::string kept = trained(folder, {});
  EXPECT_FALSE(kept.empty());
  EXPECT_EQ(trained(folder, 0), kept);
}

}  // namespace
