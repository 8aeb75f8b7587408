// CompiledFunction: traces, plans by input types, and the steady state, in which the execution of the call
// before is taken and put back by one atomic exchange each.
#include <retrograd/compile.h>
#include <retrograd/eval.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "array/node.h"
#include "core/fail.h"
#include "core/suggest.h"
#include "runtime/describe.h"
#include "runtime/execution.h"
#include "runtime/fault_message.h"
#include "runtime/plan_mode.h"

namespace retrograd {
namespace {

using runtime::Execution;
using runtime::FoundFault;

constexpr std::size_t most_plans = 32;

void check_count(std::size_t results, std::size_t asked) {
  if (results == asked) return;
  fail(ErrorKind::argument, "compile: the function has {} results, {} were asked for", results, asked);
}

// Does `array` belong to the traced function? Graphs that were built beside it, as for shapes alone, have
// arguments of their own.
bool is_own(const Array& array, const std::vector<Array>& placeholders) {
  const Array roots[] = {array};
  const std::vector<Node*> nodes = reachable(roots);
  return std::all_of(nodes.begin(), nodes.end(), [&](const Node* node) {
    const auto is_it = [&](const Array& placeholder) { return placeholder.node().get() == node; };
    return !node->is_leaf() || node->has_value() ||
           std::any_of(placeholders.begin(), placeholders.end(), is_it);
  });
}

// Where the value and the gradient of a tap lie among the plan's results; -1: there is no gradient.
struct TapPlace {
  std::string name;
  int value = -1;
  int gradient = -1;
};

// Adds the taps of the traced function to its results.
std::vector<TapPlace> add_taps(const TraceState& trace, const std::vector<Array>& placeholders,
                               std::vector<Array>& results) {
  std::vector<TapPlace> places;
  const auto add = [&](const Array& array) {
    results.push_back(array);
    return static_cast<int>(results.size()) - 1;
  };
  for (const Tap& tap : trace.taps) {
    if (!is_own(tap.value, placeholders)) continue;
    const auto is_named_so = [&](const TapPlace& place) { return place.name == tap.name; };
    if (std::any_of(places.begin(), places.end(), is_named_so)) {
      fail(ErrorKind::argument, "tap: two values of the compiled function are named \"{}\"", tap.name);
    }
    places.push_back({tap.name, add(tap.value), tap.gradient.empty() ? -1 : add(tap.gradient)});
  }
  return places;
}

// The plan of a traced function; the results of its own come before those of its taps.
struct Traced {
  std::shared_ptr<const plan::Plan> plan;
  std::size_t results = 0;
  std::vector<TapPlace> taps;
};

// One plan made ready: its key, an execution, and the result nodes of the call before.
struct Ready {
  std::vector<TensorType> types;
  std::size_t own_results = 0;
  std::vector<TapPlace> taps;
  std::unique_ptr<Execution> execution;
  std::vector<NodePtr> results;
  std::vector<BufferPtr> input_buffers;
  std::vector<BufferPtr> result_buffers;

  bool fits(std::span<const Array> inputs) const {
    return std::equal(inputs.begin(), inputs.end(), types.begin(), types.end(),
                      [](const Array& input, const TensorType& type) { return input.type() == type; });
  }

  // Reuses a result's node and storage where the caller has dropped them.
  void prepare_results() {
    const std::vector<TensorType>& wanted = execution->plan().results;
    results.resize(wanted.size());
    result_buffers.resize(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const bool dropped = results[i] && results[i]->references.load(std::memory_order_acquire) == 1 &&
                           result_buffers[i].use_count() == 2;
      if (dropped) continue;
      const std::size_t bytes = static_cast<std::size_t>(wanted[i].shape.size()) * size_of(wanted[i].dtype);
      result_buffers[i] = std::make_shared<Buffer>(bytes);
      results[i] = make_leaf(wanted[i], result_buffers[i]).node();
    }
  }

  Tap tap(const TapPlace& place) const {
    const auto at = [&](int i) { return i < 0 ? Array() : Array(results[static_cast<std::size_t>(i)], 0); };
    return {place.name, at(place.value), at(place.gradient)};
  }

