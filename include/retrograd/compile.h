// compile(f): traces f once for each set of input types and keeps the plan. Gradients and updates recorded by
// Variable::set_next inside f are part of it: one call is forward, backward and update.
#pragma once

#include <retrograd/array.h>
#include <retrograd/cache_counts.h>
#include <retrograd/low_precision.h>
#include <retrograd/trace.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace retrograd {

struct CompileOptions {
  Mode mode = Mode::training;
  // False: every op is a step of its own, for comparison and for profiles op by op.
  bool fuse = true;
  // Of products. A function that is called inside of another is computed in that one's.
  Precision precision = Precision::full;
};

// The function under a CompiledFunction: from placeholders to results.
class TracedFunction {
 public:
  virtual ~TracedFunction() = default;
  virtual std::vector<Array> trace(std::span<const Array> inputs) = 0;
};

// The plans of one function. A call in steady state (same types as the call before, results dropped)
// allocates nothing and takes no lock. Calls from several threads are safe unless the function updates
// variables.
class CompiledFunction {
 public:
  // Throws what check_precision() throws.
  CompiledFunction(std::unique_ptr<TracedFunction> function, CompileOptions options);
  ~CompiledFunction();
  CompiledFunction(CompiledFunction&&) noexcept;
  CompiledFunction& operator=(CompiledFunction&&) noexcept;

  // Runs with `inputs`, evaluated first where their values are not known, and fills `outputs`, whose number
  // must be that of the function's results. Throws what tracing throws, Error(data) for an index out of
  // range, and Error(diverged) where a check_finite found a NaN or an infinity, naming the op and the module
  // that made it first; variables are unchanged then.
  void call(std::span<const Array> inputs, std::span<Array> outputs);
  // The same for a number of results that only the trace knows.
  std::vector<Array> call(std::span<const Array> inputs);

  // What was planned for each set of input types: every step with its module, ops, kernel, shards, operations
  // and operands (place, type, strides where not row-major); their sum; reorders and copies; the arena beside
  // the most bytes alive at a step, below which none can be; the counts of the cache.
  std::string describe() const;
  // The number of plans held.
  std::size_t plans() const;
  CacheCounts cache() const;

  // What tap() named in the function, with its value and gradient as the last call made them; nothing before
  // the first call.
  std::vector<Tap> taps() const;
  // The one of this name. Throws Error(argument) where there is none.
  Tap tap(std::string_view name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

namespace internal {

template <typename F, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return std::is_invocable_v<F&, decltype(static_cast<void>(I), Array())...>;
}

// The number of arrays that F takes, at most 16.
template <typename F, std::size_t N = 0>
constexpr std::size_t arity() {
  static_assert(N <= 16, "compile: the function must take between 0 and 16 Arrays");
  if constexpr (takes<F>(std::make_index_sequence<N>())) {
    return N;
  } else {
    return arity<F, N + 1>();
  }
}

template <typename F, std::size_t... I>
decltype(auto) invoke(F& function, [[maybe_unused]] std::span<const Array> inputs,
                      std::index_sequence<I...>) {
  return function(inputs[I]...);
}

inline std::vector<Array> results_of(Array result) { return {std::move(result)}; }
inline std::vector<Array> results_of(std::vector<Array> results) { return results; }
template <std::size_t N>
std::vector<Array> results_of(const std::array<Array, N>& results) {
  return std::vector<Array>(results.begin(), results.end());
}
inline std::vector<Array> results_of(const std::pair<Array, Array>& results) {
  return {results.first, results.second};
}

template <typename F>
class Traced final : public TracedFunction {
 public:
  explicit Traced(F function) : function_(std::move(function)) {}
  std::vector<Array> trace(std::span<const Array> inputs) override {
    constexpr std::size_t n = arity<F>();
    if constexpr (std::is_void_v<decltype(invoke(function_, inputs, std::make_index_sequence<n>()))>) {
      invoke(function_, inputs, std::make_index_sequence<n>());
      return {};
    } else {
      return results_of(invoke(function_, inputs, std::make_index_sequence<n>()));
    }
  }

 private:
  F function_;
};

// How many results of type R there are and how they are handed over.
template <typename R>
struct Results;
template <>
struct Results<void> {
  static void call(CompiledFunction& f, std::span<const Array> inputs) { f.call(inputs, std::span<Array>()); }
};
template <>
struct Results<Array> {
  static Array call(CompiledFunction& f, std::span<const Array> inputs) {
    Array result;
    f.call(inputs, std::span<Array>(&result, 1));
    return result;
  }
};
template <>
struct Results<std::vector<Array>> {
  static std::vector<Array> call(CompiledFunction& f, std::span<const Array> inputs) {
    return f.call(inputs);
  }
};
template <std::size_t N>
struct Results<std::array<Array, N>> {
  static std::array<Array, N> call(CompiledFunction& f, std::span<const Array> inputs) {
    std::array<Array, N> results;
    f.call(inputs, results);
    return results;
  }
};
template <>
struct Results<std::pair<Array, Array>> {
  static std::pair<Array, Array> call(CompiledFunction& f, std::span<const Array> inputs) {
    std::array<Array, 2> results;
    f.call(inputs, results);
    return {std::move(results[0]), std::move(results[1])};
  }
};

}  // namespace internal

// A function of Arrays that runs as one plan.
template <typename F>
class Compiled {
 public:
  Compiled(F function, CompileOptions options)
      : function_(std::make_unique<internal::Traced<F>>(std::move(function)), options) {}

  template <typename... A>
  auto operator()(const A&... arguments) {
    static_assert(sizeof...(A) == internal::arity<F>(),
                  "a compiled function takes as many Arrays as the original");
    using Result = decltype(internal::invoke(std::declval<F&>(), std::span<const Array>(),
                                             std::make_index_sequence<internal::arity<F>()>()));
    const std::array<Array, sizeof...(A)> inputs{Array(arguments)...};
    return internal::Results<std::remove_cvref_t<Result>>::call(function_, inputs);
  }

  std::string describe() const { return function_.describe(); }
  std::size_t plans() const { return function_.plans(); }
  CacheCounts cache() const { return function_.cache(); }
  std::vector<Tap> taps() const { return function_.taps(); }
  Tap tap(std::string_view name) const { return function_.tap(name); }

 private:
  CompiledFunction function_;
};

// f takes Arrays and returns void, an Array, a pair, std::array or std::vector of Arrays. It is called again
// for each new set of input types; what it does besides building the graph happens then, not at every call.
template <typename F>
Compiled<std::decay_t<F>> compile(F&& function, CompileOptions options = {}) {
  return Compiled<std::decay_t<F>>(std::forward<F>(function), options);
}

}  // namespace retrograd
