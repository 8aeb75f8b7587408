// scan: a recurrence that the user writes, over the first axis of sequences. Not here: rnn, lstm and gru,
// which have kernels over the whole sequence (<retrograd/recurrent.h>).
//
// The step is traced once, whatever the length T: it becomes the body of a loop, which a plan compiles by
// itself and runs T times on slices of the sequences, so that building and planning take time and memory that
// do not depend on T. All that holds of graphs holds of it: gradients of any order (backpropagation through
// time is a loop again, from the other end), also those of Variables and arrays that the step reads, summed
// over the steps. Of each step a gradient keeps the values that it uses; with `checkpoint` the carries alone.
// A random op draws other numbers in each step: in step t its counter's step is moved by t 2^32. What the
// step does beside building arrays happens once. It can tap no value and update no Variable by what it
// computes (Error(argument)): return those among the outputs or the carry.
//
// The results of one scan are evaluated by one run of the loop where they are asked for together: in a
// compiled function, or by eval({a, b}).
#pragma once

#include <retrograd/array.h>
#include <retrograd/checkpoint.h>

#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace retrograd {

// What a step gives: the carry for the next one, and its outputs. Of a whole scan: the carry after the last
// step, and the outputs one behind the other, y [T, ...], in the order of the sequences.
struct ScanStep {
  std::vector<Array> carry;
  std::vector<Array> ys;
};

struct ScanOptions {
  bool reverse = false;      // from the last element of the sequences to the first
  bool checkpoint = false;   // a gradient keeps the carries alone and computes the inside of each step again
  std::int64_t length = -1;  // T, needed only where there are no sequences
  // T copies of the step's nodes instead of a loop, with fusion across steps; taps and updates are allowed as
  // in any graph. For short sequences; building and planning take time and memory in proportion to T.
  bool unroll = false;
};

namespace internal {

class ScanBody {
 public:
  virtual ~ScanBody() = default;
  virtual ScanStep step(std::span<const Array> carry, std::span<const Array> x) = 0;
};

ScanStep scan(ScanBody& body, std::vector<Array> init, std::span<const Array> xs, const ScanOptions& options);

template <typename F>
class ScanBodyOf final : public ScanBody {
 public:
  explicit ScanBodyOf(F& function) : function_(function) {}
  ScanStep step(std::span<const Array> carry, std::span<const Array> x) override {
    return function_(carry, x);
  }

 private:
  F& function_;
};

}  // namespace internal

// (carry, y_t) = f(carry, x_t) for t = 0, 1, ..., T - 1, where carry is `init` at first and x_t has xs[k]
// [T, ...] at t, of shape [...]. f takes two std::span<const Array> and returns a ScanStep. Throws
// Error(argument) for no sequences and no length, or where the number of carries or outputs changes,
// Error(shape) for T = 0, for sequences of different lengths or a carry or output that changes its shape,
// Error(dtype) likewise.
template <typename F>
requires(std::is_invocable_v<F&, std::span<const Array>, std::span<const Array>>) ScanStep
    scan(F&& f, std::vector<Array> init, const std::vector<Array>& xs, const ScanOptions& options = {}) {
  internal::ScanBodyOf<std::remove_reference_t<F>> body(f);
  return internal::scan(body, std::move(init), xs, options);
}

// The same for one carry, one sequence and one output: f(Array carry, Array x_t) gives a pair of the carry
// and y_t; the result is the last carry and y [T, ...].
//
//   auto [total, sums] = scan([](Array s, Array x) { return std::pair(s + x, s + x); }, zeros({3}), xs);
template <typename F>
requires(std::is_invocable_v<F&, const Array&, const Array&>) std::pair<Array, Array> scan(
    F&& f, const Array& init, const Array& xs, const ScanOptions& options = {}) {
  const auto step = [&f](std::span<const Array> carry, std::span<const Array> x) {
    std::pair<Array, Array> made = f(carry[0], x[0]);
    return ScanStep{{std::move(made.first)}, {std::move(made.second)}};
  };
  ScanStep all = scan(step, std::vector<Array>{init}, std::vector<Array>{xs}, options);
  return {std::move(all.carry[0]), std::move(all.ys[0])};
}

}  // namespace retrograd
