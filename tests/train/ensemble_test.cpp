// Ensembles: a folder of several runs as one predictor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include "train/parts.h"

namespace {

namespace rg = retrograd;

class Ensemble : public testing::Test {
 protected:
  Ensemble() : folder_("ensemble"), parts_(train_test::circle_table()) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const std::string name = "member-" + std::to_string(seed);
      std::filesystem::create_directories(folder_.file(name));
      rg::train::Trainer trainer(rg::nn::build_model("linear(8), tanh, linear(2)", {2}, {.seed = seed}),
                                 parts_, {.learning_rate = 0.01, .epochs = 4, .seed = seed});
      trainer.run();
      trainer.save_model(folder_.file(name + "/model.safetensors"));
    }
    list(R"({"format": "retrograd ensemble", "members": ["member-1", "member-2", "member-3"]})");
  }
  void list(const char* text) const { std::ofstream(folder_.file("ensemble.json")) << text; }
  std::string path() const { return folder_.file(""); }

  train_test::Folder folder_;
  rg::data::Parts parts_;
};

TEST_F(Ensemble, AveragesTheProbabilitiesOfItsMembers) {
  const std::vector<double> all = rg::train::Predictor(path()).predict(parts_.test);
  std::vector<double> sum(all.size());
  for (const char* name : {"member-1", "member-2", "member-3"}) {
    const auto one = rg::train::Predictor(folder_.file(name)).predict(parts_.test);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
  }
  for (std::size_t i = 0; i < sum.size(); ++i) EXPECT_NEAR(all[i], sum[i] / 3, 1e-15);
}

TEST_F(Ensemble, ItsFiguresAreThoseOfTheAverageItsLossTheMeanOfTheMembers) {
  rg::train::Predictor predictor(path());
  const rg::train::Figures figures = predictor.evaluate(parts_.test);
  double loss = 0;
  for (const char* name : {"member-1", "member-2", "member-3"}) {
    loss += rg::train::Predictor(folder_.file(name)).evaluate(parts_.test).loss / 3;
  }
  EXPECT_NEAR(figures.loss, loss, 1e-12);
  std::vector<std::int32_t> labels;
  for (std::int64_t row = 0; row < parts_.test.rows(); ++row) labels.push_back(parts_.test.label(row));
  EXPECT_NEAR(figures.log_loss, rg::train::log_loss(predictor.predict(parts_.test), labels, 2), 1e-12);
  // -log is convex: the log loss of the average is at most the average of theirs.
  EXPECT_LE(figures.log_loss, loss);
}

TEST_F(Ensemble, RefusesDamagedListsAndMembersElsewhere) {
  for (const char* text : {"", "{", R"({"format": "retrograd ensemble", "members": []})",
                           R"({"format": "retrograd ensemble", "members": ["../member-1"]})",
                           R"({"format": "retrograd ensemble", "members": [".."]})",
                           R"({"format": "other", "members": ["member-1"]})",
                           R"({"format": "retrograd ensemble", "members": ["nothing"]})"}) {
    list(text);
    try {
      rg::train::Predictor predictor(path());
      ADD_FAILURE() << text;
    } catch (const rg::Error& error) {
      if (std::string_view(text).find("nothing") == std::string_view::npos) {
        EXPECT_EQ(error.kind(), rg::ErrorKind::data) << text;
      }
    }
  }
}

}  // namespace
