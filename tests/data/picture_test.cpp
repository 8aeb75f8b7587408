// Decoding PNG and JPEG files, and resizing.
#include "data/picture.h"

#include <array>

#include "data/data_test.h"
#include "data/picture_files.h"

namespace retrograd::data {
namespace {

using picture_files::filled;
using picture_files::jpeg;
using picture_files::png;
using picture_files::Samples;
using Bytes = std::vector<std::uint8_t>;

// A message about the file begins with its name.
void expect_refused(const std::string& file, const std::string& part) {
  try {
    read_picture(file, "a/b.png");
  } catch (const Error& error) {
    EXPECT_STREQ(name(error.kind()), "data");
    EXPECT_EQ(std::string(error.what()).find("a/b.png: "), 0u) << error.what();
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    return;
  }
  ADD_FAILURE() << "no error; expected: " << part;
}

TEST(Png, GreyComesBackToTheByte) {
  const std::string file = png({2, 3, {0, 50, 100, 150, 200, 255}});
  EXPECT_EQ(picture_size(file, "x"), (PictureSize{2, 3, 1}));
  const Picture picture = read_picture(file, "x");
  EXPECT_EQ(picture.size, (PictureSize{2, 3, 1}));
  EXPECT_EQ(picture.pixels, (Bytes{0, 50, 100, 150, 200, 255}));
}

TEST(Png, ColoursComeBackToTheByteInterlacedToo) {
  const Samples samples{2, 2, {1, 2, 3, 40, 50, 60, 7, 8, 9, 100, 110, 120}};
  for (const bool interlaced : {false, true}) {
    const Picture picture =
        read_picture(png(samples, {.color_type = PNG_COLOR_TYPE_RGB, .interlaced = interlaced}), "x");
    EXPECT_EQ(picture.size, (PictureSize{2, 2, 3}));
    EXPECT_EQ(picture.pixels, samples.values);
  }
}

TEST(Png, BitsBecomeBlackAndWhiteAndSixteenBitsBytes) {
  EXPECT_EQ(read_picture(png({1, 4, {0b01010000}}, {.depth = 1}), "x").pixels, (Bytes{0, 255, 0, 255}));
  EXPECT_EQ(read_picture(png({1, 2, {0xFF, 0xFF, 0x80, 0x80}}, {.depth = 16}), "x").pixels,
            (Bytes{0xFF, 0x80}));
}

TEST(Png, WhatIsTransparentLiesOnWhite) {
  const Samples samples{1, 3, {10, 255, 10, 0, 10, 51}};  // grey and alpha: 51 / 255 = 0.2
  EXPECT_EQ(read_picture(png(samples, {.color_type = PNG_COLOR_TYPE_GRAY_ALPHA}), "x").pixels,
            (Bytes{10, 255, 206}));  // 0.2 * 10 + 0.8 * 255
}

TEST(Png, APaletteOfGreyTonesIsGrey) {
  const Samples samples{1, 2, {0, 1}};
  const std::string grey =
      png(samples, {.color_type = PNG_COLOR_TYPE_PALETTE, .palette = {{9, 9, 9}, {70, 70, 70}}});
  const std::string colours =
      png(samples, {.color_type = PNG_COLOR_TYPE_PALETTE, .palette = {{9, 9, 9}, {70, 70, 71}}});
  EXPECT_EQ(picture_size(grey, "x").channels, 1);
  EXPECT_EQ(picture_size(colours, "x").channels, 3);
  EXPECT_EQ(read_picture(colours, "x").pixels, (Bytes{9, 9, 9, 70, 70, 71}));
  Bytes plane(2);
  put_planes(read_picture(grey, "x"), 1, plane.data());
  EXPECT_EQ(plane, (Bytes{9, 70}));
}

TEST(Jpeg, AFlatColourComesBackWithinOne) {
  // Rounding to YCbCr and back moves a channel by one at most at quality 100 where all pixels are equal.
  for (const bool progressive : {false, true}) {
    const std::string file = jpeg(filled(17, 9, {200, 100, 50}), 3, progressive);
    EXPECT_EQ(picture_size(file, "x"), (PictureSize{17, 9, 3}));
    const Picture picture = read_picture(file, "x");
    ASSERT_EQ(picture.pixels.size(), 17u * 9 * 3);
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
      EXPECT_NEAR(picture.pixels[i], (std::array{200, 100, 50}[i % 3]), 1);
    }
  }
}

TEST(Jpeg, GreyHasOneChannel) {
  const Picture picture = read_picture(jpeg(filled(8, 8, {77}), 1), "x");
  EXPECT_EQ(picture.size, (PictureSize{8, 8, 1}));
  EXPECT_EQ(picture.pixels, Bytes(64, 77));
}

// The JPEG file with the orientation in an Exif segment behind its first two bytes.
std::string with_orientation(const std::string& file, int orientation, bool is_little) {
  const auto number = [&](std::uint32_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i)
      bytes += static_cast<char>(value >> 8 * (is_little ? i : size - 1 - i) & 0xff);
    return bytes;
  };
  const std::string tiff = (is_little ? "II" : "MM") + number(42, 2) + number(8, 4) + number(2, 2) +  //
                           number(256, 2) + number(4, 2) + number(1, 4) + number(16, 4) +             //
                           number(274, 2) + number(3, 2) + number(1, 4) +
                           number(static_cast<std::uint32_t>(orientation), 2) + number(0, 2) + number(0, 4);
  const std::string data = std::string("Exif\0\0", 6) + tiff;
  const auto size = static_cast<std::uint32_t>(data.size() + 2);
  return file.substr(0, 2) + "\xff\xe1" + static_cast<char>(size >> 8) + static_cast<char>(size & 0xff) +
         data + file.substr(2);
}

