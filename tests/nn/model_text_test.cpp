// Models as text: what it builds, what it refuses, what the summary tells.
#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/model_text.h>
#include <retrograd/ops.h>
#include <retrograd/random.h>

#include <vector>

#include "nn/expect_error.h"
#include "nn/layer_table.h"

namespace {

using namespace retrograd;
using nn::build_model;
using nn_test::expect_error;

std::vector<std::vector<float>> values(const nn::Module& module) {
  std::vector<std::vector<float>> all;
  for (const Variable& variable : module.variables()) all.push_back(variable.read().to_vector<float>());
  return all;
}

TEST(ModelText, BuildsTheLayersOfTheInputsSize) {
  const nn::Sequential net = build_model("linear(30), sigmoid, linear(10), sigmoid", {784});
  ASSERT_EQ(net.size(), 4u);
  EXPECT_EQ(net.parameters()[0].shape(), (Shape{784, 30}));
  EXPECT_EQ(net.parameters()[2].shape(), (Shape{30, 10}));
  EXPECT_EQ(nn::output_shape(net, {784}), Shape{10});
}

TEST(ModelText, IsCanonicalAndRebuildsTheSameModel) {
  const nn::Sequential net = build_model(
      " linear( units=4 ),relu,\n dropout( 0.25 ) , residual(linear(4, bias=false), sequential(tanh)), "
      "softmax(axis=-1)",
      {3}, {.seed = 5});
  const std::string text = net.text();
  EXPECT_EQ(text,
            "linear(4), relu, dropout(0.25), residual(linear(4, bias=false), sequential(tanh)), softmax");
  const nn::Sequential again = build_model(text, {3}, {.seed = 5});
  EXPECT_EQ(again.text(), text);
  EXPECT_EQ(values(again), values(net));
  EXPECT_NE(values(build_model(text, {3}, {.seed = 6})), values(net));
}

TEST(ModelText, FlattensAnImageBeforeAFirstLinearLayer) {
  EXPECT_EQ(build_model("linear(3)", {1, 4, 4}).text(), "flatten, linear(3)");
  EXPECT_EQ(build_model("relu, flatten, linear(3)", {1, 4, 4}).text(), "relu, flatten, linear(3)");
}

TEST(ModelText, DrawsFromTheNamedInitialiser) {
  const nn::Sequential net = build_model("linear(3)", {2}, {.initialisation = "nielsen"});
  EXPECT_NE(values(net)[1], std::vector<float>(3, 0.0f));
  EXPECT_EQ(values(build_model("linear(3)", {2}))[1], std::vector<float>(3, 0.0f));
  expect_error(ErrorKind::argument, "did you mean",
               [] { build_model("relu", {2}, {.initialisation = "he_norml"}); });
}

TEST(ModelText, BuildsInFloat64) {
  const nn::Sequential net = build_model("linear(3), softmax", {2}, {.dtype = DType::f64});
  EXPECT_EQ(net.parameters()[0].dtype(), DType::f64);
  expect_error(ErrorKind::dtype, "i32", [] { build_model("relu", {2}, {.dtype = DType::i32}); });
}

void expect_wrong(const std::string& text, const std::string& message) {
  SCOPED_TRACE(text);
  expect_error(ErrorKind::argument, message, [&] { build_model(text, {4}); });
}

TEST(ModelText, NamesTheColumnAndTheRemedy) {
  expect_wrong("", "column 1: the model text is empty");
  expect_wrong("linear(30), sigmod", "column 13: unknown layer \"sigmod\"; did you mean \"sigmoid\"?");
  expect_wrong("xyzzy", "known are");
  expect_wrong("ReLU", "did you mean \"relu\"?");
  expect_wrong("linear(30),", "column 12: expected a layer, got the end");
  expect_wrong("linear(30), , relu", "column 13: expected a layer, got \",\"");
  expect_wrong("linear(30) relu", "column 12: expected a comma or the end, got \"r\"");
  expect_wrong("relu)", "column 5");
  expect_wrong("linear(30", "column 10: linear: expected \")\"");
}

TEST(ModelText, ChecksArguments) {
  expect_wrong("linear", "linear: units is missing");
  expect_wrong("linear()", "linear: units is missing");
  expect_wrong("linear(three)", "column 8: linear: units is \"three\"; expected a whole number");
  expect_wrong("linear(2.5)", "expected a whole number");
  expect_wrong("linear(0)", "expected 1 to 2147483647");
  expect_wrong("linear(nan)", "expected a whole number");
  expect_wrong("linear(3, true, 1)", "too many arguments; it takes 2");
  expect_wrong("linear(3, bias=maybe)", "expected true or false");
  expect_wrong("linear(3, units=4)", "units is given twice");
  expect_wrong("linear(bias=false, 3)", "too many arguments");
  expect_wrong("linear(3, bais=true)", "linear has no argument \"bais\"; did you mean \"bias\"?");
  expect_wrong("dropout(1)", "expected 0 to");
  expect_wrong("relu(1)", "too many arguments; it takes 0");
  expect_wrong("residual", "residual wants layers in parentheses");
  expect_wrong("residual()", "expected a layer");
}

TEST(ModelText, RefusesNestingAndSizesWithoutEnd) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "residual(";
  expect_wrong(deep, "nested more than");
  expect_wrong("linear(2147483647), linear(2147483647)", "parameters are more than");
}

