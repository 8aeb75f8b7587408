// Training networks that give their inputs back: what they reach, and their figures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>

#include <cmath>
#include <numeric>

#include "train/given_back.h"
#include "train/parts.h"

namespace {

namespace rg = retrograd;

using train_test::given_back::bars;
using train_test::given_back::cloud;
using train_test::given_back::expect_error;
using train_test::given_back::network;
using train_test::given_back::parts;

std::vector<double> inputs_of(const rg::data::Dataset& data) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(data.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<float> x(rows.size() * static_cast<std::size_t>(data.input_shape().size()));
  data.copy_inputs(rows, x.data());
  return {x.begin(), x.end()};
}

// The eigenvalues of the covariance (divided by the rows), by Jacobi's rotations, ascending.
std::vector<double> principal_variances(const std::vector<double>& x, std::size_t width) {
  const std::size_t rows = x.size() / width;
  std::vector<double> mean(width), a(width * width);
  for (std::size_t i = 0; i < x.size(); ++i) mean[i % width] += x[i] / static_cast<double>(rows);
  for (std::size_t n = 0; n < rows; ++n) {
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t j = 0; j < width; ++j) {
        a[i * width + j] +=
            (x[n * width + i] - mean[i]) * (x[n * width + j] - mean[j]) / static_cast<double>(rows);
      }
    }
  }
  for (int sweep = 0; sweep < 50; ++sweep) {
    for (std::size_t p = 0; p < width; ++p) {
      for (std::size_t q = p + 1; q < width; ++q) {
        const double angle = 0.5 * std::atan2(2 * a[p * width + q], a[q * width + q] - a[p * width + p]);
        const double c = std::cos(angle), s = std::sin(angle);
        for (std::size_t k = 0; k < width; ++k) {
          const double up = a[k * width + p], uq = a[k * width + q];
          a[k * width + p] = c * up - s * uq;
          a[k * width + q] = s * up + c * uq;
        }
        for (std::size_t k = 0; k < width; ++k) {
          const double up = a[p * width + k], uq = a[q * width + k];
          a[p * width + k] = c * up - s * uq;
          a[q * width + k] = s * up + c * uq;
        }
      }
    }
  }
  std::vector<double> variances;
  for (std::size_t i = 0; i < width; ++i) variances.push_back(a[i * width + i]);
  std::sort(variances.begin(), variances.end());
  return variances;
}

// The least error of a linear network that is k wide is the sum of the variances along the principal axes
// behind the first k, and all its minima have it (Baldi and Hornik 1989): half of it by half_squared_error.
// lbfgs in f64 ends where the gradient's rounding, about 1e-16 of the error, hides the descent, which is an
// error above the least one by less than 1e-8 of it; the rows are the same f32 in both.
TEST(Autoencoder, OfLinearLayersReachesTheErrorOfPrincipalComponents) {
  const rg::data::Dataset data = cloud(200);
  const std::vector<double> variances = principal_variances(inputs_of(data), 5);
  ASSERT_GT(variances[0], 0.01);
  for (const std::size_t width : {1u, 2u, 4u}) {
    const double least =
        std::accumulate(variances.begin(), variances.end() - static_cast<std::ptrdiff_t>(width), 0.0) / 2;
    const std::string text = "linear(" + std::to_string(width) + "), linear(5)";
    rg::train::Trainer trainer(rg::nn::build_model(text, {5}, {.seed = 3, .dtype = rg::DType::f64}),
                               {data, {}, {}, {}}, {.optimizer = "lbfgs", .epochs = 400});
    const rg::train::Result result = trainer.run();
    EXPECT_NEAR(result.train->loss, least, 1e-6 * least) << width;
    EXPECT_GE(result.train->loss, least * (1 - 1e-9)) << "nothing linear is below";
    const double all = std::accumulate(variances.begin(), variances.end(), 0.0);
    EXPECT_NEAR(result.train->r2, 1 - 2 * least / all, 1e-6) << "the variance that the components explain";
    EXPECT_NEAR(result.train->rmse, std::sqrt(2 * least / 5), 1e-6);
  }
}