  FoundFault run(std::span<const Array> inputs) {
    input_buffers.clear();
    for (const Array& input : inputs) {
      input_buffers.push_back(input.node()->outputs[static_cast<std::size_t>(input.output())].value);
    }
    prepare_results();
    const FoundFault fault = execution->run(input_buffers, result_buffers);
    std::fill(input_buffers.begin(), input_buffers.end(), nullptr);
    return fault;
  }
};

}  // namespace

struct CompiledFunction::State {
  std::unique_ptr<TracedFunction> function;
  CompileOptions options;
  std::atomic<Ready*> latest{nullptr};  // of the call before; null while a call uses it
  mutable std::mutex mutex;
  std::vector<std::unique_ptr<Ready>> others;  // the least recently used first; without arenas
  BufferPtr arena;                             // of the largest of them, for the next that runs
  std::atomic<std::uint64_t> hits{0};
  std::atomic<std::uint64_t> misses{0};
  std::atomic<std::uint64_t> evictions{0};

  ~State() { delete latest.load(); }

  Traced make_plan(std::span<const Array> inputs, bool plain) {
    std::vector<Array> placeholders;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      placeholders.push_back(make_placeholder(inputs[i].type(), static_cast<int>(i)));
    }
    TraceState trace;
    const TraceScope scope(trace, options.mode);
    std::vector<Array> results = function->trace(placeholders);
    for (const Array& result : results) {
      if (result.empty()) fail(ErrorKind::argument, "compile: the function returned an empty array");
    }
    std::vector<Array> checks;
    for (const Array& check : trace.checks) {
      if (is_own(check, placeholders)) checks.push_back(check);
    }
    Traced traced{.results = results.size()};
    traced.taps = add_taps(trace, placeholders, results);
    const plan::PlanOptions plan_options{
        .plain = plain, .fuse = options.fuse, .low_precision = options.precision != Precision::full};
    traced.plan = plan::make_plan(placeholders, results, trace.updates, plan_options, checks);
    return traced;
  }

  std::unique_ptr<Ready> make_ready(std::span<const Array> inputs) {
    auto ready = std::make_unique<Ready>();
    for (const Array& input : inputs) ready->types.push_back(input.type());
    Traced traced = make_plan(inputs, runtime::plain_plans());
    ready->own_results = traced.results;
    ready->taps = std::move(traced.taps);
    ready->execution = std::make_unique<Execution>(std::move(traced.plan), spare_arena());
    ready->input_buffers.reserve(inputs.size());
    return ready;
  }

  // A plan for the inputs, made where there is none.
  std::unique_ptr<Ready> ready_for(std::span<const Array> inputs) {
    std::unique_ptr<Ready> ready = take(inputs);
    (ready ? hits : misses).fetch_add(1, std::memory_order_relaxed);
    if (!ready) return make_ready(inputs);
    if (!ready->execution->has_arena()) ready->execution->take_arena(spare_arena());
    return ready;
  }

  BufferPtr spare_arena() {
    const std::lock_guard lock(mutex);
    return std::move(arena);
  }

  std::unique_ptr<Ready> take(std::span<const Array> inputs) {
    std::unique_ptr<Ready> ready(latest.exchange(nullptr, std::memory_order_acq_rel));
    if (ready && ready->fits(inputs)) return ready;
    if (ready) keep(std::move(ready));
    const std::lock_guard lock(mutex);
    const auto found =
        std::find_if(others.begin(), others.end(), [&](const auto& r) { return r->fits(inputs); });
    if (found == others.end()) return nullptr;
    ready = std::move(*found);
    others.erase(found);
    return ready;
  }

  void put_back(std::unique_ptr<Ready> ready) {
    Ready* before = latest.exchange(ready.release(), std::memory_order_acq_rel);
    if (before != nullptr) keep(std::unique_ptr<Ready>(before));
  }

  void keep(std::unique_ptr<Ready> ready) {
    BufferPtr given = ready->execution->give_arena();
    const std::lock_guard lock(mutex);
    if (arena == nullptr || arena->bytes() < given->bytes()) arena = std::move(given);
    others.push_back(std::move(ready));
    if (others.size() < most_plans) return;
    others.erase(others.begin());
    evictions.fetch_add(1, std::memory_order_relaxed);
  }

