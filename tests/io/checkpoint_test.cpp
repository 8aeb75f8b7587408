// Checkpoints notice every change of a byte.
#include <retrograd/io.h>

#include "io/expect_error.h"
#include "io/temporary.h"

namespace {

using namespace retrograd;
using io_test::expect_error;

io::TensorFile state() {
  io::TensorFile file;
  file.tensors["linear_1.weight"] = Array::of({1.0f, 2.0f, 3.0f});
  file.metadata = {{"epoch", "4"}, {"note", "\"crc32\":\"12345678\""}};
  return file;
}

TEST(Checkpoint, ReadsBackWhatWasWritten) {
  const io_test::Folder folder;
  io::save_checkpoint(folder.file("state"), state());
  const io::TensorFile read = io::load_checkpoint(folder.file("state"));
  EXPECT_EQ(read.metadata, state().metadata);
  EXPECT_EQ(read.tensors.at("linear_1.weight").to_vector<float>(), (std::vector<float>{1, 2, 3}));
}

TEST(Checkpoint, RefusesEveryChangedByteAndEveryTruncation) {
  const io_test::Folder folder;
  const std::string path = folder.file("state");
  io::save_checkpoint(path, state());
  const std::string bytes = io_test::read(path);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 7)));
    io_test::write(path, damaged);
    expect_error(ErrorKind::data, path, [&] { io::load_checkpoint(path); });
    io_test::write(path, bytes.substr(0, i));
    expect_error(ErrorKind::data, path, [&] { io::load_checkpoint(path); });
  }
}

TEST(Checkpoint, IsASafetensorsFileAndASafetensorsFileIsNone) {
  const io_test::Folder folder;
  io::save_checkpoint(folder.file("state"), state());
  EXPECT_EQ(io::load_safetensors(folder.file("state")).tensors.size(), 1u);
  io::save_safetensors(folder.file("plain"), state());
  expect_error(ErrorKind::data, "is no checkpoint", [&] { io::load_checkpoint(folder.file("plain")); });
}

TEST(Checkpoint, KeepsItsNameInTheMetadata) {
  io::TensorFile file = state();
  file.metadata["crc32"] = "x";
  expect_error(ErrorKind::argument, "crc32", [&] { io::save_checkpoint("/nowhere/state", file); });
}

}  // namespace
