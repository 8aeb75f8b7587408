// Rounding of f32 to bf16.
#include "core/bf16.h"

#include <gtest/gtest.h>
#include <retrograd/dtype.h>

#include <cmath>
#include <limits>

namespace retrograd {
namespace {

float rounded(float value) { return from_bf16(to_bf16(value)); }

TEST(Bf16, HasTwoBytesAndIsFloating) {
  EXPECT_EQ(size_of(DType::bf16), 2u);
  EXPECT_TRUE(is_floating(DType::bf16));
  EXPECT_STREQ(name(DType::bf16), "bf16");
}

TEST(Bf16, NumbersOfEightBitsAreKept) {
  for (float value : {0.0f, -0.0f, 1.0f, -2.5f, 255.0f, 0x1.fep127f, 0x1p-133f}) {
    EXPECT_EQ(rounded(value), value);
    EXPECT_EQ(std::signbit(rounded(value)), std::signbit(value));
  }
}

// Between 1 and 2 the numbers are 2^-7 apart.
TEST(Bf16, RoundsToTheNearestAndATieToTheEvenOne) {
  EXPECT_EQ(rounded(1.0f + 0x1p-8f), 1.0f);
  EXPECT_EQ(rounded(1.0f + 0x1p-8f + 0x1p-20f), 1.0f + 0x1p-7f);
  EXPECT_EQ(rounded(1.0f + 0x3p-8f), 1.0f + 0x2p-7f);
  EXPECT_EQ(rounded(-1.0f - 0x3p-8f), -1.0f - 0x2p-7f);
}

TEST(Bf16, BeyondTheLargestIsInfinityAndNanStaysNan) {
  EXPECT_EQ(rounded(std::numeric_limits<float>::max()), std::numeric_limits<float>::infinity());
  EXPECT_EQ(rounded(-std::numeric_limits<float>::infinity()), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(rounded(std::numeric_limits<float>::quiet_NaN())));
  EXPECT_TRUE(std::isnan(rounded(std::numeric_limits<float>::signaling_NaN())));
}

}  // namespace
}  // namespace retrograd
