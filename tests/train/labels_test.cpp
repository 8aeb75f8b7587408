// Several labels a row: their figures, learning them, going on with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/importance.h>
#include <retrograd/pretrained.h>
#include <retrograd/retrograd.h>

#include <cmath>

#include "train/parts.h"

namespace {

namespace rg = retrograd;
namespace rt = retrograd::train;

// Four rows of three labels.
const std::vector<std::uint8_t> truth{1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1};
const std::vector<double> told{0.9, 0.2, 0.4, 0.6, 0.1, 0.2, 0.8, 0.5, 0.45, 0.1, 0.3, 0.7};
// 1 0 0, 1 0 0, 1 0 0, 0 0 1: a label of one half is not more probable than not.

TEST(LabelMetrics, AreThoseCountedByHand) {
  const std::vector<std::uint8_t> predicted = rt::probable_labels(told);
  EXPECT_EQ(predicted, (std::vector<std::uint8_t>{1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1}));
  EXPECT_EQ(rt::label_accuracy(predicted, truth), 9.0 / 12);  // wrong: one in each of the first three rows
  EXPECT_EQ(rt::subset_accuracy(predicted, truth, 3), 1.0 / 4);
  EXPECT_EQ(rt::micro_f1(predicted, truth), 2.0 * 3 / (4 + 5));  // 3 right, 4 told, 5 true

  const std::vector<rt::LabelFigures> labels = rt::figures_of_labels(told, truth, 3);
  ASSERT_EQ(labels.size(), 3u);
  EXPECT_EQ(labels[0].rows, 2);
  EXPECT_EQ(labels[0].predicted, 3);
  EXPECT_EQ(labels[0].right, 2);
  EXPECT_EQ(labels[0].precision, 2.0 / 3);
  EXPECT_EQ(labels[0].recall, 1.0);
  EXPECT_EQ(labels[0].f1, 4.0 / 5);
  EXPECT_EQ(labels[0].auc, 1.0);
  EXPECT_EQ(labels[1].predicted, 0);
  EXPECT_EQ(labels[1].precision, 0.0);
  EXPECT_EQ(labels[1].f1, 0.0);
  EXPECT_EQ(labels[1].auc, 1.0);
  EXPECT_EQ(labels[2].precision, 1.0);
  EXPECT_EQ(labels[2].recall, 0.5);
  EXPECT_EQ(labels[2].f1, 2.0 / 3);
  EXPECT_EQ(labels[2].auc, 3.0 / 4);  // 0.4 is above 0.2 and below 0.45, 0.7 above both
}

TEST(LabelMetrics, LogLossSumsOverLabelsAndAveragesOverRows) {
  double total = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) total -= std::log(truth[i] != 0 ? told[i] : 1 - told[i]);
  EXPECT_DOUBLE_EQ(rt::log_loss_of_labels(told, truth, 3), total / 4);
  EXPECT_TRUE(std::isfinite(rt::log_loss_of_labels(std::vector<double>{0}, std::vector<std::uint8_t>{1}, 1)));
}

TEST(LabelMetrics, OfNoLabelAtAllAreNotKnown) {
  const std::vector<std::uint8_t> none(4);
  EXPECT_TRUE(std::isnan(rt::micro_f1(none, none)));
  EXPECT_TRUE(std::isnan(rt::figures_of_labels(std::vector<double>(4), none, 2)[0].auc));
  EXPECT_EQ(rt::subset_accuracy(none, none, 2), 1.0);
  EXPECT_THROW(rt::label_accuracy(none, std::vector<std::uint8_t>(3)), rg::Error);
  EXPECT_THROW(rt::subset_accuracy(none, none, 3), rg::Error);
  EXPECT_THROW(rt::figures_of_labels({}, {}, 1), rg::Error);
}

// Points of the unit square: on the left, below, beyond a line; some are none of it.
std::string points(int rows) {
  std::string text = "x,y,kinds\n";
  for (int i = 0; i < rows; ++i) {
    const double x = i * 37 % 101 / 101.0, y = i * 61 % 103 / 103.0;
    std::string kinds = x < 0.4 ? "left" : "";
    if (y < 0.5) kinds += (kinds.empty() ? "" : "|") + std::string("low");
    if (x + y > 1.2) kinds += (kinds.empty() ? "" : "|") + std::string("far");
    text += std::to_string(x) + "," + std::to_string(y) + "," + kinds + "\n";
  }
  return text;
}