// A picture of 16 x 24 whose corners have four tones: which of them lies at the top left, top right, bottom
// left and bottom right of what is read.
Bytes corners_read(const std::string& file) {
  const Picture picture = read_picture(file, "x");
  EXPECT_EQ(picture_size(file, "x"), picture.size);
  const std::int64_t H = picture.size.height, W = picture.size.width;
  Bytes corners;
  for (const std::int64_t at : {std::int64_t{0}, W - 1, (H - 1) * W, H * W - 1})
    corners.push_back(picture.pixels[static_cast<std::size_t>(at)]);
  return corners;
}

TEST(Jpeg, IsTurnedUprightAsTheCameraSays) {
  Samples samples{16, 24, {}};
  for (int row = 0; row < 16; ++row) {
    for (int column = 0; column < 24; ++column)
      samples.values.push_back(static_cast<std::uint8_t>(50 + (row < 8 ? 0 : 100) + (column < 12 ? 0 : 50)));
  }
  const std::string stored = jpeg(samples, 1);
  const Bytes stored_corners = corners_read(stored);
  const auto [a, b, c, d] =
      std::array{stored_corners[0], stored_corners[1], stored_corners[2], stored_corners[3]};
  ASSERT_TRUE(a < b && b < c && c < d);
  // By the definitions of Exif: 6 says that the first row is the right side and the first column the top.
  const Bytes expected[] = {{a, b, c, d}, {b, a, d, c}, {d, c, b, a}, {c, d, a, b},
                            {a, c, b, d}, {c, a, d, b}, {d, b, c, a}, {b, d, a, c}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool is_little : {true, false}) {
      const std::string file = with_orientation(stored, orientation, is_little);
      EXPECT_EQ(corners_read(file), expected[orientation - 1]) << orientation;
      const PictureSize size = picture_size(file, "x");
      EXPECT_EQ(size, (orientation < 5 ? PictureSize{16, 24, 1} : PictureSize{24, 16, 1})) << orientation;
    }
  }
  for (const int unknown : {0, 9})
    EXPECT_EQ(corners_read(with_orientation(stored, unknown, true)), stored_corners);
}

TEST(Jpeg, DamagedExifIsPassedOver) {
  const std::string stored = jpeg(filled(8, 16, {77}), 1);
  const std::string whole = with_orientation(stored, 6, true);
  for (std::size_t at = 12; at < 12 + 34; ++at) {
    std::string damaged = whole;
    damaged[at] = '\xff';
    EXPECT_EQ(read_picture(damaged, "x").pixels, Bytes(128, 77)) << at;
  }
}

TEST(Jpeg, TheColoursOfPrintAreRefused) { expect_refused(jpeg(filled(8, 8, {1, 2, 3, 4}), 4), "CMYK"); }

TEST(Pictures, OtherFilesAreRefusedByTheirFirstBytes) {
  expect_refused("", "is empty");
  expect_refused("GIF89a", "is neither PNG nor JPEG: begins with 47 49 46 38");
}

