// The safetensors format: round trips, determinism, and refusal of every malformed file.
#include <retrograd/eval.h>
#include <retrograd/io.h>
#include <retrograd/ops.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "io/expect_error.h"
#include "io/temporary.h"

namespace {

using namespace retrograd;
using io::TensorFile;
using io_test::expect_error;

template <typename T>
Array array_of(std::vector<T> values, const Shape& shape) {
  return Array::from(std::span<const T>(values), shape);
}

TensorFile small_file() {
  TensorFile file;
  file.tensors["weight"] = array_of<float>({1.5f, -2.0f, 3.25f, 0.0f, 1e-30f, 7.0f}, {2, 3});
  file.tensors["step"] = array_of<std::int64_t>({-7}, {});
  file.tensors["labels"] = array_of<std::int32_t>({1, 2, 3}, {3});
  file.tensors["pixels"] = array_of<std::uint8_t>({0, 128, 255}, {3});
  file.tensors["exact"] = array_of<double>({0.1, 1e300}, {1, 2});
  file.tensors["none"] = array_of<float>({}, {0, 4});
  file.metadata = {{"model", "linear(3), relu"}, {"quote\"\\\n", "tab\t\x01 \xC3\xA9 \xF0\x9F\x99\x82"}};
  return file;
}

// A file with the given header and data.
std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

void expect_refused(const std::string& header, const std::string& data, const std::string& message) {
  SCOPED_TRACE(header);
  expect_error(ErrorKind::data, message, [&] { io::parse_safetensors(file_of(header, data), "file"); });
}

TEST(Safetensors, ReadBackWhatWasWritten) {
  const TensorFile written = small_file();
  const TensorFile read = io::parse_safetensors(io::safetensors_bytes(written), "file");
  EXPECT_EQ(read.metadata, written.metadata);
  ASSERT_EQ(read.tensors.size(), written.tensors.size());
  for (const auto& [name, tensor] : written.tensors) {
    EXPECT_EQ(read.tensors.at(name).type(), tensor.type()) << name;
    EXPECT_EQ(read.tensors.at(name).to_vector<double>(), tensor.to_vector<double>()) << name;
  }
}

// The bytes that the format's description prescribes, put together by hand.
TEST(Safetensors, KeepBf16) {
  Array narrow = cast(array_of<float>({1.5f, -2.0f, 0.1f}, {3}), DType::bf16);
  eval({narrow});
  TensorFile file;
  file.tensors["w"] = narrow;
  const std::string bytes = io::safetensors_bytes(file);
  EXPECT_NE(bytes.find("\"BF16\""), std::string::npos);
  const Array read = io::parse_safetensors(bytes, "file").tensors.at("w");
  EXPECT_EQ(read.type(), narrow.type());
  EXPECT_EQ(read.to_vector<float>(), narrow.to_vector<float>());
}

TEST(Safetensors, WriteTheBytesOfTheFormat) {
  TensorFile file;
  file.tensors["b"] = array_of<float>({1.0f}, {1});
  file.tensors["a"] = array_of<std::uint8_t>({5, 6}, {2});
  file.metadata = {{"k", "v"}};
  std::string header = R"({"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                       R"("a":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}})";
  while (header.size() % 8 != 0) header += ' ';
  EXPECT_EQ(io::safetensors_bytes(file), file_of(header, std::string("\x00\x00\x80\x3f\x05\x06", 6)));
}

TEST(Safetensors, ReadBlanksEscapesAndAnyOrderOfKeys) {
  const TensorFile file = io::parse_safetensors(
      file_of(R"( { "\u0061\ud83d\ude42" : { "data_offsets":[ 0, 1 ] ,"shape":[],"dtype" : "U8" } }  )",
              "\x07"),
      "file");
  ASSERT_EQ(file.tensors.count("a\xF0\x9F\x99\x82"), 1u);
  EXPECT_EQ(file.tensors.begin()->second.item<int>(), 7);
}

TEST(Safetensors, RefuseEveryTruncation) {
  const std::string bytes = io::safetensors_bytes(small_file());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    try {
      io::parse_safetensors(std::string_view(bytes).substr(0, length), "file");
      ADD_FAILURE() << "read " << length << " of " << bytes.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
    }
  }
  expect_error(ErrorKind::data,
               "model.safetensors: the file is cut off: header promises " + std::to_string(bytes.size()) +
                   " bytes, the file has " + std::to_string(bytes.size() - 1),
               [&] {
                 io::parse_safetensors(std::string_view(bytes).substr(0, bytes.size() - 1),
                                       "model.safetensors");
               });
}

