// IDX files and folders of them.
#include "data/idx.h"

#include <retrograd/folds.h>
#include <zlib.h>

#include "data/file.h"
#include "data_test.h"

namespace retrograd::data {
namespace {

std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string idx(const std::vector<std::uint32_t>& extents, const std::string& bytes, std::uint32_t type = 8) {
  std::string file = big_endian(type << 8 | static_cast<std::uint32_t>(extents.size()));
  for (std::uint32_t extent : extents) file += big_endian(extent);
  return file + bytes;
}

std::string gzip(const std::string& bytes, int level = 6) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(bytes.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string noise(std::size_t count) {
  std::string bytes;
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525 + 1013904223;
    bytes += static_cast<char>(state >> 24);
  }
  return bytes;
}

void expect_idx_error(const std::string& file, int rank, const std::string& message) {
  expect_error(ErrorKind::data, message, [&] { parse_idx(file, "f", rank); });
}

TEST(Idx, PlainAndGzipGiveTheSame) {
  const std::string bytes = noise(100 * 28 * 28);
  const std::string plain = idx({100, 28, 28}, bytes);
  // Also as two members, one after the other, and with zeros as padding.
  for (const std::string& file : {plain, gzip(plain), gzip(plain.substr(0, 9)) + gzip(plain.substr(9)),
                                  gzip(plain) + std::string(5, '\0')}) {
    const Idx read = parse_idx(file, "f", 3);
    EXPECT_EQ(read.extents, (std::vector<std::int64_t>{100, 28, 28}));
    EXPECT_EQ(std::string(read.bytes->as<char>(), read.bytes->bytes()), bytes);
  }
}

TEST(Idx, AHeaderThatPromisesMoreIsAnErrorWithBothFigures) {
  const std::string file = idx({60000, 28, 28}, noise(1000));
  const std::string message =
      "f: the header promises 47040000 bytes of data (60000 x 28 x 28), the file has 1000";
  expect_idx_error(file, 3, message);
  expect_idx_error(gzip(file), 3, message);
  // What cannot be allocated is not tried.
  const std::string huge = idx({4000000000u, 2000000000u, 1}, "x");
  expect_error(ErrorKind::data, "f: the header promises more bytes than can be counted; the file has 17",
               [&] { parse_idx(huge, "f", 3); });
  expect_idx_error(gzip(idx({4000000000u, 1000000000u, 1}, "x")), 3,
                   "f: the header promises 4000000000000000000 bytes of data (4000000000 x 1000000000 x 1), "
                   "the file has 1");
}

TEST(Idx, ExtraBytesAreAnError) {
  const std::string file = idx({3}, "abcd");
  expect_idx_error(file, 1, "f: the header promises 3 bytes of data (3), the file has 4");
  expect_idx_error(gzip(file), 1, "f: the header promises 3 bytes of data (3), the file has more than 3");
}

TEST(Idx, NamesWhatIsNoIdx) {
  expect_idx_error("", 3, "f: has 0 bytes, too few for an IDX header");
  expect_idx_error("a,b\n1,2\n", 3, "f: is not an IDX file: begins with 0x612c620a, expected 0x00000803");
  expect_idx_error(idx({3}, "abc", 0x0D), 1,
                   "f: has elements of IDX type 0x0d; expected unsigned bytes, 0x08");
  expect_idx_error(idx({3}, "abc"), 3, "f: has 1 extents, expected 3 as images have");
  expect_idx_error(idx({1, 1, 1}, "a").substr(0, 10), 3, "f: the header is cut off: 10 bytes, expected 16");
  expect_idx_error(gzip(idx({1, 1, 1}, "a").substr(0, 10)), 3,
                   "f: the header is cut off: 10 bytes, expected 16");
  expect_idx_error(idx({0, 28, 28}, ""), 3, "f: extent 0 is zero; there is nothing in the file");
}

// Every beginning of a file is refused, plain or compressed; so is a file with a byte changed in its
// compressed part.
TEST(Idx, CutAndDamagedFilesAreErrors) {
  const std::string plain = idx({10, 4, 4}, noise(160));
  const std::string packed = gzip(plain);
  for (const std::string& file : {plain, packed}) {
    for (std::size_t length = 0; length < file.size(); ++length) {
      EXPECT_THROW(parse_idx(file.substr(0, length), "f", 3), Error) << length;
    }
  }
  std::string damaged = packed;
  damaged[packed.size() / 2] = static_cast<char>(damaged[packed.size() / 2] ^ 0x10);
  EXPECT_THROW(parse_idx(damaged, "f", 3), Error);
  // Stored without compression, the data begin after 10 bytes of gzip's header and 5 of the block's.
  const std::string cut = gzip(plain, 0).substr(0, 100);
  expect_idx_error(cut, 3, "f: the compressed file is cut off after 100 bytes, which hold 85");
}

// A folder in the form of MNIST with `train` and `test` images of 2 x 3 pixels; labels 4, 5, 6 in turn.
void write_folder(const TemporaryFolder& folder, std::uint32_t train, std::uint32_t test) {
  const auto labels = [](std::uint32_t count) {
    std::string bytes;
    for (std::uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(4 + i % 3);
    return bytes;
  };
  folder.write("train-images-idx3-ubyte", idx({train, 2, 3}, noise(train * 6)));
  folder.write("train-labels-idx1-ubyte", idx({train}, labels(train)));
  folder.write("t10k-images-idx3-ubyte.gz", gzip(idx({test, 2, 3}, noise(test * 6))));
  folder.write("t10k-labels-idx1-ubyte.gz", gzip(idx({test}, labels(test))));
}

TEST(LoadIdx, TheLastTenthOfTrainIsValidationAndT10kIsTest) {
  const TemporaryFolder folder;
  write_folder(folder, 25, 7);
  EXPECT_TRUE(is_idx_folder(folder.path()));
  auto [train, validation, test, encoder] = load_idx(folder.path());
  EXPECT_EQ(train.rows(), 23);
  EXPECT_EQ(validation.rows(), 2);
  EXPECT_EQ(test.rows(), 7);
  EXPECT_EQ(train.source().rows, 32);
  EXPECT_EQ(train.input_shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(encoder.input_shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(train.classes(), (std::vector<std::string>{"4", "5", "6"}));
  EXPECT_EQ(validation.label(0), 23 % 3);
}

TEST(LoadIdx, BytesBecomeAFractionOf255) {
  const TemporaryFolder folder;
  write_folder(folder, 25, 7);
  const Dataset train = load_idx(folder.path()).train;
  const std::string bytes = noise(25 * 6);
  std::vector<float> inputs(12);
  train.copy_inputs(std::vector<std::int64_t>{3, 0}, inputs.data());
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(inputs[i], static_cast<float>(static_cast<unsigned char>(bytes[18 + i])) / 255.0f);
    EXPECT_EQ(inputs[6 + i], static_cast<float>(static_cast<unsigned char>(bytes[i])) / 255.0f);
  }
}

TEST(LoadIdx, TheDigestIsThatOfTheFilesInTurn) {
  const TemporaryFolder folder;
  write_folder(folder, 25, 7);
  std::string all;
  for (const char* file : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte.gz",
                           "t10k-labels-idx1-ubyte.gz"}) {
    all += read_file(folder.path() + "/" + file);
  }
  EXPECT_EQ(load_idx(folder.path()).test.source().sha256, sha256_hex(all));
}

TEST(LoadIdx, NamesTheFileAtFault) {
  const TemporaryFolder folder;
  const std::string& path = folder.path();
  EXPECT_FALSE(is_idx_folder(path));
  expect_error(ErrorKind::data, path + "/none: no such folder", [&] { load_idx(path + "/none"); });
  write_folder(folder, 25, 7);
  std::filesystem::remove(path + "/t10k-labels-idx1-ubyte.gz");
  expect_error(ErrorKind::data, path + ": lacks t10k-labels-idx1-ubyte (plain or .gz)",
               [&] { load_idx(path); });
  folder.write("t10k-labels-idx1-ubyte", idx({6}, std::string(6, '\4')));
  expect_error(ErrorKind::data,
               path + "/t10k-images-idx3-ubyte.gz has 7 images, " + path +
                   "/t10k-labels-idx1-ubyte has 6 labels; expected as many",
               [&] { load_idx(path); });
  folder.write("t10k-labels-idx1-ubyte", idx({7}, std::string(6, '\4') + '\7'));
  expect_error(
      ErrorKind::data,
      path + "/t10k-labels-idx1-ubyte: label 7 of image 6 is none of the 3 classes in the training part",
      [&] { load_idx(path); });
  folder.write("train-labels-idx1-ubyte", idx({25}, std::string(25, '\4')));
  expect_error(ErrorKind::data,
               path + "/train-labels-idx1-ubyte: has only one class, 4; classification needs at least two",
               [&] { load_idx(path); });
}

TEST(LoadIdx, FoldsAreOfTheRowsOfTrainAlone) {
  const TemporaryFolder folder;
  write_folder(folder, 25, 7);
  std::int64_t tested = 0;
  for (int fold = 1; fold <= 5; ++fold) {
    const Parts parts = load_idx_fold(folder.path(), 5, fold, {.validation = 0.25, .seed = 3});
    EXPECT_EQ(parts.train.rows() + parts.validation.rows() + parts.test.rows(), 25);
    EXPECT_EQ(parts.validation.rows(), 5);
    EXPECT_EQ(parts.train.classes(), (std::vector<std::string>{"4", "5", "6"}));
    EXPECT_EQ(parts.encoder, load_idx(folder.path()).encoder);
    tested += parts.test.rows();
  }
  EXPECT_EQ(tested, 25);
}

TEST(LoadIdx, ReadsImagesWithoutLabels) {
  const TemporaryFolder folder;
  write_folder(folder, 25, 7);
  const Dataset images = load_idx_images(folder.path() + "/t10k-images-idx3-ubyte.gz");
  EXPECT_EQ(images.rows(), 7);
  EXPECT_FALSE(images.has_targets());
}

TEST(LoadIdx, ReadsMnist) {
  const char* data = std::getenv("RETROGRAD_DATA");
  const std::string folder = data == nullptr ? "" : std::string(data) + "/mnist";
  if (data == nullptr || !is_idx_folder(folder))
    GTEST_SKIP() << "RETROGRAD_DATA names no folder with mnist in it";
  const Parts mnist = load_idx(folder);
  EXPECT_EQ(mnist.train.rows(), 54000);
  EXPECT_EQ(mnist.validation.rows(), 6000);
  EXPECT_EQ(mnist.test.rows(), 10000);
  EXPECT_EQ(mnist.test.class_counts(),
            (std::vector<std::int64_t>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}));
  EXPECT_EQ(mnist.train.label(0), 5);
  EXPECT_EQ(mnist.train.classes().back(), "9");
}

}  // namespace
}  // namespace retrograd::data
