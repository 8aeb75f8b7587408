// The laws of a cross-validation's folds.
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/folds.h>

#include <algorithm>
#include <map>

namespace {

namespace data = retrograd::data;

// 23 rows of three classes: 12, 8 and 3.
std::vector<std::int32_t> labels() {
  std::vector<std::int32_t> all;
  for (int i = 0; i < 23; ++i) all.push_back(i < 12 ? 0 : i < 20 ? 1 : 2);
  return all;
}

TEST(Folds, EachRowIsInTheTestPartOfOneFoldAndNeverInTwoParts) {
  std::vector<int> tested(23);
  for (int fold = 1; fold <= 5; ++fold) {
    const data::Split split = data::fold_split(labels(), 5, fold, {.validation = 0.2, .seed = 3});
    std::vector<std::int64_t> all = split.train;
    all.insert(all.end(), split.validation.begin(), split.validation.end());
    all.insert(all.end(), split.test.begin(), split.test.end());
    std::sort(all.begin(), all.end());
    for (std::int64_t row = 0; row < 23; ++row) ASSERT_EQ(all[static_cast<std::size_t>(row)], row);
    ASSERT_EQ(all.size(), 23u);
    EXPECT_GT(split.validation.size(), 0u);
    for (const std::int64_t row : split.test) ++tested[static_cast<std::size_t>(row)];
  }
  EXPECT_EQ(tested, std::vector<int>(23, 1));
}

TEST(Folds, SizesAndClassesDifferByOneAtMost) {
  std::vector<std::size_t> sizes;
  std::map<std::int32_t, std::vector<int>> counts;
  for (int fold = 1; fold <= 5; ++fold) {
    const data::Split split = data::fold_split(labels(), 5, fold);
    sizes.push_back(split.test.size());
    for (const std::int32_t label : {0, 1, 2}) {
      counts[label].push_back(
          static_cast<int>(std::count_if(split.test.begin(), split.test.end(), [&](std::int64_t row) {
            return labels()[static_cast<std::size_t>(row)] == label;
          })));
    }
  }
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
  EXPECT_LE(*most - *least, 1u);
  for (const auto& [label, of] : counts) {
    const auto [few, many] = std::minmax_element(of.begin(), of.end());
    EXPECT_LE(*many - *few, 1) << "class " << label;
  }
}

TEST(Folds, DependOnTheSeedAlone) {
  const auto test = [](std::uint64_t seed) { return data::fold_split(labels(), 4, 2, {.seed = seed}).test; };
  EXPECT_EQ(test(5), test(5));
  EXPECT_NE(test(5), test(6));
}

TEST(Folds, RefuseNumbersOutOfRange) {
  EXPECT_THROW(data::fold_split(labels(), 1, 1), retrograd::Error);
  EXPECT_THROW(data::fold_split(labels(), 24, 1), retrograd::Error);
  EXPECT_THROW(data::fold_split(labels(), 5, 0), retrograd::Error);
  EXPECT_THROW(data::fold_split(labels(), 5, 6), retrograd::Error);
}

}  // namespace