// A network whose outputs are known: y = 2 x_1, 0.
TEST(ReconstructionFigures, AreOverAllRowsAndInputs) {
  const std::vector<float> x{1, 5, 2, 5, 6, 5};  // the second input is constant
  const rg::data::Dataset data = rg::data::Dataset::reconstruction(x, {2});
  rg::nn::Sequential model = rg::nn::build_model("linear(2)", {2});
  model.parameters()[0].assign(rg::Array::from(std::vector<float>{2, 0, 0, 0}, {2, 2}));
  rg::train::Trainer trainer(std::move(model), {data, {}, {}, {}},
                             {.optimizer = "sgd", .learning_rate = 0.0, .epochs = 1});
  const rg::train::Figures figures = *trainer.run().train;
  // Off by 1, 2, 6 and three times by 5; x_1 - mean is -2, -1, 3.
  EXPECT_EQ(figures.rows, 3);
  EXPECT_NEAR(figures.loss, (1 + 4 + 36 + 75) / 6.0, 1e-6);
  EXPECT_NEAR(figures.mae, (1 + 2 + 6 + 15) / 6.0, 1e-6);
  EXPECT_NEAR(figures.rmse, std::sqrt(116 / 6.0), 1e-6);
  EXPECT_NEAR(figures.r2, 1 - 116 / 14.0, 1e-6);
  EXPECT_NEAR(figures.baseline_mae, 6 / 6.0, 1e-6);
  EXPECT_NEAR(figures.baseline_rmse, std::sqrt(14 / 6.0), 1e-6);
  EXPECT_TRUE(std::isnan(figures.mape));
  EXPECT_TRUE(figures.targets.empty());
}

TEST(Reconstruction, HasALossOfItsOwnAndRefusesThoseOfClasses) {
  EXPECT_EQ(rg::train::completed({}, parts()).loss, "half_squared_error");
  for (const char* loss : {"mse", "mae", "huber(0.1)", "binary_cross_entropy"}) {
    rg::train::Trainer trainer(network("linear(2), linear(6)"), parts(), {.loss = loss, .epochs = 1});
    EXPECT_TRUE(std::isfinite(trainer.run().test->rmse)) << loss;
  }
  const auto refused = [](const rg::train::Options& options, const char* part) {
    expect_error(rg::ErrorKind::argument, part, [&] { rg::train::completed(options, parts()); });
  };
  refused({.loss = "cross_entropy"},
          "loss: cross_entropy is not for reconstruction; known are half_squared_error, mse, mae, huber, "
          "binary_cross_entropy");
  refused({.loss = "poisson"}, "loss: poisson is not for reconstruction");
  refused({.class_weights = "balanced"}, "class weights: the targets are numbers, not classes");
  expect_error(
      rg::ErrorKind::argument,
      "loss: binary_cross_entropy gives back inputs from 0 to 1, as those of images, but the network "
      "sees input ",
      [] {
        rg::train::completed({.loss = "binary_cross_entropy"}, {cloud(5), {}, {}, {}});
      });
}

TEST(Reconstruction, NamesTheLayerThatDoesNotGiveTheInputsBack) {
  expect_error(rg::ErrorKind::shape,
               "the last layer linear_2, linear(5), gives 5 numbers a row, but the data has 6 inputs to give "
               "back; write linear(6) there",
               [] { rg::train::Trainer(network("linear(2), linear(5)"), parts()); });
}

// What a network sees changed is what it shall give back.
TEST(Reconstruction, ChangedImagesAreTheirOwnTargets) {
  rg::nn::Sequential model = rg::nn::build_model("linear(6)", {1, 1, 6});
  std::vector<float> unit(36);
  for (std::size_t i = 0; i < 6; ++i) unit[7 * i] = 1;
  model.parameters()[0].assign(rg::Array::from(unit, {6, 6}));
  rg::train::Trainer trainer(std::move(model), parts(),
                             {.optimizer = "sgd", .epochs = 1, .augment = "flip, cutout(1)"});
  trainer.run();
  EXPECT_EQ(trainer.history()[0].train_loss, 0);
}

TEST(Reconstruction, ModelFilesGiveTheSameFiguresAndErrors) {
  const train_test::Folder folder("reconstruction");
  rg::train::Trainer trainer(network("linear(2), linear(6)"), parts(), {.epochs = 3});
  const rg::train::Result result = trainer.run();
  trainer.save_model(folder.file("model"));
  rg::train::Predictor predictor(folder.file("model"));
  EXPECT_EQ(predictor.metadata().at("task"), "reconstruction");
  EXPECT_EQ(predictor.encoder().task(), rg::data::Task::reconstruction);
  const rg::train::Figures figures = predictor.evaluate(parts().test);
  EXPECT_EQ(figures.loss, result.test->loss);
  EXPECT_EQ(figures.r2, result.test->r2);
  EXPECT_EQ(figures.baseline_rmse, result.test->baseline_rmse);

  const std::vector<double> errors = predictor.errors(parts().test),
                            outputs = predictor.predict(parts().test), x = inputs_of(parts().test);
  ASSERT_EQ(errors.size(), 30u);
  double squares = 0;
  for (std::size_t row = 0; row < 30; ++row) {
    double own = 0;
    for (std::size_t j = 0; j < 6; ++j) own += std::pow(outputs[row * 6 + j] - x[row * 6 + j], 2) / 6;
    EXPECT_NEAR(errors[row], std::sqrt(own), 1e-12);
    squares += own / 30;
  }
  EXPECT_NEAR(std::sqrt(squares), figures.rmse, 1e-12);

  // Rows with labels, and without any, are taken as rows.
  const std::vector<float> row(6, 0.5f);
  const auto labelled =
      rg::data::Dataset::classification(row, {1, 1, 6}, std::vector<std::int32_t>{0}, {"a", "b"});
  EXPECT_EQ(predictor.errors(labelled).size(), 1u);
  EXPECT_EQ(predictor.predict(labelled).size(), 6u);
  EXPECT_EQ(predictor.evaluate(labelled).rows, 1);
}

