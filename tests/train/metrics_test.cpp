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
  EXPECT_THROW(rt::confusion_matrix(std::vector<std::int32_t>{2}, std::vector<std::int32_t>{0}, 2),
               retrograd::Error);
  EXPECT_THROW(rt::reliability(std::vector<double>{1}, std::vector<std::int32_t>{0}, 2), retrograd::Error);
  EXPECT_THROW(rt::log_loss(std::vector<double>{1, 0}, std::vector<std::int32_t>{2}, 2), retrograd::Error);
}

// Golden values: scikit-learn 1.x of these 40 rows of 4 classes.
const std::vector<double> golden_p{
    0.286, 0.348, 0.178, 0.188, 0.66,  0.234, 0.101, 0.005, 0.001, 0.201, 0.737, 0.061, 0.067, 0.089, 0.631,
    0.213, 0.092, 0.001, 0.163, 0.744, 0.121, 0.435, 0.388, 0.056, 0.125, 0.343, 0.069, 0.463, 0.287, 0.058,
    0.577, 0.078, 0.174, 0.188, 0.515, 0.123, 0.164, 0.017, 0.442, 0.377, 0.563, 0.203, 0.057, 0.177, 0.318,
    0.394, 0.056, 0.232, 0.044, 0.127, 0.322, 0.507, 0.237, 0.238, 0.12,  0.405, 0.183, 0.002, 0.439, 0.376,
    0.031, 0.288, 0.293, 0.388, 0.55,  0.087, 0.352, 0.011, 0.824, 0.061, 0.068, 0.047, 0.184, 0.119, 0.13,
    0.567, 0.001, 0.396, 0.511, 0.092, 0.211, 0.019, 0.133, 0.637, 0.262, 0.533, 0.154, 0.051, 0.751, 0.092,
    0.013, 0.144, 0.167, 0.003, 0.52,  0.31,  0.492, 0.003, 0.13,  0.375, 0.382, 0.091, 0.053, 0.474, 0.854,
    0.041, 0.031, 0.074, 0.05,  0.53,  0.137, 0.283, 0.273, 0.033, 0.121, 0.573, 0.349, 0.002, 0.534, 0.115,
    0.004, 0.921, 0.047, 0.028, 0.724, 0.173, 0.045, 0.058, 0.165, 0.099, 0.563, 0.173, 0.006, 0.61,  0.339,
    0.045, 0.329, 0.392, 0.009, 0.27,  0.142, 0.782, 0.008, 0.068, 0.748, 0.155, 0.082, 0.015, 0.547, 0.069,
    0.268, 0.116, 0.429, 0.149, 0.185, 0.237, 0.275, 0.41,  0.236, 0.079};
const std::vector<std::int32_t> golden_labels{1, 3, 3, 3, 3, 2, 1, 2, 2, 3, 0, 3, 3, 0, 3, 1, 2, 3, 2, 1,
                                              3, 2, 3, 0, 3, 2, 0, 2, 2, 3, 1, 0, 3, 3, 3, 1, 0, 0, 1, 2};
constexpr double rounding = 1e-14;  // sums of 40 numbers below 1

TEST(Golden, ConfusionMatrix) {
  const std::vector<std::int32_t> predicted = rt::most_probable(golden_p, 4);
  EXPECT_EQ(rt::confusion_matrix(predicted, golden_labels, 4),
            (std::vector<std::int64_t>{5, 0, 1, 1, 1, 3, 1, 2, 1, 4, 2, 3, 4, 3, 6, 3}));
  EXPECT_NEAR(rt::macro_precision(predicted, golden_labels), 0.32196969696969696, rounding);
  EXPECT_NEAR(rt::macro_recall(predicted, golden_labels), 0.3825892857142857, rounding);
  EXPECT_NEAR(rt::macro_f1(predicted, golden_labels), 0.33712418300653596, rounding);
  EXPECT_NEAR(rt::accuracy(predicted, golden_labels), 0.325, rounding);
}

TEST(Golden, Probabilities) {
  EXPECT_NEAR(rt::top_k_accuracy(golden_p, golden_labels, 4, 1), 0.325, rounding);
  EXPECT_NEAR(rt::top_k_accuracy(golden_p, golden_labels, 4, 2), 0.575, rounding);
  EXPECT_NEAR(rt::top_k_accuracy(golden_p, golden_labels, 4, 3), 0.9, rounding);
  EXPECT_NEAR(rt::auc_of_classes(golden_p, golden_labels, 4), 0.6985034496753247, rounding);
  EXPECT_NEAR(rt::log_loss(golden_p, golden_labels, 4), 1.4022503536744386,
              1e-12);  // p has 3 digits and rounding
  // By NumPy: the mean over ten bins of p.
  EXPECT_NEAR(rt::expected_calibration_error(rt::reliability(golden_p, golden_labels, 4)),
              0.24704999999999996, rounding);
}

TEST(Golden, Numbers) {
  const std::vector<double> t{1.5, -2, 3, 0.5, 8}, y{1, -2.5, 2, 1, 10};
  EXPECT_NEAR(rt::mean_absolute_percentage_error(y, t), 0.4333333333333333, rounding);
  EXPECT_NEAR(rt::r2(y, t), 0.8960216998191681, rounding);
  EXPECT_NEAR(rt::mean_absolute_error(y, t), 0.9, rounding);
  EXPECT_NEAR(rt::root_mean_squared_error(y, t), 1.0723805294763609, rounding);
}

TEST(TopK, NamesTheFirstOfEqualProbabilitiesFirst) {
  const std::vector<double> p{0.25, 0.25, 0.25, 0.25};
  EXPECT_EQ(rt::top_k_accuracy(p, std::vector<std::int32_t>{1}, 4, 1), 0.0);
  EXPECT_EQ(rt::top_k_accuracy(p, std::vector<std::int32_t>{1}, 4, 2), 1.0);
  EXPECT_EQ(rt::top_k_accuracy(p, std::vector<std::int32_t>{3}, 4, 4), 1.0);
}

TEST(Reliability, PutsRowsInBinsByTheProbabilityOfTheirPrediction) {
  const std::vector<double> p{0.5, 0.5, 0.9, 0.1, 0.05, 0.95, 1.0, 0.0};
  const auto bins = rt::reliability(p, std::vector<std::int32_t>{0, 1, 1, 0}, 2, 4);
  EXPECT_EQ(bins[0].rows, 0);
  EXPECT_EQ(bins[1].rows, 1);  // 0.5 is the upper end of its bin
  EXPECT_EQ(bins[1].accuracy, 1.0);
  EXPECT_EQ(bins[3].rows, 3);
  EXPECT_NEAR(bins[3].confidence, 2.85 / 3, rounding);
  EXPECT_NEAR(bins[3].accuracy, 2.0 / 3, rounding);
  EXPECT_NEAR(rt::expected_calibration_error(bins), (0.5 + (2.85 - 2)) / 4, rounding);
}

TEST(Mape, LeavesOutTargetsOfZero) {
  EXPECT_EQ(rt::mean_absolute_percentage_error(std::vector<double>{5, 3}, std::vector<double>{0, 2}), 0.5);
  EXPECT_TRUE(std::isnan(rt::mean_absolute_percentage_error(std::vector<double>{5}, std::vector<double>{0})));
}

}  // namespace