TEST(ModelText, TellsWhichLayerDoesNotFit) {
  expect_error(ErrorKind::shape,
               "column 7: linear for a sample [2, 4, 4]: it takes one row of numbers for a sample, not "
               "[2, 4, 4]; put flatten before it",
               [] {
                 build_model("relu, linear(3)", {2, 4, 4});
               });
  expect_error(ErrorKind::shape, "column 1: residual for a sample [4]: residual: its body makes",
               [] { build_model("residual(linear(3))", {4}); });
  expect_error(ErrorKind::shape, "axis 2 is none of a sample [4]", [] { build_model("softmax(2)", {4}); });
  expect_error(ErrorKind::shape, "expected 1 to 2^31 elements", [] { build_model("relu", {0}); });
}

TEST(Summary, HasARowForEachLayer) {
  const nn::Sequential net =
      build_model("linear(30), relu, residual(linear(30)), linear(10, bias=false)", {64});
  const std::vector<nn::SummaryRow> rows = nn::summary(net, {64});
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].name, "linear_1");
  EXPECT_EQ(rows[0].text, "linear(30)");
  EXPECT_EQ(rows[0].output_shape, Shape{30});
  EXPECT_EQ(rows[0].parameters, 64 * 30 + 30);
  EXPECT_EQ(rows[0].flops, 2 * 64 * 30);  // 64 products, 63 sums and the bias, for each unit
  EXPECT_EQ(rows[1].parameters, 0);
  EXPECT_EQ(rows[1].flops, 30);
  EXPECT_EQ(rows[2].text, "residual(linear(30))");
  EXPECT_EQ(rows[2].flops, 2 * 30 * 30 + 30);
  EXPECT_EQ(rows[3].flops, (2 * 30 - 1) * 10);
  EXPECT_EQ(nn::parameter_count(net), 64 * 30 + 30 + 30 * 30 + 30 + 300);
}

TEST(Layers, AreDescribed) {
  std::vector<std::string> signatures;
  for (const nn::LayerInfo& info : nn::layers()) {
    signatures.push_back(info.signature);
    EXPECT_FALSE(info.summary.empty()) << info.signature;
  }
  EXPECT_THAT(signatures, testing::IsSupersetOf({"linear(units, bias=true)", "relu", "softmax(axis=-1)",
                                                 "dropout(p)", "residual(layers)"}));
  EXPECT_EQ(signatures.size(), nn::layer_table().size());
}

// Layers under checkpoint are the same layers: text, values and gradients, with dropout's masks, to the bit.
TEST(ModelText, LayersUnderCheckpointComputeTheSame) {
  const std::string inside = "linear(5), tanh, dropout(0.5), linear(5), sigmoid";
  const Array x = Array::of({1, -2, 3, 0.5f});
  std::vector<std::vector<float>> found[2];
  for (const bool again : {false, true}) {
    const std::string text = (again ? "checkpoint(" : "sequential(") + inside + "), linear(1)";
    const nn::Sequential net = build_model(text, {2});
    EXPECT_EQ(net.text(), text);
    EXPECT_EQ(nn::cloned(net).text(), text);
    const Generator generator(3);
    const GeneratorScope scope(generator);
    auto slopes = compile([&](Array a) { return gradients(sum(square(net(a))), net.parameters()); });
    for (const Array& slope : slopes(reshape(x, Shape{2, 2}))) {
      found[again ? 1 : 0].push_back(slope.to_vector<float>());
    }
  }
  EXPECT_EQ(found[0], found[1]);
}

}  // namespace
