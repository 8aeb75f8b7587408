// Transformers: attention with its projections, encoder and decoder blocks, positions. The function
// `attention` is in <retrograd/attention.h>.
#pragma once

#include <retrograd/attention.h>
#include <retrograd/nn.h>

#include <cstdint>
#include <memory>
#include <string>

namespace retrograd::nn {

struct MultiHeadAttentionOptions {
  std::int64_t groups = 0;  // heads of keys and values; 0: as many as of queries
  bool causal = false;
  bool rotary = false;  // queries and keys are turned by their positions
  bool bias = true;
  Initialisation initialisation = {};
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// Projections to queries, keys and values of `heads` heads, attention, and a projection back:
// x [N, T, width] -> [N, T, width]. Vaswani et al. 2017, 3.2.2; groups: Ainslie et al. 2023.
class MultiHeadAttention : public Module {
 public:
  // Throws Error(argument) for sizes below 1, a width that the heads or heads that the groups do not divide.
  MultiHeadAttention(std::int64_t width, std::int64_t heads, const MultiHeadAttentionOptions& options = {});
  using Module::operator();
  // Keys and values from another sequence [N, S, width] (cross attention); lengths and mask as in
  // AttentionOptions, whose other fields come from the module.
  Array operator()(const Array& x, const Array& context, const Array& lengths = {},
                   const Array& mask = {}) const;
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  Array attend(const Array& x, const Array& context, const Array& lengths, const Array& mask) const;

  std::int64_t width_;
  std::int64_t heads_;
  std::int64_t groups_;
  MultiHeadAttentionOptions options_;
  Linear& query_;
  Linear& key_;
  Linear& value_;
  Linear& output_;
};

struct TransformerBlockOptions {
  bool causal = false;      // a decoder's: a step sees those before it
  bool norm_first = true;   // x + f(norm(x)), else norm(x + f(x)) as in the paper
  bool cross = false;       // a second attention, to the outputs of an encoder
  std::int64_t hidden = 0;  // of the network at each step; 0: 4 width
  std::int64_t groups = 0;  // as in MultiHeadAttentionOptions
  bool rotary = false;
  double dropout = 0.0;  // of what is added, in training
  Initialisation initialisation = {};
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// Attention and a network of two layers with GELU at each step, each with norm and residual sum:
// x [N, T, width] -> [N, T, width]. Vaswani et al. 2017, 3.1; norm first: Xiong et al. 2020.
class TransformerBlock : public Module {
 public:
  // Throws as MultiHeadAttention does.
  TransformerBlock(std::int64_t width, std::int64_t heads, const TransformerBlockOptions& options = {});
  using Module::operator();
  // With the outputs of an encoder, for a block with `cross`; `lengths` of x, `memory_lengths` of the other.
  Array operator()(const Array& x, const Array& memory, const Array& lengths = {},
                   const Array& memory_lengths = {}) const;
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  Array run(const Array& x, const Array& memory, const Array& lengths, const Array& memory_lengths) const;

  std::int64_t width_;
  std::int64_t heads_;
  TransformerBlockOptions options_;
  MultiHeadAttention& attention_;
  LayerNorm& attention_norm_;
  MultiHeadAttention* cross_ = nullptr;
  LayerNorm* cross_norm_ = nullptr;
  Linear& widen_;
  Linear& narrow_;
  LayerNorm& network_norm_;
  Dropout& dropout_;
};

// Adds a learned row to each step: x [N, T, width], T <= length; the rows start as N(0, 0.02^2).
class Positions : public Module {
 public:
  // Throws Error(argument) for sizes below 1.
  Positions(std::int64_t length, std::int64_t width, DType dtype = DType::f32, std::uint64_t seed = 0);
  std::string text() const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t length_;
  std::int64_t width_;
  Variable weight_;
};

// Adds sinusoidal_positions: x [N, T, width] -> the same.
class SinusoidalPositions : public Module {
 public:
  SinusoidalPositions() : Module("sinusoidal_positions") {}

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

}  // namespace retrograd::nn
