// Reconstruction in the tool: tables and images that are given back, and how it goes with the other flags.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Three columns that one number tells, a colour that goes with it, and a name that tells nothing.
std::string table(int rows, const std::string& more = "") {
  std::string text = "length,width,weight,colour,name\n";
  for (int i = 0; i < rows; ++i) {
    const double size = 10 + i * 37 % 101;
    text += fmt::format("{:.2f},{:.2f},{:.2f},{},n{}\n", size, 0.5 * size + 0.01 * (i % 7),
                        2 * size - 0.02 * (i % 5), size > 60 ? "red" : "blue", i);
  }
  return text + more;
}

class Reconstruction : public testing::Test {
 protected:
  Reconstruction() { here.write("fish.csv", table(300)); }
  Outcome train(std::vector<std::string> more, const std::string& data = "fish.csv") {
    std::vector<std::string> all{"train", data, "--task", "reconstruction", "--out", "run"};
    all.insert(all.end(), more.begin(), more.end());
    return here.run(all);
  }
  nlohmann::json train_json(std::vector<std::string> more, const std::string& data = "fish.csv") {
    more.insert(more.end(), {"--json", "-q"});
    const Outcome outcome = train(more, data);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    return outcome.json();
  }
  // The column of numbers with this name.
  static std::vector<double> column(const std::string& csv, const std::string& name) {
    std::istringstream stream(csv);
    std::string line;
    std::getline(stream, line);
    const auto cells = [](const std::string& of) {
      std::vector<std::string> all;
      std::istringstream parts(of);
      for (std::string cell; std::getline(parts, cell, ',');) all.push_back(cell);
      return all;
    };
    const auto names = cells(line);
    const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    std::vector<double> values;
    while (std::getline(stream, line)) values.push_back(std::stod(cells(line).at(place)));
    return values;
  }
  Workplace here;
};

TEST_F(Reconstruction, FindsTheRowsThatDoNotFit) {
  const nlohmann::json json = train_json({"--target", "name", "--model", "autoencoder(2)", "--epochs", "60"});
  EXPECT_GT(json["test"]["r2"], 0.9);
  EXPECT_EQ(json["test"].size(), 6u) << json["test"];
  EXPECT_LT(json["test"]["rmse"], json["test"]["baseline"]["rmse"]);
  here.write("new.csv", "length,width,weight,colour\n50,25,100,blue\n50,25,20,blue\n80,40,160,red\n");
  const Outcome csv = here.run({"predict", "run", "--data", "new.csv"});
  ASSERT_EQ(csv.exit_code, 0) << csv.err;
  EXPECT_THAT(csv.out, StartsWith("error,length,width,weight,colour = blue,colour = red\n"));
  const std::vector<double> errors = column(csv.out, "error");
  ASSERT_EQ(errors.size(), 3u);
  EXPECT_GT(errors[1], 2 * std::max(errors[0], errors[2])) << "20 is far too light";
  EXPECT_NEAR(column(csv.out, "length")[2], 80, 10) << "in the column's units";
  EXPECT_NEAR(column(csv.out, "colour = red")[2], 1, 0.5);
  const nlohmann::json answers = here.run({"predict", "run", "--data", "new.csv", "--json"}).json();
  EXPECT_EQ(answers[1].size(), 2u);
  EXPECT_NEAR(answers[1]["error"], errors[1], 1e-6);
  EXPECT_NEAR(answers[2]["reconstruction"]["length"], column(csv.out, "length")[2], 1e-4);
  EXPECT_THAT(here.read("run/config.toml"),
              AllOf(HasSubstr("task = 'reconstruction'"), HasSubstr("target = 'name'"),
                    HasSubstr("half_squared_error")));
  EXPECT_THAT(here.read("run/metrics.csv"), HasSubstr("val_r2"));
}

TEST_F(Reconstruction, WithoutATargetAllColumnsAreInputs) {
  here.write("plain.csv",
             "a,b,c\n1,2,x\n2,4,y\n3,6,x\n4,8,y\n5,10,x\n6,12,y\n7,14,x\n8,16,y\n9,18,x\n10,20,y\n");
  const Outcome outcome = train({"--epochs", "2"}, "plain.csv");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("4 inputs, given back"), HasSubstr("linear(4) (")))
      << "the default is an autoencoder";
  EXPECT_THAT(here.read("run/config.toml"), Not(HasSubstr("\ntarget")));
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("RMSE of mean"), HasSubstr("\nerror of a row             50 %       90 %"),
                    HasSubstr("always the mean of each input"), HasSubstr("validation R2")));
}