class Labels : public testing::Test {
 protected:
  Labels() : folder_("labels") {
    std::ofstream(folder_.file("points.csv")) << points(600);
    parts_ = rg::data::load_csv(folder_.file("points.csv"),
                                {.target = "kinds", .task = rg::data::Task::multi_label});
  }
  static rg::nn::Sequential network(const char* text = "linear(16), tanh, dropout(0.1), linear(3)") {
    return rg::nn::build_model(text, {2}, {.seed = 3});
  }

  train_test::Folder folder_;
  rg::data::Parts parts_;
};

TEST_F(Labels, AreLearned) {
  for (const char* loss : {"", "half_squared_error", "mse"}) {
    const bool squares = *loss != '\0';
    rt::Trainer trainer(
        network(squares ? "linear(16), tanh, linear(3), sigmoid" : "linear(16), tanh, linear(3)"), parts_,
        {.loss = loss, .learning_rate = squares ? 0.1 : 0.03, .epochs = 60});
    const rt::Figures figures = *trainer.run().test;
    if (!squares) {
      EXPECT_EQ(trainer.options().loss, "binary_cross_entropy");
    }
    EXPECT_GT(figures.f1, 0.93) << loss;
    EXPECT_GT(figures.micro_f1, 0.93) << loss;
    EXPECT_GT(figures.auc, 0.98) << loss;
    EXPECT_GT(figures.subset_accuracy, figures.baseline_subset_accuracy + 0.4) << loss;
    EXPECT_GT(figures.accuracy, figures.subset_accuracy) << loss;
    ASSERT_EQ(figures.labels.size(), 3u);
    EXPECT_EQ(figures.labels[0].name, "far");
    // The loss of binary cross-entropy is the log loss: summed over labels, averaged over rows. Its logits
    // are f32, the figure's probabilities f32 rounded from them: 1e-7 each, relative to 1 - p of 1e-3.
    if (!squares) {
      EXPECT_NEAR(figures.loss, figures.log_loss, 1e-4);
    }
  }
}

TEST_F(Labels, FullBatchesLearnThemToo) {
  rt::Trainer newton(network("linear(8), tanh, linear(3)"), parts_, {.optimizer = "lbfgs", .epochs = 80});
  EXPECT_GT(newton.run().test->f1, 0.9);
}

TEST_F(Labels, TheModelFileGivesTheSameFigures) {
  rt::Trainer trainer(network(), parts_, {.learning_rate = 0.02, .epochs = 10});
  const rt::Result result = trainer.run();
  trainer.save_model(folder_.file("model"));
  rt::Predictor predictor(folder_.file("model"));
  EXPECT_EQ(predictor.encoder(), parts_.encoder);
  const rt::Figures again = predictor.evaluate(parts_.test);
  EXPECT_EQ(again.loss, result.test->loss);
  EXPECT_EQ(again.subset_accuracy, result.test->subset_accuracy);
  EXPECT_EQ(again.baseline_accuracy, result.test->baseline_accuracy);
  EXPECT_GT(again.baseline_accuracy, 0.5) << "what most rows have is right in most of them";
  const std::vector<double> p = predictor.predict(parts_.test);
  ASSERT_EQ(p.size(), static_cast<std::size_t>(parts_.test.rows() * 3));
  for (const double one : p) EXPECT_TRUE(one >= 0 && one <= 1);
}

// A tracked test part brings the figures of its best epoch through the checkpoint.
TEST_F(Labels, ResumedTrainingsGiveTheSameBytes) {
  const rt::Options options{.learning_rate = 0.02, .epochs = 6, .track_test = true};
  rt::Trainer whole(network(), parts_, options);
  const rt::Result expected = whole.run();
  whole.save_model(folder_.file("whole"));
  class Stopper : public rt::Observer {
   public:
    bool stop_requested() override { return ++asked > 40; }
    int asked = 0;
  } stopper;
  rt::Trainer first(network(), parts_, options);
  first.keep_checkpoint(folder_.file("checkpoint"));
  EXPECT_EQ(first.run(&stopper).stopped, rt::Stop::interrupted);
  rt::Trainer second(network(), parts_, options);
  second.resume(folder_.file("checkpoint"));
  const rt::Result result = second.run();
  second.save_model(folder_.file("resumed"));
  EXPECT_TRUE(folder_.bytes("whole") == folder_.bytes("resumed"));
  ASSERT_TRUE(result.best_test.has_value());
  EXPECT_EQ(result.best_test->subset_accuracy, expected.best_test->subset_accuracy);
  EXPECT_EQ(result.best_test->micro_f1, expected.best_test->micro_f1);
  ASSERT_EQ(result.best_test->labels.size(), 3u);
  EXPECT_EQ(result.best_test->labels[2].name, "low");
  EXPECT_EQ(result.best_test->labels[2].f1, expected.best_test->labels[2].f1);
}

