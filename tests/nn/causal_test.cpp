// Language models look back alone.
#include <gtest/gtest.h>
#include <retrograd/eval.h>
#include <retrograd/model_text.h>
#include <retrograd/ops.h>

namespace {

using namespace retrograd;

// logits [1, T, V] of tokens [1, T]
std::vector<float> logits(const nn::Sequential& model, const std::vector<float>& tokens) {
  const auto steps = static_cast<std::int64_t>(tokens.size());
  return model(Array::from(std::span<const float>(tokens), {1, steps})).to_vector<float>();
}

// What a step is computed of is computed alike whatever stands behind it: the same bits, but for attention,
// whose tiles end with the causal edge, so that no sum has other terms either.
TEST(LanguageModels, SeeNoTokenBehindTheirStep) {
  constexpr std::int64_t T = 12, V = 7;
  for (const char* name : {"gpt(2, 2, 16)", "lstm-lm(10, 2)", "gru-lm(10, 2)"}) {
    const nn::Sequential model = nn::build_model(nn::expand_model(name, {T}, V), {T}, {.vocabulary = V});
    std::vector<float> tokens;
    for (std::int64_t i = 0; i < T; ++i) tokens.push_back(static_cast<float>(i * i % V));
    const std::vector<float> before = logits(model, tokens);
    for (const std::int64_t t : {std::int64_t{0}, std::int64_t{5}, T - 2}) {
      std::vector<float> others = tokens;
      for (std::int64_t i = t + 1; i < T; ++i) {
        float& token = others[static_cast<std::size_t>(i)];
        token = static_cast<float>((static_cast<std::int64_t>(token) + 3) % V);
      }
      const std::vector<float> after = logits(model, others);
      const auto seen = static_cast<std::ptrdiff_t>((t + 1) * V);
      for (std::ptrdiff_t i = 0; i < seen; ++i) {
        EXPECT_EQ(before[static_cast<std::size_t>(i)], after[static_cast<std::size_t>(i)])
            << name << ": step " << i / V << " sees behind step " << t;
      }
      EXPECT_FALSE(std::equal(before.begin() + seen, before.begin() + seen + V, after.begin() + seen))
          << name << ": step " << t + 1 << " does not see its own token";
    }
  }
}

}  // namespace
