// Changes of images at random: what each may do, and that it depends on seed, epoch and row alone.
#include <retrograd/augmentation.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "data/data_test.h"

namespace retrograd::data {
namespace {

using Image = std::vector<float>;

// Rows 0 to count - 1 of copies of the image.
std::vector<Image> augmented(const Augmentation& augmentation, const Shape& sample, const Image& image,
                             int count, std::uint64_t seed = 1, std::int64_t epoch = 0) {
  std::vector<float> scratch, all;
  for (int i = 0; i < count; ++i) all.insert(all.end(), image.begin(), image.end());
  augment(augmentation, seed, epoch, all_rows(count), sample, all.data(), scratch);
  std::vector<Image> result;
  for (std::size_t i = 0; i < all.size(); i += image.size()) {
    result.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(i),
                        all.begin() + static_cast<std::ptrdiff_t>(i + image.size()));
  }
  return result;
}

Image ramp(std::int64_t size) {
  Image image;
  for (std::int64_t i = 1; i <= size; ++i) image.push_back(static_cast<float>(i));
  return image;
}

TEST(Augmentation, ATextComesBackWithItsNumbers) {
  EXPECT_EQ(parse_augmentation("cutout, shift ,flip").text(), "shift(2), flip, cutout(8)");
  EXPECT_EQ(parse_augmentation("rotate(7.5), crop(0.5)").text(), "crop(0.5), rotate(7.5)");
  EXPECT_EQ(parse_augmentation(parse_augmentation("shift,flip,crop,rotate,cutout").text()).text(),
            "shift(2), flip, crop(0.875), rotate(15), cutout(8)");
  EXPECT_TRUE(parse_augmentation("").empty());
}

TEST(Augmentation, ATextThatIsNoneIsAnError) {
  const auto expect = [](const std::string& text, const std::string& message) {
    expect_error(ErrorKind::argument, message, [&] { parse_augmentation(text); });
  };
  expect("shfit",
         "augment: \"shfit\" is unknown; did you mean \"shift\"? known are shift, flip, crop, rotate, "
         "cutout");
  expect("flip, flip", "augment: flip is there twice");
  expect("flip(1)", "augment: flip has 1 numbers; expected flip without a number");
  expect("shift(1.5)", "augment: shift(1.5) is out of range; expected shift(pixels), 1 or more");
  expect("shift(0)", "augment: shift(0) is out of range; expected shift(pixels), 1 or more");
  expect("crop(1.1)", "augment: crop(1.1) is out of range; expected crop(share), 0 < share <= 1");
  expect("rotate(200)", "augment: rotate(200) is out of range; expected rotate(degrees), 0 < degrees <= 180");
  expect("cutout(x)", "augment: \"x\" is no number");
}

TEST(Augmentation, IsForImagesAlone) {
  expect_error(ErrorKind::argument,
               "augment: flip is for images [channels, height, width]; a sample here is [4]",
               [] { check_augmentation({.flip = true}, {4}); });
  expect_error(ErrorKind::argument, "augment: shift(4) may leave nothing of images of 4 x 9 pixels", [] {
    check_augmentation({.shift = 4}, {1, 4, 9});
  });
  check_augmentation({}, {4});
}

TEST(Augmentation, AShiftMovesByWholePixelsAndZerosComeIn) {
  const Image image = ramp(15);  // 3 x 5
  std::set<std::pair<int, int>> seen;
  for (const Image& moved : augmented({.shift = 1}, {1, 3, 5}, image, 200)) {
    bool found = false;
    for (int down = -1; down <= 1; ++down) {
      for (int right = -1; right <= 1; ++right) {
        Image expected(15, 0.0f);
        for (int y = std::max(down, 0); y < std::min(3 + down, 3); ++y) {
          for (int x = std::max(right, 0); x < std::min(5 + right, 5); ++x) {
            expected[static_cast<std::size_t>(y * 5 + x)] =
                image[static_cast<std::size_t>((y - down) * 5 + x - right)];
          }
        }
        if (moved != expected) continue;
        found = true;
        seen.insert({down, right});
      }
    }
    EXPECT_TRUE(found);
  }
  EXPECT_EQ(seen.size(), 9u) << "each of them comes up in 200 draws but with probability below 1e-9";
}

TEST(Augmentation, AFlipMirrorsAboutHalfOfTheImagesInAllChannels) {
  const Image image = ramp(12), mirrored{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10};  // 2 x 2 x 3
  int flipped = 0;
  for (const Image& one : augmented({.flip = true}, {2, 2, 3}, image, 1000)) {
    EXPECT_TRUE(one == image || one == mirrored);
    flipped += one == mirrored ? 1 : 0;
  }
  EXPECT_NEAR(flipped, 500, 80);  // five standard deviations of sqrt(1000 / 4)
}

TEST(Augmentation, ACropIsAPartOfTheImageMadeLarger) {
  // An image that grows by 1 a column stays one that grows by a share of that; its rows stay equal.
  Image image;
  for (int i = 0; i < 64; ++i) image.push_back(static_cast<float>(i % 8 + 1));
  for (const Image& one : augmented({.crop = 0.5}, {1, 8, 8}, image, 100)) {
    const float step = one[27 + 1] - one[27];
    EXPECT_GE(step, 0.5f - 1e-5f);
    EXPECT_LE(step, 1.0f + 1e-5f);
    for (std::size_t i = 24; i < 40; ++i) {
      if (i % 8 == 0 || i % 8 >= 6) continue;        // near the border zeros may come in
      EXPECT_NEAR(one[i + 1] - one[i], step, 1e-5);  // rounding of numbers below 9
      EXPECT_NEAR(one[i], one[24 + i % 8], 1e-5);
    }
  }
}

TEST(Augmentation, ARotationKeepsTheCentreAndTurnsUpToItsAngle) {
  // A bright point 3 pixels to the right of the centre: 30 degrees move it by at most 1.5 pixels up or down.
  Image image(81, 0.0f);
  image[40] = 1;
  image[43] = 1;
  bool up = false, down = false;
  for (const Image& one : augmented({.rotate = 30}, {1, 9, 9}, image, 100)) {
    EXPECT_NEAR(one[40], 1, 1e-6);
    float centre = 0, sum = 0;
    for (std::size_t y = 0; y < 9; ++y) {
      for (std::size_t x = 6; x < 9; ++x) {
        sum += one[y * 9 + x];
        centre += one[y * 9 + x] * (static_cast<float>(y) - 4);
      }
    }
    ASSERT_GT(sum, 0);
    EXPECT_LE(std::abs(centre / sum), 2.5f);  // 1.5 and what bilinear weights spread by at most one pixel
    up = up || centre / sum < -0.8f;
    down = down || centre / sum > 0.8f;
  }
  EXPECT_TRUE(up && down);
}

TEST(Augmentation, ACutoutIsASquareOfZeros) {
  std::map<std::ptrdiff_t, int> sizes;
  for (const Image& one : augmented({.cutout = 3}, {1, 6, 6}, Image(36, 1.0f), 200)) {
    const std::ptrdiff_t zeros = std::count(one.begin(), one.end(), 0.0f);
    ++sizes[zeros];
    EXPECT_EQ(std::count(one.begin(), one.end(), 1.0f), 36 - zeros);
  }
  // 3 x 3 within; 2 x 3 and 2 x 2 where the centre lies at the border.
  for (const auto& [zeros, count] : sizes) EXPECT_TRUE(zeros == 9 || zeros == 6 || zeros == 4) << zeros;
  EXPECT_EQ(sizes.size(), 3u);
}

TEST(Augmentation, DependsOnSeedEpochAndRowNotOnTheBatch) {
  const Augmentation all = parse_augmentation("shift,flip,crop,rotate,cutout(2)");
  const Shape sample{1, 8, 8};
  const Image image = ramp(64);
  const std::vector<Image> together = augmented(all, sample, image, 20);
  std::vector<float> scratch;
  for (const std::int64_t row : {19, 0, 7}) {
    Image alone = image;
    augment(all, 1, 0, std::array{row}, sample, alone.data(), scratch);
    EXPECT_EQ(alone, together[static_cast<std::size_t>(row)]);
  }
  EXPECT_NE(together, augmented(all, sample, image, 20, 2));
  EXPECT_NE(together, augmented(all, sample, image, 20, 1, 1));
  EXPECT_NE(together[0], together[1]);
}

TEST(Augmentation, WithoutAnyLeavesImagesAsTheyAre) {
  const Image image = ramp(12);
  EXPECT_EQ(augmented({}, {1, 3, 4}, image, 2), std::vector<Image>(2, image));
  EXPECT_EQ(augmented({.rotate = 1e-9}, {1, 3, 4}, Image(12, 0.0f), 1)[0], Image(12, 0.0f));
}

}  // namespace
}  // namespace retrograd::data