// Resumed behind the epoch with the best test part, whose figures by label the checkpoint then holds.
TEST_F(Labels, FiguresOfTheBestTestAreInTheCheckpoint) {
  const rt::Options options{.learning_rate = 0.02, .epochs = 3, .track_test = true};
  rt::Trainer first(network(), parts_, options);
  first.keep_checkpoint(folder_.file("checkpoint"));
  const rt::Result expected = first.run();
  rt::Trainer second(network(), parts_, options);
  second.resume(folder_.file("checkpoint"));
  const rt::Result result = second.run();
  ASSERT_EQ(result.best_test->labels.size(), 3u);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_EQ(result.best_test->labels[j].name, expected.best_test->labels[j].name);
    EXPECT_EQ(result.best_test->labels[j].predicted, expected.best_test->labels[j].predicted);
    EXPECT_EQ(result.best_test->labels[j].auc, expected.best_test->labels[j].auc);
  }
  EXPECT_EQ(result.best_test->baseline_subset_accuracy, expected.best_test->baseline_subset_accuracy);
}

TEST_F(Labels, ImportanceIsTheLossOfAccuracy) {
  rt::Trainer trainer(network(), parts_, {.learning_rate = 0.03, .epochs = 40});
  trainer.run();
  trainer.save_model(folder_.file("model"));
  rt::Predictor predictor(folder_.file("model"));
  const rt::Importance importance = rt::permutation_importance(predictor, parts_.test);
  EXPECT_EQ(importance.score, "accuracy");
  EXPECT_EQ(importance.baseline, predictor.evaluate(parts_.test).accuracy);
  for (const auto& column : importance.columns) EXPECT_GT(column.mean, 0.1) << column.name;
}

TEST_F(Labels, AreGoneOnWithWhereTheyAreTheSame) {
  rt::Trainer trainer(network("linear(16), tanh, linear(3)"), parts_, {.learning_rate = 0.02, .epochs = 3});
  trainer.run();
  trainer.save_model(folder_.file("model"));
  const rt::Pretrained from(folder_.file("model"));
  const auto load = [&](const char* csv) {
    std::ofstream(folder_.file("new.csv")) << csv;
    return rg::data::load_csv(folder_.file("new.csv"), {.target = "kinds",
                                                        .task = rg::data::Task::multi_label,
                                                        .test = 0,
                                                        .validation = 0,
                                                        .encoder = from.encoder()});
  };
  // Fewer labels than the network knows: its own stay.
  const rg::data::Parts fewer = load("x,y,kinds\n0.1,0.9,left\n0.9,0.2,low\n0.2,0.2,left|low\n");
  EXPECT_EQ(fewer.train.classes(), parts_.train.classes());
  rg::nn::Sequential same = rg::nn::build_model(from.model_text(3), {2}, {.seed = 9});
  EXPECT_TRUE(from.give(same, fewer).anew.empty());
  const rg::data::Parts others = load("x,y,kinds\n0.1,0.9,a\n0.9,0.2,b\n0.2,0.2,c\n");
  rg::nn::Sequential another = rg::nn::build_model(from.model_text(3), {2}, {.seed = 9});
  EXPECT_EQ(from.give(another, others).anew, std::vector<std::string>{"linear_2"});
}

TEST_F(Labels, RefuseWhatIsForClassesOrNumbers) {
  const auto message = [&](rt::Options options) -> std::string {
    try {
      rt::Trainer(network(), parts_, options);
    } catch (const rg::Error& error) {
      EXPECT_EQ(error.kind(), rg::ErrorKind::argument);
      return error.what();
    }
    return "";
  };
  for (const char* loss : {"cross_entropy", "focal", "kl_divergence", "hinge", "poisson", "huber", "mae"}) {
    EXPECT_EQ(message({.loss = loss}),
              std::string("loss: ") + loss +
                  " is not for several labels a row; known are binary_cross_entropy, "
                  "half_squared_error, mse");
  }
  EXPECT_THAT(message({.class_weights = "balanced"}), testing::HasSubstr("several labels a row have none"));
  EXPECT_THAT(message({.label_smoothing = 0.1}), testing::HasSubstr("label smoothing"));
  try {
    rt::Trainer(network("linear(2)"), parts_);
    ADD_FAILURE() << "no error";
  } catch (const rg::Error& error) {
    EXPECT_EQ(error.kind(), rg::ErrorKind::shape);
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("3 labels"), testing::HasSubstr("linear(3)")));
  }
}

}  // namespace
