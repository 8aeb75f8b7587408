// checkpoint: memory for time. What a function makes is not kept for its gradient but computed again when the
// gradient gets there, so that a deep network in n segments keeps their n borders and the inside of one.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace retrograd {

struct Segment;

// Nodes made in its lifetime, on this thread, belong to one segment: a gradient taken outside of it has them
// computed again from what the segment was given. Segments nest.
class CheckpointScope {
 public:
  CheckpointScope();
  ~CheckpointScope();
  CheckpointScope(const CheckpointScope&) = delete;
  CheckpointScope& operator=(const CheckpointScope&) = delete;

 private:
  std::shared_ptr<const Segment> before_;
};

// A function whose inside is one segment at each call.
template <typename F>
class Checkpointed {
 public:
  explicit Checkpointed(F function) : function_(std::move(function)) {}

  template <typename... A>
  auto operator()(A&&... arguments) {
    const CheckpointScope scope;
    return function_(std::forward<A>(arguments)...);
  }
  template <typename... A>
  auto operator()(A&&... arguments) const {
    const CheckpointScope scope;
    return function_(std::forward<A>(arguments)...);
  }

 private:
  F function_;
};

// checkpoint(f)(x...) is f(x...), to the bit, and so are its gradients of any order: random ops draw the same
// numbers again, updates (Variable::set_next) and checks happen once. f may read Variables and arrays made
// outside. What it makes lives until the function is left, and once more while its gradient is computed, if
// nobody else holds it. Time: f's own once more in each gradient. Chen, Xu, Zhang, Guestrin 2016.
template <typename F>
Checkpointed<std::decay_t<F>> checkpoint(F&& function) {
  return Checkpointed<std::decay_t<F>>(std::forward<F>(function));
}

}  // namespace retrograd
