// attention: projections to heads, attention, and back.
#include <retrograd/ops.h>
#include <retrograd/trace.h>
#include <retrograd/transformer.h>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/claim_attention.h"

namespace retrograd::nn {
namespace {

Linear projection(std::int64_t inputs, std::int64_t outputs, const MultiHeadAttentionOptions& options) {
  return Linear(inputs, outputs,
                {.bias = options.bias, .initialisation = options.initialisation, .dtype = options.dtype});
}

std::int64_t groups_of(std::int64_t heads, const MultiHeadAttentionOptions& options) {
  return options.groups == 0 ? heads : options.groups;
}

std::int64_t checked_head(std::int64_t width, std::int64_t heads, std::int64_t groups) {
  if (width < 1 || heads < 1 || groups < 1 || width % heads != 0 || heads % groups != 0) {
    fail(ErrorKind::argument,
         "MultiHeadAttention: width {}, {} heads, {} groups; expected heads that divide the width and groups "
         "that "
         "divide the heads",
         width, heads, groups);
  }
  return width / heads;
}

}  // namespace

MultiHeadAttention::MultiHeadAttention(std::int64_t width, std::int64_t heads,
                                       const MultiHeadAttentionOptions& options)
    : Module("attention"),
      width_(checked_head(width, heads, groups_of(heads, options)) * heads),
      heads_(heads),
      groups_(groups_of(heads, options)),
      options_(options),
      query_(add_child("query", projection(width, width, options))),
      key_(add_child("key", projection(width, groups_ * (width / heads), options))),
      value_(add_child("value", projection(width, groups_ * (width / heads), options))),
      output_(add_child("output", projection(width, width, options))) {
  set_seed(options.seed);
  redraw_unused();
}

std::string MultiHeadAttention::text() const {
  std::string inside = std::to_string(heads_);
  if (options_.causal) inside += ", causal=true";
  if (groups_ != heads_) inside += fmt::format(", groups={}", groups_);
  if (options_.rotary) inside += ", rotary=true";
  return fmt::format("attention({})", inside);
}

std::int64_t MultiHeadAttention::flops(const Shape& input, const Shape&) const {
  const std::int64_t T = input[0];
  const std::int64_t projections = 4 * T * width_ * (width_ + groups_ * (width_ / heads_));
  return projections + 4 * T * T * width_;
}

Array MultiHeadAttention::attend(const Array& x, const Array& context, const Array& lengths,
                                 const Array& mask) const {
  for (const Array& array : {x, context}) {
    if (array.rank() == 3 && array.shape()[2] == width_ && array.shape()[0] == x.shape()[0]) continue;
    fail(ErrorKind::shape, "{}: got {} and {}, expected [batch, steps, {}]", name(), x.shape().to_string(),
         context.shape().to_string(), width_);
  }
  const std::int64_t head = width_ / heads_;
  const auto in_heads = [&](const Array& rows, std::int64_t heads) {
    return reshape(rows, Shape{rows.shape()[0], rows.shape()[1], heads, head});
  };
  Array q = in_heads(query_(x), heads_);
  Array k = in_heads(key_(context), groups_);
  const Array v = in_heads(value_(context), groups_);
  if (options_.rotary) {
    q = rotary(q);
    k = rotary(k);
  }
  const Array y =
      retrograd::attention(q, k, v, {.causal = options_.causal, .lengths = lengths, .mask = mask});
  return output_(reshape(y, x.shape()));
}

Array MultiHeadAttention::operator()(const Array& x, const Array& context, const Array& lengths,
                                     const Array& mask) const {
  mark_used();
  const NameScope scope(name());
  return attend(x, context, lengths, mask);
}

Array MultiHeadAttention::forward(const Array& x) const { return attend(x, x, {}, {}); }

std::unique_ptr<Module> MultiHeadAttention::replica() const {
  return std::make_unique<MultiHeadAttention>(width_, heads_, options_);
}

void claim_attention(std::int64_t width, std::int64_t heads, std::int64_t groups, BuildContext& context) {
  const std::int64_t of_keys = (groups == 0 ? heads : groups) * (width / heads);
  context.claim(width + 1, 2 * (width + of_keys));
}

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  if (input.rank() != 2) {
    fail(ErrorKind::shape, "it takes sequences [steps, features], not {}; put embedding before it for text",
         input.to_string());
  }
  claim_attention(input[1], spec.integer(0), spec.integer(2), context);
  return std::make_unique<MultiHeadAttention>(
      input[1], spec.integer(0),
      MultiHeadAttentionOptions{.groups = spec.integer(2),
                                .causal = spec.boolean(1),
                                .rotary = spec.boolean(3),
                                .initialisation = context.initialisation(),
                                .dtype = context.dtype()});
}

}  // namespace

extern const LayerDef attention_layer{
    .name = "attention",
    .summary = "Attention of a sequence to itself with `heads` heads; causal: a step sees those before it.",
    .parameters = {{"heads", ArgumentType::integer, 1, 65536},
                   {"causal", ArgumentType::boolean, 0, 1, false, 0},
                   {"groups", ArgumentType::integer, 0, 65536, false, 0},
                   {"rotary", ArgumentType::boolean, 0, 1, false, 0}},
    .make = make,
};

}  // namespace retrograd::nn
