// Chains of element-wise ops in f32 and bool, all over one shape: each tile of the operands goes through the
// whole chain while it lies in the first-level cache, and there the reduction at the chain's end takes it up.
// The loops of the single ops are in elementwise_loop.cpp, those of reductions in reduce_loop.cpp.
#include <algorithm>
#include <array>

#include "kernels/cpu/chain_end.h"
#include "kernels/cpu/elementwise_loop.h"
#include "kernels/cpu/rows.h"

namespace retrograd::kernels {
namespace {

constexpr std::int64_t tile = 512;  // elements; 2 KB of floats
constexpr std::size_t most_operands = 3;

// Of the links' results.
const Shape& shape_of(const Call& call) {
  return call.end.op.empty() ? call.outputs[0].shape() : call.end.shape;
}

bool supports(const Call& call) {
  const auto is_known = [](const ChainLink& link) {
    return cpu::row_function(link.op) != nullptr && link.operands.size() <= most_operands;
  };
  return std::all_of(call.chain.begin(), call.chain.end(), is_known) &&
         cpu::Rows::of(shape_of(call), call.inputs).has_value() && cpu::ChainReduction::supports(call);
}

Choice choose(const Call& call) {
  Choice choice = cpu::ChainReduction::choose(call, cpu::shards_for(shape_of(call).size()));
  choice.scratch_bytes = call.chain.size() * static_cast<std::size_t>(tile) * sizeof(float);
  return choice;
}

std::size_t bytes_of(const View& view) { return static_cast<std::size_t>(view.size()) * size_of(view.dtype); }

// An output may overwrite an input where it is made by the last link that reads the input, or a later one.
// The reduction at the end is written while inputs are read; it can have the size of one of booleans.
bool in_place(const Call& call, std::size_t input) {
  if (!call.end.op.empty() &&
      bytes_of(call.inputs[input]) == bytes_of(call.outputs[static_cast<std::size_t>(call.end.output)]))
    return false;
  std::size_t last_read = 0;
  for (std::size_t k = 0; k < call.chain.size(); ++k) {
    const std::vector<int>& operands = call.chain[k].operands;
    if (std::find(operands.begin(), operands.end(), static_cast<int>(input)) != operands.end()) last_read = k;
  }
  for (std::size_t k = 0; k < last_read; ++k) {
    if (call.chain[k].output >= 0) return false;
  }
  return true;
}

class ChainKernel final : public BoundKernel {
 public:
  ChainKernel(const Call& call, const Choice& choice)
      : rows_(*cpu::Rows::of(shape_of(call), call.inputs)), end_(call, choice), shards_(choice.shards) {
    for (const View& input : call.inputs) {
      input_bytes_.push_back(static_cast<std::int64_t>(size_of(input.dtype)));
    }
    for (const ChainLink& link : call.chain) {
      Link made{cpu::row_function(link.op),
                link.operands.size(),
                {},
                link.output,
                static_cast<std::int64_t>(size_of(link.dtype))};
      std::copy(link.operands.begin(), link.operands.end(), made.operands.begin());
      links_.push_back(made);
    }
    results_.resize(links_.size() * static_cast<std::size_t>(choice.shards));
  }

  void run(const Operands& operands, int shard) noexcept override {
    if (operands.phase == 1) return end_.combine(operands);
    cpu::ChainReduction::Part part = end_.begin(operands, shard);
    // Where each link's result lies for the tile at hand; a part of the array for each shard.
    std::byte** results = results_.data() + static_cast<std::size_t>(shard) * links_.size();
    const auto run = [&](std::int64_t row, std::int64_t column, std::int64_t count) {
      for (std::size_t k = 0; k < links_.size(); ++k) {
        const Link& link = links_[k];
        results[k] = result_of(operands, k, row * rows_.columns + column);
        cpu::RowOperand x[most_operands];
        for (std::size_t i = 0; i < link.count; ++i)
          x[i] = operand(operands, link.operands[i], row, column, results);
        link.function(x, results[k], static_cast<std::size_t>(count));
      }
      if (end_.link() >= 0) {
        const std::byte* made = results[static_cast<std::size_t>(end_.link())];
        end_.add(part, reinterpret_cast<const float*>(made), row * rows_.columns + column, count);
      }
    };
    rows_.for_each_run(shard, shards_, tile, run, end_.step());
    end_.finish(part);
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<ChainKernel>(call, choice);
  }

 private:
  struct Link {
    cpu::RowFunction function;
    std::size_t count;
    std::array<int, most_operands> operands;
    int output;
    std::int64_t bytes;  // of an element of the result
  };

  std::byte* result_of(const Operands& operands, std::size_t k, std::int64_t position) const {
    if (links_[k].output >= 0) {
      return operands.outputs[links_[k].output] + position * links_[k].bytes;
    }
    return operands.scratch + k * static_cast<std::size_t>(tile) * sizeof(float);
  }

  cpu::RowOperand operand(const Operands& operands, int which, std::int64_t row, std::int64_t column,
                          std::byte* const* results) const {
    if (which < 0) return {results[-1 - which], false};
    const auto i = static_cast<std::size_t>(which);
    return {operands.inputs[i] + rows_.offset(i, row, column) * input_bytes_[i], rows_.inputs[i].repeats};
  }

  cpu::Rows rows_;
  cpu::ChainReduction end_;
  int shards_;
  std::vector<std::int64_t> input_bytes_;
  std::vector<Link> links_;
  std::vector<std::byte*> results_;
};

}  // namespace

extern const KernelDef chain_highway{.op = "chain",
                                     .backend = "highway",
                                     .supports = supports,
                                     .choose = choose,
                                     .bind = ChainKernel::bind,
                                     .error = ErrorBound::sum("the terms of a sum at its end", "sum |terms|"),
                                     .in_place = in_place};

}  // namespace retrograd::kernels
