// The laws of the figures of merit, and brute force beside them.
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/metrics.h>

#include <cmath>
#include <limits>
#include <random>

namespace {

namespace rt = retrograd::train;

// The definition: pairs of one positive and one other row, ties counting one half.
double auc_by_pairs(const std::vector<double>& scores, const std::vector<std::uint8_t>& positive) {
  double won = 0, pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (positive[i] == 0 || positive[j] != 0) continue;
      pairs += 1;
      won += scores[i] > scores[j] ? 1 : (scores[i] == scores[j] ? 0.5 : 0);
    }
  }
  return won / pairs;
}

TEST(Auc, OfAPerfectRankingIsOneAndReversedIsZero) {
  const std::vector<double> scores{0.1, 0.2, 0.3, 0.8, 0.9};
  const std::vector<std::uint8_t> positive{0, 0, 0, 1, 1}, reversed{1, 1, 1, 0, 0};
  EXPECT_EQ(rt::auc(scores, positive), 1.0);
  EXPECT_EQ(rt::auc(scores, reversed), 0.0);
}

TEST(Auc, OfEqualScoresIsOneHalf) {
  EXPECT_EQ(rt::auc(std::vector<double>(6, 0.5), std::vector<std::uint8_t>{0, 1, 0, 1, 1, 0}), 0.5);
}

TEST(Auc, IsTheShareOfPairsInOrder) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> scores;
    std::vector<std::uint8_t> positive{0, 1};
    for (int i = 0; i < 40; ++i) scores.push_back(static_cast<double>(random() % 12) / 12);  // with ties
    while (positive.size() < scores.size()) positive.push_back(random() % 3 == 0 ? 1 : 0);
    // Sums of halves are exact in both; the division is the only rounding.
    EXPECT_DOUBLE_EQ(rt::auc(scores, positive), auc_by_pairs(scores, positive));
  }
}

TEST(Auc, OfOneKindAloneIsNotKnown) {
  const std::vector<double> scores{0.1, 0.2};
  EXPECT_TRUE(std::isnan(rt::auc(scores, std::vector<std::uint8_t>{1, 1})));
  EXPECT_TRUE(std::isnan(rt::auc(scores, std::vector<std::uint8_t>{0, 0})));
}

TEST(AucOfClasses, IsTheMeanOfEachAgainstTheRest) {
  const std::vector<double> p{0.7, 0.2, 0.1, 0.3, 0.4, 0.3, 0.1, 0.6, 0.3, 0.2, 0.2, 0.6, 0.5, 0.3, 0.2};
  const std::vector<std::int32_t> labels{0, 1, 2, 2, 1};
  double mean = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    std::vector<double> scores;
    std::vector<std::uint8_t> positive;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      scores.push_back(p[i * 3 + k]);
      positive.push_back(labels[i] == static_cast<std::int32_t>(k) ? 1 : 0);
    }
    mean += auc_by_pairs(scores, positive) / 3;
  }
  EXPECT_NEAR(rt::auc_of_classes(p, labels, 3), mean, 1e-15);
}

TEST(AucOfClasses, OfTwoIsThatOfTheSecond) {
  const std::vector<double> p{0.9, 0.1, 0.4, 0.6, 0.7, 0.3, 0.2, 0.8};
  EXPECT_DOUBLE_EQ(rt::auc_of_classes(p, std::vector<std::int32_t>{0, 1, 1, 0}, 2),
                   auc_by_pairs({0.1, 0.6, 0.3, 0.8}, {0, 1, 1, 0}));
}

TEST(Accuracy, IsTheShareOfRightRows) {
  EXPECT_EQ(rt::accuracy(std::vector<std::int32_t>{0, 1, 2, 2}, std::vector<std::int32_t>{0, 1, 1, 2}), 0.75);
}

TEST(MacroF1, IsTheMeanOverClassesThatAreNamed) {
  // Class 0: TP 2, FP 1, FN 0 -> 4/5; class 1: TP 1, FN 1 -> 2/3; class 3 is named by nobody's label but
  // predicted never: left out.
  const std::vector<std::int32_t> labels{0, 0, 1, 1}, predicted{0, 0, 0, 1};
  EXPECT_DOUBLE_EQ(rt::macro_f1(predicted, labels), (4.0 / 5 + 2.0 / 3) / 2);
  EXPECT_EQ(rt::macro_f1(labels, labels), 1.0);
  // A class that is predicted and never right counts with 0.
  EXPECT_DOUBLE_EQ(rt::macro_f1(std::vector<std::int32_t>{2, 1}, std::vector<std::int32_t>{1, 1}),
                   (2.0 / 3) / 2);
}

TEST(LogLoss, IsTheMeanOfMinusLogP) {
  const std::vector<double> p{0.5, 0.5, 0.25, 0.75};
  const std::vector<std::int32_t> labels{0, 1};
  EXPECT_DOUBLE_EQ(rt::log_loss(p, labels, 2), (std::log(2) - std::log(0.75)) / 2);
  EXPECT_TRUE(std::isfinite(rt::log_loss(std::vector<double>{1, 0}, std::vector<std::int32_t>{1}, 2)));
}

TEST(R2, OfTheMeanIsZeroAndOfTheTargetsOne) {
  const std::vector<double> t{1, 2, 3, 6};
  EXPECT_EQ(rt::r2(t, t), 1.0);
  EXPECT_EQ(rt::r2(std::vector<double>(4, 3.0), t), 0.0);
  EXPECT_LT(rt::r2(std::vector<double>{6, 3, 2, 1}, t), 0.0);
}

TEST(R2, OfSeveralTargetsIsTheMeanOfEach) {
  const std::vector<double> t{1, 10, 2, 30, 3, 20}, y{1, 12, 2, 29, 4, 20};
  const double first = rt::r2(std::vector<double>{1, 2, 4}, std::vector<double>{1, 2, 3});
  const double second = rt::r2(std::vector<double>{12, 29, 20}, std::vector<double>{10, 30, 20});
  EXPECT_DOUBLE_EQ(rt::r2(y, t, 2), (first + second) / 2);
}

TEST(Errors, OfNumbersAreTheirDefinitions) {
  const std::vector<double> y{1, 2, 7}, t{2, 2, 3};
  EXPECT_DOUBLE_EQ(rt::mean_absolute_error(y, t), 5.0 / 3);
  EXPECT_DOUBLE_EQ(rt::root_mean_squared_error(y, t), std::sqrt(17.0 / 3));
}

TEST(MostProbable, IsTheFirstOfEqualOnes) {
  EXPECT_EQ(rt::most_probable(std::vector<double>{0.2, 0.4, 0.4, 0.6, 0.3, 0.1}, 3),
            (std::vector<std::int32_t>{1, 0}));
}

TEST(Metrics, RefuseSizesThatDoNotFit) {
  EXPECT_THROW(rt::accuracy(std::vector<std::int32_t>{1}, std::vector<std::int32_t>{1, 2}), retrograd::Error);
  EXPECT_THROW(rt::auc({}, {}), retrograd::Error);
  EXPECT_THROW(rt::r2(std::vector<double>{1, 2, 3}, std::vector<double>{1, 2, 3}, 2), retrograd::Error);
  EXPECT_THROW(rt::log_loss(std::vector<double>{1, 0}, std::vector<std::int32_t>{2}, 2), retrograd::Error);
}

}  // namespace