  // A call that failed a check: says where the bad number came from by running the step again, plainly.
  [[noreturn]] void explain(const FoundFault& fault, std::span<const Array> inputs) {
    if (fault.kind != kernels::Fault::Kind::not_finite) runtime::throw_fault(fault);
    Ready plain;
    plain.execution = std::make_unique<Execution>(make_plan(inputs, true).plan);
    const FoundFault origin = plain.run(inputs);
    runtime::throw_fault(origin.step != nullptr ? origin : fault);
  }

  // A compiled function that is called inside another's trace becomes part of that trace.
  std::vector<Array> inline_into_trace(std::span<const Array> inputs) {
    const ModeScope mode_of_function(options.mode);
    return function->trace(inputs);
  }

  // Evaluates inputs whose values are not known yet, outside the steady state.
  static void evaluate(std::span<const Array> inputs) {
    const auto unknown = [](const Array& input) { return input.empty() || !input.node()->has_value(); };
    if (std::any_of(inputs.begin(), inputs.end(), unknown)) eval(inputs);
  }
};

CompiledFunction::CompiledFunction(std::unique_ptr<TracedFunction> function, CompileOptions options)
    : state_(std::make_unique<State>()) {
  check_precision(options.precision);
  state_->function = std::move(function);
  state_->options = options;
}
CompiledFunction::~CompiledFunction() = default;
CompiledFunction::CompiledFunction(CompiledFunction&&) noexcept = default;
CompiledFunction& CompiledFunction::operator=(CompiledFunction&&) noexcept = default;

void CompiledFunction::call(std::span<const Array> inputs, std::span<Array> outputs) {
  if (current_trace() != nullptr) {
    std::vector<Array> results = state_->inline_into_trace(inputs);
    check_count(results.size(), outputs.size());
    std::move(results.begin(), results.end(), outputs.begin());
    return;
  }
  State::evaluate(inputs);
  std::unique_ptr<Ready> ready = state_->ready_for(inputs);
  check_count(ready->own_results, outputs.size());
  const FoundFault fault = ready->run(inputs);
  if (fault.step != nullptr) state_->explain(fault, inputs);
  for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i] = Array(ready->results[i], 0);
  state_->put_back(std::move(ready));
}

std::vector<Array> CompiledFunction::call(std::span<const Array> inputs) {
  if (current_trace() != nullptr) return state_->inline_into_trace(inputs);
  State::evaluate(inputs);
  std::unique_ptr<Ready> ready = state_->ready_for(inputs);
  std::vector<Array> outputs(ready->own_results);
  state_->put_back(std::move(ready));
  call(inputs, outputs);
  return outputs;
}

std::string CompiledFunction::describe() const {
  std::string text;
  const std::lock_guard lock(state_->mutex);
  std::unique_ptr<Ready> latest(state_->latest.exchange(nullptr));
  if (latest) text += runtime::describe(latest->execution->plan());
  state_->latest.store(latest.release());
  for (const auto& ready : state_->others) text += runtime::describe(ready->execution->plan());
  return text + fmt::format("plans: {} hits, {} misses, {} evictions; at most {} are kept\n",
                            state_->hits.load(), state_->misses.load(), state_->evictions.load(), most_plans);
}

std::vector<Tap> CompiledFunction::taps() const {
  std::vector<Tap> found;
  const std::lock_guard lock(state_->mutex);
  std::unique_ptr<Ready> latest(state_->latest.exchange(nullptr));
  if (latest && !latest->results.empty()) {
    for (const TapPlace& place : latest->taps) found.push_back(latest->tap(place));
  }
  state_->latest.store(latest.release());
  return found;
}

Tap CompiledFunction::tap(std::string_view name) const {
  std::vector<std::string> known;
  for (Tap& found : taps()) {
    if (found.name == name) return std::move(found);
    known.push_back(found.name);
  }
  fail(ErrorKind::argument, "compile: the last call named no value \"{}\";{} tap() names them", name,
       suggest(name, known));
}

CacheCounts CompiledFunction::cache() const {
  return {state_->hits.load(), state_->misses.load(), state_->evictions.load(), plans(), most_plans};
}

std::size_t CompiledFunction::plans() const {
  const std::lock_guard lock(state_->mutex);
  return state_->others.size() + (state_->latest.load() != nullptr ? 1 : 0);
}

}  // namespace retrograd
