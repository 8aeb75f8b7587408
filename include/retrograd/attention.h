// Attention: each query's weighted mean of values, the weights from its products with keys; and what tells
// positions apart. Layers made of it are in <retrograd/transformer.h>.
//
// Letters: N sequences, T queries and S keys of each, H heads of the queries, H' of keys and values, D
// elements of a query and a key, V of a value.
#pragma once

#include <retrograd/array.h>

#include <cstdint>

namespace retrograd {

struct AttentionOptions {
  bool causal = false;  // query t sees the keys s <= t + S - T: the last query sees all
  double scale = 0.0;   // of the scores; 0: 1 / sqrt(D)
  Array lengths = {};   // i32 [N]: keys from there on are padding
  Array mask = {};      // bool, broadcasts to [N, H, T, S]: true where the query sees the key
};

// y[n, t, h] = sum_s softmax_s(scale q[n, t, h] . k[n, s, h']) v[n, s, h'] over the keys that t sees, with
// h' = h H' / H: groups of heads share keys and values. A query that sees none gives 0.
//   q [N, T, H, D], k [N, S, H', D], v [N, S, H', V] floating -> [N, T, H, V].
// In f32 the [T, S] matrix of weights is never stored, neither forward nor backward: memory grows with T + S.
// Throws Error(shape) where the shapes do not fit or H' does not divide H.
// Source: Vaswani et al. 2017, 3.2; without the matrix: Dao et al. 2022; groups: Ainslie et al. 2023.
Array attention(const Array& q, const Array& k, const Array& v, const AttentionOptions& options = {});

// [length, size]: row p holds sin(p w_i) at 2 i and cos(p w_i) at 2 i + 1, w_i = 10000^(-2 i / size).
// Source: Vaswani et al. 2017, 3.5. Throws Error(argument) for a length or size below 1.
Array sinusoidal_positions(std::int64_t length, std::int64_t size, DType dtype = DType::f32);

// Turns each pair (x[i], x[i + D/2]) by the angle p base^(-2 i / D), p the position first + t: products of
// two so turned depend on the distance of their positions. x [N, T, H, D] -> the same. Source: Su et al.
// 2021. Throws Error(shape) for an odd D.
Array rotary(const Array& x, std::int64_t first = 0, double base = 10000.0);

}  // namespace retrograd
