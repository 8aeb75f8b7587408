// transformer_block: attention and a network at each step, with norms and residual sums.
#include <retrograd/ops.h>
#include <retrograd/trace.h>
#include <retrograd/transformer.h>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/claim_attention.h"

namespace retrograd::nn {
namespace {

MultiHeadAttention attention_of(std::int64_t width, std::int64_t heads,
                                const TransformerBlockOptions& options, bool causal) {
  return MultiHeadAttention(width, heads,
                            {.groups = options.groups,
                             .causal = causal,
                             .rotary = options.rotary && causal == options.causal,
                             .initialisation = options.initialisation,
                             .dtype = options.dtype});
}

Linear layer_of(std::int64_t inputs, std::int64_t outputs, const TransformerBlockOptions& options) {
  return Linear(inputs, outputs, {.initialisation = options.initialisation, .dtype = options.dtype});
}

std::int64_t hidden_of(std::int64_t width, const TransformerBlockOptions& options) {
  return options.hidden == 0 ? 4 * width : options.hidden;
}

}  // namespace

TransformerBlock::TransformerBlock(std::int64_t width, std::int64_t heads,
                                   const TransformerBlockOptions& options)
    : Module("transformer_block"),
      width_(width),
      heads_(heads),
      options_(options),
      attention_(add_child("attention", attention_of(width, heads, options, options.causal))),
      attention_norm_(add_child("attention_norm", LayerNorm(width, {.dtype = options.dtype}))),
      widen_(add_child("widen", layer_of(width, hidden_of(width, options), options))),
      narrow_(add_child("narrow", layer_of(hidden_of(width, options), width, options))),
      network_norm_(add_child("network_norm", LayerNorm(width, {.dtype = options.dtype}))),
      dropout_(add_child("dropout", Dropout(options.dropout))) {
  if (options.cross) {
    cross_ = &add_child("cross", attention_of(width, heads, options, false));
    cross_norm_ = &add_child("cross_norm", LayerNorm(width, {.dtype = options.dtype}));
  }
  set_seed(options.seed);
  redraw_unused();
}

std::string TransformerBlock::text() const {
  std::string inside = std::to_string(heads_);
  if (options_.causal) inside += ", causal=true";
  if (options_.hidden != 0) inside += fmt::format(", hidden={}", options_.hidden);
  if (!options_.norm_first) inside += ", norm_first=false";
  if (options_.groups != 0) inside += fmt::format(", groups={}", options_.groups);
  if (options_.rotary) inside += ", rotary=true";
  if (options_.dropout != 0.0) inside += fmt::format(", dropout={}", options_.dropout);
  return fmt::format("transformer_block({})", inside);
}

std::int64_t TransformerBlock::flops(const Shape& input, const Shape& output) const {
  const std::int64_t network = 4 * input[0] * width_ * hidden_of(width_, options_);
  return attention_.flops(input, output) + network + 16 * output.size();
}

Array TransformerBlock::run(const Array& x, const Array& memory, const Array& lengths,
                            const Array& memory_lengths) const {
  const auto added = [&](const Array& to, const LayerNorm& norm, auto f) {
    return options_.norm_first ? to + dropout_(f(norm(to))) : norm(to + dropout_(f(to)));
  };
  Array y = added(x, attention_norm_, [&](const Array& in) {
    return lengths.empty() ? attention_(in) : attention_(in, in, lengths);
  });
  if (cross_ != nullptr) {
    if (memory.empty()) fail(ErrorKind::argument, "{}: it wants the outputs of an encoder too", name());
    y = added(y, *cross_norm_, [&](const Array& in) { return (*cross_)(in, memory, memory_lengths); });
  }
  return added(y, network_norm_, [&](const Array& in) { return narrow_(gelu(widen_(in))); });
}

Array TransformerBlock::operator()(const Array& x, const Array& memory, const Array& lengths,
                                   const Array& memory_lengths) const {
  mark_used();
  const NameScope scope(name());
  return run(x, memory, lengths, memory_lengths);
}

Array TransformerBlock::forward(const Array& x) const { return run(x, {}, {}, {}); }

std::unique_ptr<Module> TransformerBlock::replica() const {
  return std::make_unique<TransformerBlock>(width_, heads_, options_);
}

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  if (input.rank() != 2) {
    fail(ErrorKind::shape, "it takes sequences [steps, features], not {}; put embedding before it for text",
         input.to_string());
  }
  const std::int64_t width = input[1];
  const std::int64_t hidden = spec.integer(2) == 0 ? 4 * width : spec.integer(2);
  claim_attention(width, spec.integer(0), spec.integer(4), context);
  context.claim(4, width);
  context.claim(width + 1, hidden);
  context.claim(hidden + 1, width);
  return std::make_unique<TransformerBlock>(
      width, spec.integer(0),
      TransformerBlockOptions{.causal = spec.boolean(1),
                              .norm_first = spec.boolean(3),
                              .hidden = spec.integer(2),
                              .groups = spec.integer(4),
                              .rotary = spec.boolean(5),
                              .dropout = spec.real(6),
                              .initialisation = context.initialisation(),
                              .dtype = context.dtype()});
}

}  // namespace

extern const LayerDef transformer_block_layer{
    .name = "transformer_block",
    .summary =
        "Attention with `heads` heads, then two layers with GELU at each step, each with norm and residual "
        "sum.",
    .parameters = {{"heads", ArgumentType::integer, 1, 65536},
                   {"causal", ArgumentType::boolean, 0, 1, false, 0},
                   {"hidden", ArgumentType::integer, 0, 1048576, false, 0},
                   {"norm_first", ArgumentType::boolean, 0, 1, false, 1},
                   {"groups", ArgumentType::integer, 0, 65536, false, 0},
                   {"rotary", ArgumentType::boolean, 0, 1, false, 0},
                   {"dropout", ArgumentType::real, 0.0, 0.999999, false, 0}},
    .make = make,
};

}  // namespace retrograd::nn
