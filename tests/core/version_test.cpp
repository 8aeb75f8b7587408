// The header's version numbers are those of the build.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <retrograd/version.h>

namespace {

TEST(Version, OfTheHeaderIsThatOfTheBuild) {
  EXPECT_EQ(
      fmt::format("{}.{}.{}", retrograd::version_major, retrograd::version_minor, retrograd::version_patch),
      retrograd::version());
}

}  // namespace
