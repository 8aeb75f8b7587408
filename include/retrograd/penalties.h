// What layers add to the loss of a training step beside what their outputs add to it: the divergence of a
// variational autoencoder, a price on activations. Penalties on weights are l1_penalty and l2_penalty in
// <retrograd/losses.h>.
#pragma once

#include <retrograd/array.h>
#include <retrograd/scope.h>

namespace retrograd::nn {

// Collects what the layers of one forward pass hand in. A layer of one's own does so in its forward():
//
//   if (nn::Penalties* penalties = nn::Penalties::current()) penalties->add(0.01 * sum(abs(y), 1));
//
// The step of train::Trainer keeps one in force: E = sum_n w_n (l_n + p_n) / sum_n w_n of losses l, penalties
// p and the weights w of the samples, so that a sample that counts twice pays twice and one that pads a batch
// nothing. Losses that are reported, and those of evaluation, are without penalties. In a step of one's own:
//
//   nn::Penalties penalties;
//   nn::PenaltiesScope scope(penalties);
//   Array losses = nn::half_squared_errors(net(x), t);
//   if (!penalties.empty()) losses = losses + penalties.total();
class Penalties {
 public:
  Penalties() = default;
  Penalties(const Penalties&) = delete;
  Penalties& operator=(const Penalties&) = delete;

  // A penalty for each sample of the batch, floating [N], or of rank 0, the same for each. Throws
  // Error(shape) for another rank and where N is not that of the penalties before it, Error(dtype).
  void add(const Array& penalty);
  bool empty() const { return total_.empty(); }
  // Their sum, [N] or, where all were of rank 0, []. An empty array where there are none.
  const Array& total() const { return total_; }

  // Those in force on this thread, or null: then a layer computes none.
  static Penalties* current() { return Scope<Penalties>::current(); }

 private:
  Array total_;
};

using PenaltiesScope = Scope<Penalties>;

}  // namespace retrograd::nn