TEST_F(Reconstruction, EvalGivesTheFiguresOfTheTraining) {
  const nlohmann::json before = train_json({"--target", "name", "--epochs", "3"});
  const nlohmann::json after = here.run({"eval", "run", "--json"}).json();
  for (const char* part : {"train", "validation", "test"}) EXPECT_EQ(after[part], before[part]) << part;
  here.write("new.csv", "length,width,weight,colour\n50,25,100,blue\n");
  EXPECT_EQ(here.run({"eval", "run", "--data", "new.csv", "--json"}).json()["test"]["rows"], 1);
  const Outcome again = here.run({"train", "run/config.toml", "--out", "again", "-q"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(here.read("run/model.safetensors") == here.read("again/model.safetensors"));
}

TEST_F(Reconstruction, TheReportShowsErrorsAndWhatDoesNotFit) {
  here.write("odd.csv", table(300, "50,25,500,blue,odd\n"));
  const Outcome outcome =
      train({"--target", "name", "--epochs", "40", "--test", "0.5", "--split-seed", "3"}, "odd.csv");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string page = here.read("run/report.html");
  EXPECT_THAT(page, AllOf(HasSubstr("Errors of the rows"), HasSubstr("error at most"),
                          HasSubstr("farthest off"), HasSubstr("Worst rows"), HasSubstr("given back as"),
                          HasSubstr("always the mean of each input")));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("Confusion")), Not(HasSubstr("Accuracy"))));
}

TEST_F(Reconstruction, OfImagesShowsThemBesideWhatIsGivenBack) {
  cli_test::write_idx(here, "images", 60);
  for (const char* model : {"autoencoder(4)", "vae(4)", "unet(2, 1)"}) {
    std::filesystem::remove_all(here.file("run"));
    const nlohmann::json json = train_json({"--model", model, "--epochs", "2"}, "images");
    EXPECT_TRUE(json["test"]["r2"].is_number()) << model;
    EXPECT_LT(json["test"]["rmse"], 1) << "pixels are 0 to 1";
  }
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("task = 'reconstruction'"));
  EXPECT_THAT(here.read("run/report.html"), AllOf(HasSubstr("pairs"), HasSubstr("as it is given back")));
  EXPECT_EQ(here.run({"eval", "run", "--json"}).json()["test"]["rows"], 60);
  EXPECT_EQ(here.run({"eval", "run", "--data", "images", "--json"}).json()["test"]["rows"], 60);
  const Outcome errors = here.run({"predict", "run", "--data", "images"});
  EXPECT_THAT(errors.out, StartsWith("error\n0."));
  const Outcome pixels = here.run({"predict", "run", "--data", "images", "--pixels"});
  EXPECT_THAT(pixels.out, StartsWith("error,p_0_0,p_0_1,p_0_2,p_0_3,p_1_0,"));
  EXPECT_EQ(column(pixels.out, "p_3_3").size(), 60u);
  const nlohmann::json answers = here.run({"predict", "run", "--data", "images", "--json"}).json();
  EXPECT_EQ(answers[0].size(), 1u);
  EXPECT_EQ(here.run({"train", "images", "--task", "reconstruction", "--cv", "2", "--epochs", "1", "--out",
                      "cv", "-q"})
                .exit_code,
            0);
  EXPECT_EQ(here.run({"train", "images", "--task", "reconstruction", "--loss", "binary_cross_entropy",
                      "--epochs", "1", "--model", "vae(2, 0.5)", "--out", "b", "-q"})
                .exit_code,
            0);
}