// Any damage is an Error(data) or leaves a file that is well-formed.
TEST(Safetensors, SurviveRandomDamage) {
  const std::string bytes = io::safetensors_bytes(small_file());
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = bytes;
    const int flips = 1 + static_cast<int>(random() % 3);
    for (int i = 0; i < flips; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    try {
      const TensorFile file = io::parse_safetensors(damaged, "file");
      io::safetensors_bytes(file);
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::data) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 10000);
}

TEST(Safetensors, RefuseOverlapsGapsAndLeftovers) {
  const std::string a =
      R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],)";
  expect_refused(a + R"("data_offsets":[1,3]}})", "abc", "tensor \"b\" begins at 1 of the data, expected 2");
  expect_refused(a + R"("data_offsets":[3,5]}})", "abcde",
                 "tensor \"b\" begins at 3 of the data, expected 2");
  expect_refused(a + R"("data_offsets":[2,4]}})", "abcde", "1 bytes follow the last tensor");
  expect_refused(a + R"("data_offsets":[2,4]}})", "abc", "the file is cut off");
  expect_refused(a + R"("data_offsets":[4,2]}})", "abcd", "do not fit");
}

TEST(Safetensors, RefuseSizesBeforeTheyAllocate) {
  expect_refused(R"({"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", "",
                 "the shape is too large");
  expect_refused(R"({"a":{"dtype":"F64","shape":[1000000000000],"data_offsets":[0,8000000000000]}})", "",
                 "the file is cut off");
  expect_refused(R"({"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}})", "x",
                 "too large");
  expect_refused(R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}})", "x",
                 "more than 8 axes");
  std::string endless(8, '\xff');
  expect_error(ErrorKind::data, "is no safetensors file", [&] { io::parse_safetensors(endless, "file"); });
}

TEST(Safetensors, RefuseMalformedHeaders) {
  const char* const tensor = R"({"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  const auto entry = [&](const char* name) { return std::string("\"") + name + "\":" + tensor; };
  expect_refused("{" + entry("a") + "," + entry("a") + "}", "x", "");
  expect_refused("{" + entry("a"), "x", "expected \"}\"");
  expect_refused("{" + entry("a") + "} x", "x", "expected the end");
  expect_refused("[]", "", "expected \"{\"");
  expect_refused(R"({"a":{"dtype":"F16","shape":[],"data_offsets":[0,2]}})", "xx",
                 "dtype \"F16\"; known are F32");
  expect_refused(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", "x", "expected a whole number");
  expect_refused(R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", "x", "expected \"]\"");
  expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}})", "x", "more than two");
  expect_refused(R"({"a":{"dtype":"U8","shape":[1]}})", "x", "lacks dtype, shape or data_offsets");
  expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"code":"x"}})", "x",
                 "unexpected \"code\"");
  expect_refused(R"({"__metadata__":{"k":1}})", "", "expected");
  expect_refused(R"({"__metadata__":{"k":"a","k":"b"}})", "", "comes twice");
  expect_refused("{\"\xff\":1}", "", "not UTF-8");
  expect_refused(R"({"\ud800":1})", "", "surrogate");
  expect_refused(R"({"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})", "\x02", "neither 0 nor 1");
}

TEST(Safetensors, WantValuesAndUtf8) {
  TensorFile file;
  file.tensors["a"] = Array();
  expect_error(ErrorKind::argument, "empty array", [&] { io::safetensors_bytes(file); });
  file.tensors = {{"\xff", Array::of({1})}};
  expect_error(ErrorKind::argument, "not UTF-8", [&] { io::safetensors_bytes(file); });
  file.tensors = {{"__metadata__", Array::of({1})}};
  expect_error(ErrorKind::argument, "__metadata__", [&] { io::safetensors_bytes(file); });
}

TEST(Safetensors, NameTheMissingFile) {
  expect_error(ErrorKind::data, "/nowhere/model.safetensors: cannot be read: No such file",
               [] { io::load_safetensors("/nowhere/model.safetensors"); });
  expect_error(ErrorKind::data, "not a regular file", [] { io::load_safetensors("/tmp"); });
  const io_test::Folder folder;
  io_test::write(folder.file("empty"), "");
  expect_error(ErrorKind::data, "the file is empty", [&] { io::load_safetensors(folder.file("empty")); });
}

}  // namespace
