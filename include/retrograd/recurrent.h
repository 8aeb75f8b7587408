// Recurrent networks over whole sequences, as functions; layers made of them are in
// <retrograd/recurrent_layers.h>.
//
// The input's part of all steps, z = x W + b, is computed first, as one product; a function here takes z and
// goes through the steps. Letters: N sequences of T steps, H units. All arrays have one floating dtype.
//
// With `lengths` a sequence ends before T: from there on its state stays as it is, so that the state of the
// last step is the one at the sequence's end. In reverse a sequence starts at its own end. No gradient comes
// from steps behind the end.
//
// In f32 one kernel goes through all steps forward and one backward, sequences shared among threads.
#pragma once

#include <retrograd/array.h>

namespace retrograd {

struct RecurrentOptions {
  bool reverse = false;  // from the last step to the first: "the state before" is then that of step t + 1
  Array lengths = {};    // i32 [N], 0 to T; more counts as T
};

enum class RnnActivation { tanh, relu };

// h_t = f(z_t + h_{t-1} w).
//   z [N, T, H], w [H, H], h0 [N, H] the state before the first step -> h [N, T, H].
// Throws Error(shape) where the shapes do not fit. Source: Elman 1990; Goodfellow et al. 2016, 10.2.
Array rnn(const Array& z, const Array& w, const Array& h0, RnnActivation activation = RnnActivation::tanh,
          const RecurrentOptions& options = {});

struct LstmStates {
  Array h;  // [N, T, H]
  Array c;  // [N, T, H], the cells
};
// i, f, g, o = z_t + h_{t-1} w in four blocks of H;  c_t = s(f) c_{t-1} + s(i) tanh(g),
// h_t = s(o) tanh(c_t), s the sigmoid.
//   z [N, T, 4 H], w [H, 4 H], h0 and c0 [N, H].
// Source: Hochreiter and Schmidhuber 1997; the forget gate: Gers et al. 2000.
LstmStates lstm(const Array& z, const Array& w, const Array& h0, const Array& c0,
                const RecurrentOptions& options = {});

// r, u, n = z_t and a = h_{t-1} w in three blocks of H;  r = s(r + a_r), u = s(u + a_u),
// n = tanh(n + r (a_n + b)), h_t = (1 - u) n + u h_{t-1}.
//   z [N, T, 3 H], w [H, 3 H], b [H], h0 [N, H] -> h [N, T, H].
// Source: Cho et al. 2014, with the reset gate behind the product as in cuDNN and PyTorch.
Array gru(const Array& z, const Array& w, const Array& b, const Array& h0,
          const RecurrentOptions& options = {});

}  // namespace retrograd