TEST_F(Reconstruction, GoesTogetherWithTheOtherVerbsAndFlags) {
  const std::vector<std::string> common{"train", "fish.csv", "--task", "reconstruction", "--target",
                                        "name",  "--epochs", "2",      "--json",         "-q"};
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> all = common;
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = here.run(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    return outcome.json();
  };
  EXPECT_TRUE(run({"--cv", "3", "--out", "cv"})["mean"]["test"].contains("r2"));
  const nlohmann::json ensemble = run({"--ensemble", "2", "--out", "both"});
  EXPECT_EQ(here.run({"eval", "both", "--json"}).json()["test"], ensemble["test"]);
  EXPECT_THAT(here.run({"predict", "both", "--data", "fish.csv"}).out, StartsWith("error,length"));
  const nlohmann::json search = run(
      {"--search", "lr = 0.001..0.1, model = linear(2)|autoencoder(1)", "--trials", "2", "--out", "search"});
  EXPECT_EQ(search["criterion"], "rmse");
  EXPECT_TRUE(search["best"]["test"].contains("baseline"));
  run({"--out", "a", "--track-test"});
  EXPECT_TRUE(run({"--from", "a", "--out", "b", "--memory", "0"})["test"].contains("r2"));
  EXPECT_TRUE(run({"--model", "vae(2)", "--out", "v"})["best_test"].is_null());
  EXPECT_THAT(here.run({"compare", "a", "v"}).out, AllOf(HasSubstr("test R2"), HasSubstr("test RMSE")));
  EXPECT_THAT(here.run({"summary", "v"}).out, HasSubstr("latent_1"));
  EXPECT_THAT(here.run({"summary", "--data", "fish.csv", "--target", "name", "--task", "reconstruction"}).out,
              HasSubstr("linear_4"));
  EXPECT_EQ(here.run({"gradcheck", "v", "--elements", "5"}).exit_code, 0);
  EXPECT_EQ(here.run({"gradcheck", "--model", "vae(2)", "--data", "fish.csv", "--target", "name", "--task",
                      "reconstruction", "--elements", "5"})
                .exit_code,
            0);
  const Outcome rates =
      here.run({"lr-find", "fish.csv", "--task", "reconstruction", "--target", "name", "--json", "-q"});
  EXPECT_THAT(rates.out, HasSubstr("\"points\"")) << rates.err;
  EXPECT_EQ(here.run({"explain", "a", "--row", "3"}).exit_code, 0);
  const Outcome latent = here.run({"explain", "v", "--row", "3"});
  EXPECT_EQ(latent.exit_code, 2);
  EXPECT_THAT(latent.err, AllOf(HasSubstr("latent_1 (latent(2))"), HasSubstr("can be explained")));
  EXPECT_THAT(here.run({"data", "fish.csv", "--task", "reconstruction", "--target", "name"}).out,
              HasSubstr("\ntask: reconstruction of the columns beside name\n"));
  const nlohmann::json described =
      here.run({"data", "fish.csv", "--task", "reconstruction", "--json"}).json();
  EXPECT_TRUE(described["target"].is_null());
  EXPECT_EQ(described["task"], "reconstruction");
  EXPECT_THAT(here.run({"export-config", "a/model.safetensors"}).out, HasSubstr("reconstruction"));
  const Outcome classes = here.run({"train", "fish.csv", "--target", "colour", "--ignore", "name", "--from",
                                    "cv/fold-1", "--epochs", "1", "--out", "c", "-q"});
  EXPECT_EQ(classes.exit_code, 2) << "colour was an input";
  EXPECT_THAT(classes.err, HasSubstr("is an input of the model to go on from"));
}

TEST_F(Reconstruction, APretrainedEncoderServesAClassifier) {
  train_json({"--target", "colour,name", "--model", "autoencoder(2)", "--epochs", "2"});
  const Outcome outcome =
      here.run({"train", "fish.csv", "--target", "colour", "--ignore", "name", "--from", "run", "--model",
                "linear(16), relu, linear(2), relu, linear(2)", "--epochs", "2", "--out", "c"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("run: trained values for linear_1, linear_2; anew linear_3"));
}

TEST_F(Reconstruction, SaysWhatItIsNotFor) {
  here.write("book.txt", "round and round it goes, and where it stops nobody knows. round it goes.");
  cli_test::write_idx(here, "images", 20);
  const auto expect = [&](std::vector<std::string> words, int exit_code, const char* message) {
    const Outcome outcome = here.run(words);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(message));
  };
  const std::vector<std::string> base{"train", "fish.csv", "--task", "reconstruction"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = base;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  expect(
      {"train", "book.txt", "--task", "reconstruction"}, 2,
      "--task: reconstruction is for tables and images; a language model learns which character comes next");
  expect(with({"--window", "4"}), 2, "window: reconstruction gives back single rows");
  expect(with({"--importance", "--ensemble", "2"}), 2, "--importance: in reconstruction each column");
  expect(with({"--importance"}), 2, "--importance: in reconstruction each column is input and target");
  expect(with({"--loss", "cross_entropy"}), 2, "cross_entropy is not for reconstruction; known are half_squ");
  expect(with({"--target", "name", "--loss", "binary_cross_entropy"}), 2,
         "binary_cross_entropy gives back inputs from 0 to 1, as those of images, but the network sees \"");
  expect(with({"--target", "nme"}), 2, "did you mean \"name\"");
  expect(with({"--target", "name", "--model", "linear(3)"}), 2,
         "5 inputs to give back; write linear(5) there");
  expect(with({"--target", "name", "--model", "vae(2)", "--optimizer", "lbfgs"}), 2,
         "lbfgs: a layer of the model adds a penalty");
  expect({"train", "images", "--task", "regression"}, 2, "--task: is for tables");
  expect({"train", "images", "--task", "reconstruct"}, 2,
         "known are classification, regression, multi-label, "
         "reconstruction");
  expect({"train", "images", "--task", "reconstruction", "--target", "x"}, 2, "--target: is for tables");
  EXPECT_FALSE(here.has("runs"));
  train_json({"--target", "name", "--epochs", "1"});
  expect({"predict", "run", "--data", "fish.csv", "--pixels"}, 2,
         "--pixels: is for images that are given back");
  expect({"eval", "run", "--importance"}, 2, "importance: in reconstruction each column is input and target");
  here.write("less.csv", "length,width,colour\n1,2,red\n");
  expect({"predict", "run", "--data", "less.csv"}, 3, "lacks 1 of the 4 columns that the model needs");
  expect({"eval", "run", "--data", "images"}, 3, "the model was trained on a table");
}

}  // namespace
