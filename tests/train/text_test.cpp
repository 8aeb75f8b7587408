// Training on text: streams with states, windows, going on from a checkpoint, sampling.
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "train/text_evaluator.h"

namespace {

namespace rg = retrograd;
namespace fs = std::filesystem;

class Text : public testing::Test {
 protected:
  Text() : folder_(fs::temp_directory_path() / ("retrograd_text_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    std::string text;
    for (int i = 0; i < 60; ++i) text += i % 3 == 0 ? "the cat sat on the mat. " : "a dog ate the hat. ";
    std::ofstream(file("a.txt")) << text;
  }
  ~Text() override { fs::remove_all(folder_); }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string bytes(const std::string& name) const {
    std::ifstream stream(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  rg::data::Parts parts() const { return rg::data::load_text(file("a.txt"), {.context = 8}); }
  rg::nn::Sequential model(const std::string& text) const {
    return rg::nn::build_model(text, {8}, {.seed = 3, .vocabulary = parts().train.vocabulary().size()});
  }
  rg::train::Trainer trainer(const std::string& text, std::int64_t epochs) const {
    return {model(text), parts(), {.learning_rate = 0.01, .epochs = epochs, .batch = 4, .patience = 0}};
  }
  std::string recurrent() const { return "embedding(8), gru(24), linear(13)"; }
  std::string transformer() const {
    return "embedding(16), positions, transformer_block(2, causal=true), layer_norm, linear(13)";
  }

 private:
  fs::path folder_;
};

class Stopper : public rg::train::Observer {
 public:
  explicit Stopper(int steps) : left_(steps) {}
  bool stop_requested() override { return left_-- == 0; }

 private:
  int left_;
};

TEST_F(Text, StreamsAreContiguous) {
  std::vector<std::int64_t> order;
  rg::train::make_stream_order(6, 2, order);
  EXPECT_EQ(order, (std::vector<std::int64_t>{0, 3, 1, 4, 2, 5}));
}

// 13 characters; a text of few words is soon known.
TEST_F(Text, IsLearnt) {
  ASSERT_EQ(parts().train.vocabulary().size(), 13);
  for (const std::string& text : {recurrent(), transformer()}) {
    rg::train::Trainer training = trainer(text, 25);
    const rg::train::Result result = training.run();
    EXPECT_LT(result.test->loss, 0.5 * std::log(13.0)) << text;
    EXPECT_GT(result.test->accuracy, 0.6) << text;
    EXPECT_EQ(result.test->nats_per_character, result.test->loss);
    EXPECT_EQ(training.history().back().val_loss, training.history().back().val_loss);
  }
}

TEST_F(Text, ResumedIsUninterrupted) {
  for (const std::string& text : {recurrent(), transformer()}) {
    rg::train::Trainer whole = trainer(text, 3);
    whole.run();
    whole.save_model(file("whole"));

    rg::train::Trainer first = trainer(text, 3);
    first.keep_checkpoint(file("checkpoint"));
    Stopper stopper(5);
    EXPECT_EQ(first.run(&stopper).stopped, rg::train::Stop::interrupted);
    rg::train::Trainer second = trainer(text, 3);
    second.resume(file("checkpoint"));
    second.run();
    second.save_model(file("resumed"));
    EXPECT_EQ(bytes("resumed"), bytes("whole")) << text;
  }
}

// What carries its state over windows of 8 tokens knows a text as well as what reads it at once.
TEST_F(Text, AStateIsCarriedFromWindowToWindow) {
  rg::train::Trainer training = trainer(recurrent(), 1);
  training.run();
  training.save_model(file("model"));
  rg::train::TextModel known(file("model"));
  const std::string text = "a dog ate the hat. the cat sat on the mat. a dog ate th";  // 55: 6 windows of 8
  std::ofstream(file("b.txt")) << text;
  const rg::train::Figures figures =
      known.evaluate(rg::data::load_text(file("b.txt"), known.vocabulary(), 8));
  // The evaluator's lanes are of one window each here; so each window alone is what it must give.
  const std::vector<std::int32_t> tokens = known.vocabulary().encode(text);
  double loss = 0;
  for (std::size_t row = 0; row < 6; ++row) {
    const std::vector<float> x(tokens.begin() + row * 8, tokens.begin() + row * 8 + 8);
    const std::vector<std::int32_t> t(tokens.begin() + row * 8 + 1, tokens.begin() + row * 8 + 9);
    loss += rg::nn::cross_entropies(known.model()(rg::Array::from(x, {1, 8})), rg::Array::from(t, {1, 8}))
                .item<double>();
  }
  EXPECT_NEAR(figures.loss, loss / 6, 1e-5);
  EXPECT_EQ(figures.rows, 6);
}

TEST_F(Text, TheSameSeedWritesTheSame) {
  for (const std::string& text : {recurrent(), transformer()}) {
    rg::train::Trainer training = trainer(text, 20);
    training.run();
    training.save_model(file("model"));
    rg::train::TextModel model(file("model"));
    EXPECT_TRUE(rg::train::TextModel::is_one(file("model")));
    const std::string once = model.sample("the ", {.length = 40, .seed = 7});
    EXPECT_EQ(once.size(), 40u);
    EXPECT_EQ(model.sample("the ", {.length = 40, .seed = 7}), once);
    EXPECT_EQ(rg::train::TextModel(file("model")).sample("the ", {.length = 40, .seed = 7}), once);
    EXPECT_NE(model.sample("the ", {.length = 40, .seed = 8}), once);
    const std::string likeliest = model.sample("the ", {.length = 20, .temperature = 0});
    EXPECT_EQ(model.sample("the ", {.length = 20, .top_k = 1, .seed = 9}), likeliest);
    EXPECT_EQ(model.sample("", {.length = 3}).size(), 3u);
    EXPECT_THROW(model.sample("THE"), rg::Error);
    EXPECT_THROW(model.sample("the", {.temperature = -1}), rg::Error);
  }
}

// Token by token with a state: the logits are those of the whole sequence.
TEST_F(Text, SamplingKeepsTheState) {
  rg::train::Trainer training = trainer(recurrent(), 10);
  training.run();
  training.save_model(file("model"));
  rg::train::TextModel model(file("model"));
  const std::string prompt = "the cat sat on the mat. a dog";
  const std::string next = model.sample(prompt, {.length = 1, .temperature = 0});
  const std::vector<std::int32_t> tokens = model.vocabulary().encode(prompt);
  const std::vector<float> x(tokens.begin(), tokens.end());
  const auto size = static_cast<std::int64_t>(x.size());
  const rg::Array logits = model.model()(rg::Array::from(x, {1, size}));
  const auto last = rg::slice(logits, {0, size - 1, 0}, {1, size, 13}).to_vector<float>();
  const auto best = static_cast<std::int32_t>(std::max_element(last.begin(), last.end()) - last.begin());
  EXPECT_EQ(next, model.vocabulary().decode(std::vector{best}));
}

TEST_F(Text, AModelThatDoesNotFitIsNamed) {
  const auto message = [&](const std::string& text) -> std::string {
    try {
      trainer(text, 1);
    } catch (const rg::Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message("embedding(8), gru(8), linear(12)"),
            "model: for a window of 8 tokens it gives [8, 12], but a score is wanted for each of the 13 "
            "tokens at each "
            "step, [8, 13]; end with linear(13)");
  EXPECT_NE(message("embedding(8), gru(8), last, linear(13)").find("gives [13]"), std::string::npos);
  EXPECT_THROW(rg::train::TextModel(file("a.txt")), rg::Error);
}

TEST_F(Text, TinyShakespeareIsLearntInAFewSteps) {
  const char* data = std::getenv("RETROGRAD_DATA");
  const std::string path = data == nullptr ? "" : std::string(data) + "/text/tinyshakespeare.txt";
  if (data == nullptr || !fs::exists(path))
    GTEST_SKIP() << "RETROGRAD_DATA names no folder with text/tinyshakespeare.txt";
  const rg::data::Parts all = rg::data::load_text(path, {.context = 32});
  ASSERT_EQ(all.train.vocabulary().size(), 65);
  rg::data::Parts few = all;
  few.train = all.train.slice(0, 16 * 60);
  few.validation = all.validation.slice(0, 64);
  few.test = few.validation;
  rg::train::Trainer training(
      rg::nn::build_model("embedding(32), lstm(64), linear(65)", {32}, {.vocabulary = 65}), few,
      {.learning_rate = 0.01, .epochs = 2, .batch = 16});
  EXPECT_LT(training.run().validation->loss, 3.0);  // log 65 = 4.17; the frequencies of characters alone: 3.3
}

}  // namespace
