// Text as data for language models: characters or bytes as tokens, and windows of them, each token's target
// being the one after it.
//
//   auto parts = rg::data::load_text("tinyshakespeare.txt", {.context = 64});
#pragma once

#include <retrograd/data.h>
#include <retrograd/vocabulary.h>

#include <cstdint>
#include <string>

namespace retrograd::data {

struct TextOptions {
  bool bytes = false;         // bytes as tokens, not characters
  std::int64_t context = 64;  // tokens of a window
  double test = 0.2;          // of the text, its end
  double validation = 0.1;    // of the rest, its end
};

// Reads a text, splits it in order (training, validation, test) and cuts the parts into windows. Classes are
// the tokens; the vocabulary is that of the whole text. Throws Error(data) naming the file: missing, no
// UTF-8, or a part that is shorter than context + 1 tokens, with the remedy; Error(argument) for a context
// below 1.
Parts load_text(const std::string& path, const TextOptions& options = {});
// The whole file as one part, by a vocabulary that there is.
Dataset load_text(const std::string& path, const Vocabulary& vocabulary, std::int64_t context);

}  // namespace retrograd::data
