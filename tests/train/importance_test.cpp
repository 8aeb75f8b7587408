// Permutation importance: a column that tells all, one that tells nothing, one of several numbers.
#include <gtest/gtest.h>
#include <retrograd/importance.h>
#include <retrograd/retrograd.h>

#include "train/parts.h"

namespace {

namespace rg = retrograd;

class PermutationImportance : public testing::Test {
 protected:
  PermutationImportance() : folder_("importance") {}

  // A network for a table whose last column is the target.
  rg::train::Predictor trained(const std::string& csv) {
    std::ofstream(folder_.file("table.csv")) << csv;
    parts_ = rg::data::load_csv(folder_.file("table.csv"));
    const std::string text = "linear(16), tanh, linear(" + std::to_string(parts_.train.target_width()) + ")";
    rg::train::Trainer trainer(rg::nn::build_model(text, parts_.train.input_shape(), {.seed = 2}), parts_,
                               {.learning_rate = 0.02, .epochs = 60});
    trainer.run();
    trainer.save_model(folder_.file("model.safetensors"));
    return rg::train::Predictor(folder_.file("model.safetensors"));
  }

  train_test::Folder folder_;
  rg::data::Parts parts_;
};

// The colour tells the class, the number nothing: with the colours of three equal classes shuffled one row in
// three is right by chance, so that about two thirds of the accuracy are lost.
TEST_F(PermutationImportance, AColumnOfCategoriesIsShuffledAsOne) {
  const char* colours[] = {"red", "green", "blue"};
  std::string csv = "noise,colour,class\n";
  for (int i = 0; i < 300; ++i) {
    csv += std::to_string(i * 7919 % 101) + "," + colours[i % 3] + ",c" + std::to_string(i % 3) + "\n";
  }
  rg::train::Predictor predictor = trained(csv);
  const auto importance = rg::train::permutation_importance(predictor, parts_.test, {.repeats = 20});
  ASSERT_EQ(importance.columns.size(), 2u);
  EXPECT_EQ(importance.score, "accuracy");
  EXPECT_EQ(importance.baseline, 1.0);
  EXPECT_EQ(importance.rows, parts_.test.rows());
  EXPECT_EQ(importance.columns[0].name, "colour");
  // The share of right rows of 60 by chance has a deviation of 0.06, its mean over 20 shuffles of 0.014.
  EXPECT_NEAR(importance.columns[0].mean, 2.0 / 3, 0.06);
  EXPECT_GT(importance.columns[0].deviation, 0);
  EXPECT_NEAR(importance.columns[1].mean, 0, 0.02);
}

TEST_F(PermutationImportance, OfRegressionIsTheLossOfR2) {
  std::string csv = "a,b,y\n";
  for (int i = 0; i < 300; ++i) {
    const int a = i * 37 % 101, b = i * 61 % 103;
    csv += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(3 * a + 0.5) + "\n";
  }
  rg::train::Predictor predictor = trained(csv);
  const auto importance = rg::train::permutation_importance(predictor, parts_.test);
  EXPECT_EQ(importance.score, "r2");
  EXPECT_GT(importance.baseline, 0.95);
  EXPECT_EQ(importance.columns[0].name, "a");
  // Shuffled predictions are as far from the targets as two rows from each other: R2 is about -1.
  EXPECT_NEAR(importance.columns[0].mean, 2, 0.5);
  EXPECT_NEAR(importance.columns[1].mean, 0, 0.05);
}

TEST_F(PermutationImportance, DependsOnTheSeedAlone) {
  std::string csv = "a,b,class\n";
  for (int i = 0; i < 200; ++i) {
    csv += std::to_string(i % 20) + "," + std::to_string(i * 7 % 13) + (i % 20 < 9 ? ",x\n" : ",y\n");
  }
  rg::train::Predictor predictor = trained(csv);
  const auto means = [&](std::uint64_t seed) {
    std::vector<double> all;
    for (const auto& column :
         rg::train::permutation_importance(predictor, parts_.test, {.seed = seed}).columns) {
      all.push_back(column.mean);
    }
    return all;
  };
  EXPECT_EQ(means(1), means(1));
  EXPECT_NE(means(1), means(2));
}

}  // namespace
