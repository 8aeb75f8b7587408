// Mazur's worked example ("A step by step backpropagation example", 2015) in the record and as text.
#include <gtest/gtest.h>
#include <retrograd/explain.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace {

using namespace retrograd::explain;

const Parameter& weight(const Layer& layer, const std::string& name) {
  for (const Parameter& parameter : layer.weights) {
    if (parameter.name == name) return parameter;
  }
  throw std::runtime_error(name + " is not in " + layer.name);
}

// A value printed with n digits is known to half a unit of the last one.
TEST(MazurRecord, HasThePublishedNumbers) {
  const Record record = mazur_example();
  EXPECT_NEAR(record.error, .298371109, .5e-9);
  EXPECT_NEAR(record.error_after, .291027774, .5e-9);
  ASSERT_EQ(record.layers.size(), 2u);
  const Layer& hidden = record.layers[0];
  const Layer& output = record.layers[1];
  EXPECT_NEAR(hidden.samples[0][0].z, .3775, 1e-15);
  EXPECT_NEAR(hidden.samples[0][0].y, .593269992, .5e-9);
  EXPECT_NEAR(output.samples[0][0].y, .75136507, .5e-8);
  EXPECT_NEAR(record.samples[0].terms[0].value, .274811083, .5e-9);
  EXPECT_NEAR(record.samples[0].terms[1].value, .023560026, .5e-9);
  const Parameter& w5 = weight(output, "w_11");
  EXPECT_NEAR(*w5.factors[0].dE_dy, .74136507, .5e-8);
  EXPECT_NEAR(*w5.factors[0].dy_dz, .186815602, .5e-9);
  EXPECT_NEAR(w5.factors[0].dz_dw, .593269992, .5e-9);
  EXPECT_NEAR(w5.gradient, .082167041, .5e-9);
  EXPECT_NEAR(*w5.updated, .35891648, .5e-8);
  EXPECT_NEAR(*hidden.samples[0][0].dE_dy, .036350306, .5e-9);
  EXPECT_NEAR(hidden.samples[0][0].back_terms[0].product, .055399425, .5e-9);
  EXPECT_NEAR(weight(hidden, "w_11").gradient, .000438568, .5e-9);
  EXPECT_NEAR(*weight(hidden, "w_11").updated, .149780716, .5e-9);
}

TEST(MazurRecord, HoldsTheBiasesFixed) {
  for (const Layer& layer : mazur_example().layers) {
    ASSERT_EQ(layer.biases.size(), 2u);
    for (const Parameter& bias : layer.biases) {
      EXPECT_FALSE(bias.updated.has_value());
      EXPECT_NE(bias.gradient, 0);
    }
  }
}

// RETROGRAD_WRITE_GOLDEN=1 writes the file instead.
TEST(MazurText, IsTheCommittedPage) {
  const std::string path = std::string(RETROGRAD_SOURCE_DIR) + "/tests/explain/mazur.txt";
  const std::string text = to_text(mazur_example());
  if (std::getenv("RETROGRAD_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream stream(path);
  ASSERT_TRUE(stream) << path;
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(stream), {}));
}

}  // namespace