// A model file that nobody trained: an encoder of more inputs than the network gives.
TEST(Reconstruction, RefusesAModelThatGivesNoRowBack) {
  const train_test::Folder folder("reconstruction");
  const auto file = rg::io::make_model_file(
      network("linear(2), linear(5)"), {1, 1, 6},
      {{"loss", "half_squared_error"}, {"encoder", parts().encoder.to_json()}, {"means", "1, 2"}});
  rg::io::save_model(folder.file("model"), file);
  expect_error(rg::ErrorKind::data, "its model makes [5] of [1, 1, 6], and gives back no row",
               [&] { rg::train::Predictor(folder.file("model")); });
}

TEST(Reconstruction, ErrorsAreThoseOfRowsThatAreGivenBack) {
  const train_test::Folder folder("reconstruction");
  rg::train::Trainer trainer(train_test::network(), train_test::circle_table(), {.epochs = 1});
  trainer.run();
  trainer.save_model(folder.file("model"));
  rg::train::Predictor predictor(folder.file("model"));
  expect_error(rg::ErrorKind::argument, "errors: the model is of classification, not of reconstruction",
               [&] { predictor.errors(train_test::circle_table().test); });
}

TEST(Reconstruction, HasNoImportanceOfColumns) {
  const train_test::Folder folder("reconstruction");
  const rg::data::Parts table = rg::data::as_reconstruction(train_test::circle_table());
  rg::train::Trainer trainer(rg::nn::build_model("linear(1), linear(2)", {2}), table, {.epochs = 1});
  trainer.run();
  trainer.save_model(folder.file("model"));
  rg::train::Predictor predictor(folder.file("model"));
  expect_error(rg::ErrorKind::argument, "importance: in reconstruction each column is input and target",
               [&] { rg::train::permutation_importance(predictor, table.test); });
}

TEST(Reconstruction, AnEnsembleGivesBackTheMeanOfItsMembers) {
  const train_test::Folder folder("reconstruction");
  std::vector<std::vector<double>> outputs;
  for (int i = 1; i <= 2; ++i) {
    const std::string member = folder.file("m" + std::to_string(i));
    std::filesystem::create_directories(member);
    rg::train::Trainer trainer(
        rg::nn::build_model("linear(2), linear(6)", {1, 1, 6}, {.seed = static_cast<std::uint64_t>(i)}),
        parts(), {.epochs = 2});
    trainer.run();
    trainer.save_model(member + "/model.safetensors");
    outputs.push_back(rg::train::Predictor(member).predict(parts().test));
  }
  std::ofstream(folder.file("ensemble.json"))
      << R"({"format": "retrograd ensemble", "members": ["m1", "m2"]})";
  rg::train::Predictor both(folder.file(""));
  const std::vector<double> found = both.predict(parts().test), x = inputs_of(parts().test);
  double squares = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double mean = (outputs[0][i] + outputs[1][i]) / 2;
    EXPECT_NEAR(found[i], mean, 1e-12);
    squares += (mean - x[i]) * (mean - x[i]);
  }
  const rg::train::Figures figures = both.evaluate(parts().test);
  EXPECT_NEAR(figures.rmse, std::sqrt(squares / static_cast<double>(found.size())), 1e-12);
  EXPECT_TRUE(std::isfinite(figures.baseline_rmse));
}

// A table that stays in its file: the bytes of the one that is kept.
TEST(Reconstruction, OfAStreamedTableEndsWithTheSameBits) {
  const train_test::Folder folder("reconstruction");
  {
    std::ofstream file(folder.file("t.csv"));
    file << "a,b,word\n";
    for (int i = 0; i < 600; ++i) file << i * 37 % 101 << ',' << i * 61 % 103 << ',' << "xyz"[i % 3] << '\n';
  }
  const auto trained = [&](std::optional<std::int64_t> memory) {
    rg::data::LoadOptions options{.task = rg::data::Task::reconstruction, .pack_above = 0, .memory = memory};
    rg::data::Parts data = rg::data::load_csv(folder.file("t.csv"), options);
    const rg::Shape shape = data.train.input_shape();
    rg::train::Trainer trainer(
        rg::nn::build_model("linear(2), linear(" + std::to_string(shape[0]) + ")", shape), std::move(data),
        {.epochs = 2});
    trainer.run();
    trainer.save_model(folder.file("model"));
    return folder.bytes("model");
  };
  EXPECT_TRUE(trained({}) == trained(0));
}

}  // namespace