TEST(Pictures, EveryCutIsRefused) {
  Samples noise{16, 16, {}};
  for (int i = 0; i < 256; ++i) noise.values.push_back(static_cast<std::uint8_t>(i * i % 251));
  for (const std::string& file : {png(noise), jpeg(noise, 1), jpeg(noise, 1, true)}) {
    // The last two bytes of a JPEG mark its end; without them nothing of the picture is missing.
    for (std::size_t size = 0; size + 2 < file.size(); ++size) {
      EXPECT_THROW(read_picture(file.substr(0, size), "x"), Error) << size << " of " << file.size();
    }
  }
}

TEST(Pictures, AChangedByteOfAPngIsFound) {
  std::string file = png({2, 2, {1, 2, 3, 4}});
  file[file.find("IDAT") + 6] ^= 1;
  expect_refused(file, "PNG: ");
}

// Width and height in the header of a PNG, with the checksum that belongs to them.
std::string with_size(std::string file, std::uint32_t width, std::uint32_t height) {
  for (int i = 0; i < 4; ++i) {
    file[16 + static_cast<std::size_t>(i)] = static_cast<char>(width >> (24 - 8 * i));
    file[20 + static_cast<std::size_t>(i)] = static_cast<char>(height >> (24 - 8 * i));
  }
  std::uint32_t crc = 0xFFFFFFFF;  // ISO 3309, as PNG's appendix D computes it
  for (std::size_t i = 12; i < 29; ++i) {
    crc ^= static_cast<unsigned char>(file[i]);
    for (int k = 0; k < 8; ++k) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
  }
  crc = ~crc;
  for (int i = 0; i < 4; ++i) file[29 + static_cast<std::size_t>(i)] = static_cast<char>(crc >> (24 - 8 * i));
  return file;
}

TEST(Pictures, AHeaderThatPromisesTooMuchIsRefusedBeforeMemoryIsTaken) {
  const std::string file = png({2, 2, {1, 2, 3, 4}});
  expect_refused(with_size(file, 1000000, 1000000), "1000000 x 1000000 pixels; expected at most 67108864");
  expect_refused(with_size(file, 8000, 8000), "the header promises 8000 x 8000 pixels");
}

TEST(Resize, TheSameSizeIsTheSamePicture) {
  const Picture picture{{1, 3, 1}, {1, 2, 250}};
  EXPECT_EQ(resized(picture, 1, 3).pixels, picture.pixels);
}

TEST(Resize, OneValueStaysThatValue) {
  const Picture picture{{5, 7, 3}, filled(5, 7, {3, 130, 255}).values};
  for (const auto& [height, width] : {std::pair{3, 4}, {11, 2}, {1, 1}, {20, 30}}) {
    const Picture small = resized(picture, height, width);
    EXPECT_EQ(small.size, (PictureSize{height, width, 3}));
    EXPECT_EQ(small.pixels, filled(height, width, {3, 130, 255}).values);
  }
}

TEST(Resize, TwiceTheWidthInterpolatesBetweenCentres) {
  // Centres of the new pixels at 0.25, 0.75, 1.25, 1.75 of the old ones at 0.5 and 1.5.
  EXPECT_EQ(resized({{1, 2, 1}, {0, 100}}, 1, 4).pixels, (Bytes{0, 25, 75, 100}));
  EXPECT_EQ(resized({{2, 1, 1}, {0, 100}}, 4, 1).pixels, (Bytes{0, 25, 75, 100}));
}

TEST(Resize, HalfTheWidthWeighsByATriangleOfTwoPixels) {
  // The first new pixel has its centre at 1: distances 0.5, 0.5, 1.5 / 2 give weights 3 : 3 : 1.
  EXPECT_EQ(resized({{1, 4, 1}, {70, 0, 0, 0}}, 1, 2).pixels, (Bytes{30, 0}));
  EXPECT_EQ(resized({{1, 4, 1}, {0, 0, 70, 0}}, 1, 2).pixels, (Bytes{10, 30}));
}

TEST(Planes, ColoursAndGreyBecomeEachOther) {
  Bytes planes(6);
  put_planes({{1, 2, 3}, {1, 2, 3, 4, 5, 6}}, 3, planes.data());
  EXPECT_EQ(planes, (Bytes{1, 4, 2, 5, 3, 6}));
  put_planes({{1, 2, 1}, {7, 8}}, 3, planes.data());
  EXPECT_EQ(planes, (Bytes{7, 8, 7, 8, 7, 8}));
  put_planes({{1, 2, 3}, {255, 0, 0, 0, 255, 0}}, 1, planes.data());
  EXPECT_EQ(planes[0], 76);   // 0.299 * 255
  EXPECT_EQ(planes[1], 150);  // 0.587 * 255
}

}  // namespace
}  // namespace retrograd::data
