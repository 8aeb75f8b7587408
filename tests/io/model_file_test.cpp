// Model files: a network comes back without code, and no file does harm.
#include <retrograd/io.h>
#include <retrograd/model_text.h>

#include <random>

#include "io/expect_error.h"
#include "io/temporary.h"

namespace {

using namespace retrograd;
using io::ModelFile;
using io_test::expect_error;

const char* const text =
    "linear(5), relu, dropout(0.5), residual(linear(5), tanh), linear(2, bias=false), softmax";

ModelFile small_model() {
  return io::make_model_file(nn::build_model(text, {3}, {.seed = 4}), {3}, {{"task", "classification"}});
}

std::vector<std::vector<float>> values(const nn::Module& module) {
  std::vector<std::vector<float>> all;
  for (const Variable& variable : module.variables()) all.push_back(variable.read().to_vector<float>());
  return all;
}

TEST(ModelFile, RebuildsTheNetwork) {
  const io_test::Folder folder;
  const std::string path = folder.file("model.safetensors");
  const nn::Sequential model = nn::build_model(text, {3}, {.seed = 4});
  io::save_model(path, io::make_model_file(model, {3}, {{"task", "classification"}}));
  const ModelFile file = io::load_model(path);
  EXPECT_EQ(file.model_text, text);
  EXPECT_EQ(file.input_shape, Shape{3});
  EXPECT_EQ(file.metadata, (std::map<std::string, std::string>{{"task", "classification"}}));
  const nn::Sequential rebuilt = io::build_model(file);
  EXPECT_EQ(values(rebuilt), values(model));
  const Array x = Array::from(std::vector<float>{1, 2, 3, -1, 0, 1}, {2, 3});
  EXPECT_EQ(rebuilt(x).to_vector<float>(), model(x).to_vector<float>());
}

TEST(ModelFile, EqualModelsGiveEqualBytes) {
  const io_test::Folder folder;
  io::save_model(folder.file("a"), small_model());
  io::save_model(folder.file("b"), small_model());
  EXPECT_EQ(io_test::read(folder.file("a")), io_test::read(folder.file("b")));
}

TEST(ModelFile, RefusesANewerVersion) {
  const io_test::Folder folder;
  ModelFile file = small_model();
  file.version = ModelFile::newest_version + 1;
  io::save_model(folder.file("newer"), file);
  expect_error(ErrorKind::data, "format version 2 is newer than 1",
               [&] { io::load_model(folder.file("newer")); });
}

TEST(ModelFile, RefusesTensorsThatAreNotThoseOfTheText) {
  const io_test::Folder folder;
  const std::string path = folder.file("model");
  const auto expect_refused = [&](const ModelFile& file, const std::string& message) {
    io::save_model(path, file);
    expect_error(ErrorKind::data, message, [&] { io::load_model(path); });
  };
  ModelFile file = small_model();
  file.tensors.erase("linear_1.bias");
  expect_refused(file, "model does not build");  // fewer elements than the text asks for
  file.tensors["other"] = Array::from(std::vector<float>(5, 0.0f), {5});
  expect_refused(file, "tensor linear_1.bias is missing");
  file = small_model();
  file.tensors["linear_1.bias"] = Array::from(std::vector<float>(5, 0.0f), {5, 1});
  expect_refused(file, "tensor linear_1.bias is f32[5, 1], expected f32[5]");
  file = small_model();
  file.tensors["extra"] = Array::of({1});
  expect_refused(file, "6 tensors do not match the 5");
  file = small_model();
  file.model_text = "linear(5), reul";
  expect_refused(file, "did you mean \"relu\"?");
}

TEST(ModelFile, RefusesHugeTextsAndShapesBeforeItAllocates) {
  const io_test::Folder folder;
  const std::string path = folder.file("model");
  ModelFile file = small_model();
  file.model_text = "linear(2147483647), linear(2147483647)";
  io::save_model(path, file);
  expect_error(ErrorKind::data, "parameters are more than", [&] { io::load_model(path); });
  file = small_model();
  file.input_shape = {1000000000, 1000000000, 1000000000};
  io::save_model(path, file);
  expect_error(ErrorKind::data, "expected 1 to 2^31 elements", [&] { io::load_model(path); });
}

TEST(ModelFile, RefusesOtherSafetensorsFiles) {
  const io_test::Folder folder;
  io::save_safetensors(folder.file("other"), {{{"a", Array::of({1})}}, {}});
  expect_error(ErrorKind::data, "is no model file", [&] { io::load_model(folder.file("other")); });
}

TEST(ModelFile, KeepsItsNamesInTheMetadata) {
  ModelFile file = small_model();
  file.metadata["model"] = "x";
  expect_error(ErrorKind::argument, "\"model\"", [&] { io::save_model("/nowhere/model", file); });
}

// The file without its checksum, as the first ones were.
std::string without_checksum(std::string bytes) {
  const std::size_t entry = bytes.find("\"crc32\":\"");
  EXPECT_NE(entry, std::string::npos);
  const std::size_t length = std::string("\"crc32\":\"00000000\",").size();
  return bytes.replace(entry, length, std::string(length, ' '));
}

TEST(ModelFile, RefusesAFlippedBitOfItsTensors) {
  const io_test::Folder folder;
  const std::string path = folder.file("model");
  io::save_model(path, small_model());
  const std::string bytes = io_test::read(path);
  for (std::size_t back = 1; back <= 40; ++back) {
    std::string damaged = bytes;
    char& byte = damaged[bytes.size() - back];
    byte = static_cast<char>(byte ^ (1 << back % 8));
    io_test::write(path, damaged);
    expect_error(ErrorKind::data, "the file is damaged: its checksum is", [&] { io::load_model(path); });
  }
}

TEST(ModelFile, IsReadWithoutAChecksumToo) {
  const io_test::Folder folder;
  const std::string path = folder.file("model");
  io::save_model(path, small_model());
  io_test::write(path, without_checksum(io_test::read(path)));
  const ModelFile file = io::load_model(path);
  EXPECT_EQ(file.metadata.count("crc32"), 0u);
  EXPECT_EQ(file.model_text, small_model().model_text);
}

// Any damage is an Error(data) or leaves a model that is well-formed.
TEST(ModelFile, SurvivesTruncationAndRandomDamage) {
  const io_test::Folder folder;
  const std::string path = folder.file("model");
  io::save_model(path, io::make_model_file(nn::build_model("linear(2), tanh", {2}), {2}));
  const std::string bytes = without_checksum(io_test::read(path));  // which would find all of it
  const auto load = [&](const std::string& damaged) {
    io_test::write(path, damaged);
    try {
      io::load_model(path);
      return true;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
      return false;
    }
  };
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(load(bytes.substr(0, length))) << length;
  std::mt19937 random(1);
  for (int round = 0; round < 1000; ++round) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    load(damaged);
  }
  EXPECT_TRUE(load(bytes));
}

TEST(SaveAndLoad, MoveTheValuesOfAModule) {
  const io_test::Folder folder;
  const nn::Sequential from(nn::Linear(3, 2, {.seed = 1}), nn::Relu());
  const nn::Sequential to(nn::Linear(3, 2, {.seed = 2}), nn::Relu());
  EXPECT_NE(values(from), values(to));
  io::save(folder.file("weights"), from);
  io::load(folder.file("weights"), to);
  EXPECT_EQ(values(from), values(to));
}

TEST(Assign, ChangesNothingWhereATensorIsMissing) {
  const Variable a(Array::of({1}), "a");
  const Variable b(Array::of({2}), "b");
  const Variable both[] = {a, b};
  expect_error(ErrorKind::data, "file: tensor b is missing", [&] {
    io::assign(both, {{"a", Array::of({5})}}, "file");
  });
  EXPECT_EQ(a.read().item<float>(), 1.0f);
}

}  // namespace
