// Edit distance and the "did you mean" of messages.
// Not here: the messages of the tool that use them (tests/cli).
#include "core/suggest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace retrograd {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("digit", "digit"), 0u);
  EXPECT_EQ(edit_distance("digt", "digit"), 1u);
  EXPECT_EQ(edit_distance("diggit", "digit"), 1u);
  EXPECT_EQ(edit_distance("dogit", "digit"), 1u);
  EXPECT_EQ(edit_distance("idgit", "digit"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("DIGIT", "digit"), 0u);
}

TEST(Suggest, NamesTheNearestKnownName) {
  const std::vector<std::string> known{"digit", "p00", "petal_length", "sex"};
  EXPECT_EQ(suggest("digt", known), " did you mean \"digit\"?");
  EXPECT_EQ(suggest("Digit", known), " did you mean \"digit\"?");
  EXPECT_EQ(suggest("petal", known), " did you mean \"petal_length\"?");
}

TEST(Suggest, KeepsSilentWhereNothingIsNear) {
  const std::vector<std::string> known{"digit", "a", ""};
  EXPECT_EQ(suggest("temperature", known), "");
  EXPECT_EQ(suggest("b", known), "");
  EXPECT_EQ(suggest("", known), "");
  EXPECT_EQ(suggest("digit", {}), "");
}

}  // namespace
}  // namespace retrograd
