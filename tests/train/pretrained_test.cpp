// The laws of going on from a trained network: what is taken, what starts anew, what the encoder keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include "train/parts.h"

namespace {

namespace rg = retrograd;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using train_test::values_of;

class Pretraining : public testing::Test {
 protected:
  Pretraining() : folder_("pretrained") {
    rg::train::Trainer trainer(
        rg::nn::build_model("linear(8), batch_norm, relu, linear(2)", {2}, {.seed = 3}),
        train_test::circle_table(), {.epochs = 3});
    trainer.run();
    trained_ = values_of(trainer.model());
    trainer.save_model(path());
  }
  std::string path() const { return folder_.file("model.safetensors"); }
  static rg::nn::Sequential network(const char* text, rg::DType dtype = rg::DType::f32) {
    return rg::nn::build_model(text, {2}, {.seed = 9, .dtype = dtype});
  }
  // What becomes of such a network.
  rg::train::Pretrained::Taken give(const rg::nn::Sequential& model) const {
    return rg::train::Pretrained(path()).give(model, train_test::circle_table());
  }

  train_test::Folder folder_;
  std::vector<float> trained_;
};

TEST_F(Pretraining, TheSameNetworkTakesAllWeightsAndRunningStatistics) {
  const rg::nn::Sequential model = network("linear(8), batch_norm, relu, linear(2)");
  EXPECT_THAT(give(model).layers, ElementsAre("linear_1", "batch_norm_1", "linear_2"));
  EXPECT_EQ(values_of(model), trained_);
  rg::train::Predictor predictor(path());
  const auto kept = predictor.model().variables(), taken = model.variables();
  ASSERT_EQ(kept.size(), taken.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].read().to_vector<float>(), taken[i].read().to_vector<float>()) << kept[i].name();
  }
}

TEST_F(Pretraining, LayersBehindTheFirstMisfitKeepWhatTheyWereDrawnWith) {
  const char* text = "linear(8), batch_norm, relu, linear(4), relu, linear(2)";
  const rg::nn::Sequential model = network(text), drawn = network(text);
  const auto taken = give(model);
  EXPECT_THAT(taken.layers, ElementsAre("linear_1", "batch_norm_1"));
  EXPECT_THAT(taken.anew, ElementsAre("linear_2", "linear_3"));
  EXPECT_THAT(taken.reason, HasSubstr("linear_2.weight is [8, 4] here and [8, 2] in the trained model"));
  const auto now = values_of(model), before = values_of(drawn);
  const std::ptrdiff_t anew = 8 * 4 + 4 + 4 * 2 + 2;
  EXPECT_TRUE(std::equal(now.end() - anew, now.end(), before.end() - anew));
  EXPECT_TRUE(std::equal(now.begin(), now.begin() + 24, trained_.begin()));
}

TEST_F(Pretraining, AFirstLayerThatDoesNotFitIsAnErrorAndChangesNothing) {
  const rg::nn::Sequential model = network("linear(7), relu, linear(2)");
  const auto before = values_of(model);
  try {
    give(model);
    FAIL() << "nothing was thrown";
  } catch (const rg::Error& error) {
    EXPECT_EQ(error.kind(), rg::ErrorKind::shape);
    EXPECT_THAT(error.what(), HasSubstr("linear_1.weight is [2, 7] here and [2, 8]"));
  }
  EXPECT_EQ(values_of(model), before);
}

TEST_F(Pretraining, ValuesAreConvertedToThePrecisionOfTheNetwork) {
  const rg::nn::Sequential model = network("linear(8), batch_norm, relu, linear(2)", rg::DType::f64);
  EXPECT_THAT(give(model).anew, IsEmpty());
  EXPECT_EQ(values_of(model), trained_);
}

TEST_F(Pretraining, ItsTextHasAnotherLastLayerForOtherOutputs) {
  const rg::train::Pretrained from(path());
  EXPECT_EQ(from.model_text(2), "linear(8), batch_norm, relu, linear(2)");
  EXPECT_EQ(from.model_text(5), "linear(8), batch_norm, relu, linear(5)");
}

TEST_F(Pretraining, TheFeaturesOfTheTrainedNetworkAreKeptAndColumnsFoundByName) {
  const std::string table = folder_.file("other.csv");
  std::ofstream(table) << "class,b,more,a\nin,1,5,100\nout,2,6,200\nin,3,7,300\nout,4,8,400\n";
  const rg::train::Pretrained from(path());
  const rg::data::Parts parts =
      rg::data::load_csv(table, {.target = "class", .test = 0, .validation = 0, .encoder = from.encoder()});
  EXPECT_EQ(parts.encoder, *from.encoder());
  const auto& a = parts.encoder.features()[0];
  float row[2];
  parts.train.copy_inputs(std::array<std::int64_t, 1>{2}, row);
  EXPECT_FLOAT_EQ(row[0], static_cast<float>((300 - a.mean) / a.deviation));
}

TEST_F(Pretraining, OtherClassesMakeTheLastLayerStartAnewThoughItFits) {
  const std::string table = folder_.file("other.csv");
  std::ofstream(table) << "a,b,class\n1,2,yes\n2,3,no\n3,4,yes\n4,5,no\n";
  const rg::train::Pretrained from(path());
  const rg::data::Parts parts =
      rg::data::load_csv(table, {.test = 0, .validation = 0, .encoder = from.encoder()});
  const auto taken = from.give(network("linear(8), batch_norm, relu, linear(2)"), parts);
  EXPECT_THAT(taken.layers, ElementsAre("linear_1", "batch_norm_1"));
  EXPECT_THAT(taken.anew, ElementsAre("linear_2"));
}

TEST_F(Pretraining, AnInputOfTheTrainedNetworkIsNoTarget) {
  const std::string table = folder_.file("other.csv");
  std::ofstream(table) << "class,b,a\n1,2,7\n2,3,8\n3,4,9\n4,5,6\n";
  const auto encoder = rg::train::Pretrained(path()).encoder();
  EXPECT_THROW(rg::data::load_csv(table, {.target = "a", .encoder = encoder}), rg::Error);
}

}  // namespace
