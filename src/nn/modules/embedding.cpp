// embedding: rows of a table that is learned.
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Embedding::Embedding(std::int64_t entries, std::int64_t size, const EmbeddingOptions& options)
    : Module("embedding"), entries_(entries), size_(size), options_(options) {
  if (entries < 1 || size < 1) {
    fail(ErrorKind::argument, "Embedding: {} entries of size {}; expected at least 1 of each", entries, size);
  }
  set_seed(options.seed);
  weight_ = add_parameter("weight", {entries, size}, options.dtype, options.initialiser, {entries, size});
}

const Variable& Embedding::weight() const {
  mark_used();
  return weight_;
}

std::string Embedding::text() const { return fmt::format("embedding({}, {})", entries_, size_); }

Array Embedding::forward(const Array& x) const {
  const bool index = x.dtype() == DType::i32 || x.dtype() == DType::i64;
  return take(weight_, index ? x : cast(x, DType::i32));
}

std::unique_ptr<Module> Embedding::replica() const {
  return std::make_unique<Embedding>(entries_, size_, options_);
}

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape&, BuildContext& context) {
  const bool is_short = spec.integer(1) == 0;  // embedding(size)
  const std::int64_t entries = is_short ? context.vocabulary() : spec.integer(0);
  const std::int64_t size = is_short ? spec.integer(0) : spec.integer(1);
  if (entries == 0) {
    fail(ErrorKind::argument,
         "the data has no vocabulary that tells the number of entries; write embedding(entries, {})", size);
  }
  context.claim(entries, size);
  return std::make_unique<Embedding>(entries, size, EmbeddingOptions{.dtype = context.dtype()});
}

}  // namespace

// f32 holds whole numbers up to 2^24.
extern const LayerDef embedding_layer{
    .name = "embedding",
    .summary =
        "For each whole number of a sample the row of a learned table of `entries` rows. For text "
        "embedding(size): as many rows as the vocabulary has.",
    .parameters = {{"entries", ArgumentType::integer, 1, 16777216},
                   {"size", ArgumentType::integer, 1, 2147483647, false, 0}},
    .make = make,
};

}  // namespace retrograd::nn
