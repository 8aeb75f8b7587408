// The contract between a plan and the kernels. A kernel sees views and attributes, never arrays. Three
// phases: choose (before memory is laid out), bind (after it), run (neither allocates, decides, locks nor
// throws). Which kernels there are stands in kernel_table.h, which is generated.
#pragma once

#include <retrograd/attributes.h>
#include <retrograd/dtype.h>
#include <retrograd/kernel.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/layout.h"
#include "kernels/error_bound.h"

namespace retrograd::kernels {

// What is known of an operand before it has a pointer. `layout.offset` is already in the pointer that run()
// gets.
struct View {
  DType dtype = DType::f32;
  Layout layout;
  const Shape& shape() const { return layout.shape; }
  std::int64_t size() const { return layout.shape.size(); }
  bool is_contiguous() const { return layout.is_contiguous(); }
};

// An element-wise op that the kernel applies to its output on the way out, in order.
struct EpilogueStage {
  std::string_view op;  // "add", "relu", "sigmoid", "tanh"
  int operand = -1;     // index among Call::inputs of the other operand (a bias), -1 where there is none
  bool second = false;  // the output is the op's second operand: operand - output
};

// One op of a chain of element-wise ops that are computed together, tile by tile.
struct ChainLink {
  std::string_view op;
  std::vector<int> operands;  // i >= 0: input i of the call; i < 0: the result of link -1 - i
  DType dtype = DType::f32;   // of its result
  int output = -1;            // the call's output that the result is, -1 where it stays in the tile
};

// A reduction of one link's result at the end of a chain, the result seen as [rows, columns].
struct ChainEnd {
  std::string_view op = {};  // "sum", "max"; empty: there is none
  int link = -1;
  Shape shape = {};  // of the links' results
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  bool over_rows = false;  // the first axis is reduced, else the second
  int output = -1;         // the call's output that the reduction is
};

// One call of an op. Inputs beyond the op's own belong to epilogue stages.
struct Call {
  std::string_view op;
  Attributes attributes;
  std::vector<View> inputs;
  std::vector<View> outputs;  // contiguous
  std::vector<EpilogueStage> epilogue;
  std::vector<ChainLink> chain;       // not empty: `op` is "chain"
  ChainEnd end = {};                  // of the chain
  KernelFunction function = nullptr;  // of an op with a kernel of its own
};

struct Choice {
  // Pieces of independent work, by sizes alone, never by the number of threads. A second phase (0: none)
  // starts when all of the first is done; the phases share the workspace.
  int shards = 1;
  int shards_after = 0;
  std::size_t scratch_bytes = 0;    // for each thread that runs a shard; contents do not survive the shard
  std::size_t workspace_bytes = 0;  // one for the call
};

// A fault found in the values. The first one is kept; the plan turns it into an Error before any update.
class Fault {
 public:
  enum class Kind : std::uint32_t { none, index_out_of_range, not_finite };
  void set(Kind kind, std::int64_t value) noexcept {
    Kind expected = Kind::none;
    if (kind_.compare_exchange_strong(expected, kind, std::memory_order_acq_rel)) value_.store(value);
  }
  Kind kind() const noexcept { return kind_.load(std::memory_order_acquire); }
  std::int64_t value() const noexcept { return value_.load(); }  // the index, or the element's position
  void clear() noexcept { kind_.store(Kind::none, std::memory_order_relaxed); }

 private:
  std::atomic<Kind> kind_{Kind::none};
  std::atomic<std::int64_t> value_{0};
};

// What run() gets: pointers to the first element of each view, which may differ from run to run.
struct Operands {
  const std::byte* const* inputs;
  std::byte* const* outputs;  // null where an output is unused
  std::byte* scratch;         // this thread's, 64-byte aligned
  std::byte* workspace;       // 64-byte aligned
  Fault* fault;
  int phase = 0;

  template <typename T>
  const T* in(std::size_t i) const {
    return reinterpret_cast<const T*>(inputs[i]);
  }
  template <typename T>
  T* out(std::size_t i = 0) const {
    return reinterpret_cast<T*>(outputs[i]);
  }
};

// A kernel made ready for one call. Distinct shards run on several threads at once.
class BoundKernel {
 public:
  virtual ~BoundKernel() = default;
  virtual void run(const Operands& operands, int shard) noexcept = 0;
};

struct KernelDef {
  std::string_view op;       // the name of the op it computes
  std::string_view backend;  // "reference", "highway", "onednn"; shown by describe()
  bool (*supports)(const Call&);
  Choice (*choose)(const Call&);
  // `call` outlives the bound kernel.
  std::unique_ptr<BoundKernel> (*bind)(const Call& call, const Choice& choice);
  ErrorBounds error;  // of the op itself; a stage of an epilogue adds its own
  // May an output take the storage of the i-th input, when both are contiguous and of one size? Null: never.
  bool (*in_place)(const Call&, std::size_t input) = nullptr;
  // An element-wise kernel whose op may be a link of a chain.
  bool links = false;
  // A reduction by attributes::Reduce that may end a chain.
  bool ends = false;
  // Takes epilogue stages of any element-wise op that may be a link, with an operand that is a row, one
  // number or a whole array like the output.
  bool takes_operands = false;
};

// A bound kernel that is a plain function of the call.
template <void (*function)(const Call&, const Operands&, int shard, int shards)>
class FunctionKernel final : public BoundKernel {
 public:
  FunctionKernel(const Call& call, const Choice& choice) : call_(call), choice_(choice) {}
  void run(const Operands& operands, int shard) noexcept override {
    function(call_, operands, shard, operands.phase == 0 ? choice_.shards : choice_.shards_after);
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<FunctionKernel>(call, choice);
  }

 private:
  const Call& call_;
  Choice choice_;
};

inline bool supports_all(const Call& call) { return call.epilogue.empty(); }
inline Choice one_shard(const Call&) { return {}; }
inline bool any_input_in_place(const Call&, std::size_t) { return true; }

}  // namespace retrograd::kernels
