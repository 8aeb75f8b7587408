// sum and max in f32 over any axes of an input whose axes fall into at most four groups, kept and reduced in
// turn, with unit stride in the innermost: x [K0, R0, K1, R1] -> y [K0, K1]. Others are left to the reference
// kernel. The loops are in reduce_loop.cpp.
#include "core/attributes/reduce.h"

#include <algorithm>
#include <array>
#include <optional>

#include "kernels/cpu/ranges.h"
#include "kernels/cpu/reduce_loop.h"
#include "kernels/cpu/rows.h"

namespace retrograd::kernels {
namespace {

struct Axis {
  std::int64_t extent = 1;
  std::int64_t stride = 0;  // elements of x
  std::int64_t step = 0;    // elements of y; 0: reduced
};

// x [K0, R0, K1, R1]
struct Groups {
  Axis K0, R0, K1, R1;
  std::int64_t outputs() const { return K0.extent * K1.extent; }
  // Are the innermost elements of one sum, not of neighbouring ones?
  bool by_rows() const { return R1.extent > 1 || K1.extent == 1; }
};

// The axes of extent above 1, outermost in memory first, neighbours taken together where they act as one.
std::vector<Axis> axes_of(const Call& call) {
  const Layout& x = call.inputs[0].layout;
  const auto& reduced = call.attributes.as<attributes::Reduce>().axes;
  std::vector<Axis> axes;
  std::int64_t step = 1;
  for (int axis = x.shape.rank() - 1; axis >= 0; --axis) {
    const bool kept = std::find(reduced.begin(), reduced.end(), axis) == reduced.end();
    if (x.shape[axis] > 1) {
      axes.push_back({x.shape[axis], x.strides[static_cast<std::size_t>(axis)], kept ? step : 0});
    }
    if (kept) step *= x.shape[axis];
  }
  std::reverse(axes.begin(), axes.end());
  const auto is_outside = [](const Axis& a, const Axis& b) {  // an axis that repeats is outermost
    return b.stride != 0 && (a.stride == 0 || a.stride > b.stride);
  };
  std::stable_sort(axes.begin(), axes.end(), is_outside);
  std::vector<Axis> merged;
  for (const Axis& axis : axes) {
    if (!merged.empty() && merged.back().stride == axis.stride * axis.extent &&
        merged.back().step == axis.step * axis.extent) {
      merged.back() = {merged.back().extent * axis.extent, axis.stride, axis.step};
    } else {
      merged.push_back(axis);
    }
  }
  return merged;
}

std::optional<Groups> groups_of(const Call& call) {
  std::vector<Axis> axes = axes_of(call);
  if (!axes.empty() && axes.back().stride != 1) return std::nullopt;
  Groups groups;
  const std::array<Axis*, 4> slots{&groups.R1, &groups.K1, &groups.R0, &groups.K0};
  std::size_t slot = 0;
  for (; !axes.empty(); axes.pop_back(), ++slot) {
    if ((axes.back().step == 0) != (slot % 2 == 0)) ++slot;
    if (slot >= slots.size()) return std::nullopt;
    *slots[slot] = axes.back();
  }
  const bool in_order = (groups.K1.extent == 1 || groups.K1.step == 1) &&
                        (groups.K0.extent == 1 || groups.K0.step == groups.K1.extent);
  return in_order ? std::optional(groups) : std::nullopt;
}

bool supports(const Call& call) {
  const View& x = call.inputs[0];
  return call.epilogue.empty() && x.dtype == DType::f32 && x.size() > 0 && groups_of(call).has_value();
}

// How the work is cut: by outputs, or, where those are few, along a reduced axis with a second phase.
struct Cut {
  int shards = 1;
  Axis Groups::*along = nullptr;  // null: by outputs
};

Cut cut_of(const Call& call) {
  const Groups groups = *groups_of(call);
  const int shards = cpu::shards_for(call.inputs[0].size());
  if (shards == 1) return {};
  if (groups.outputs() >= (groups.by_rows() ? shards : 16 * shards)) return {shards};
  Axis Groups::*along = groups.R0.extent >= groups.R1.extent ? &Groups::R0 : &Groups::R1;
  return {static_cast<int>(std::min<std::int64_t>(shards, (groups.*along).extent)), along};
}

Choice choose(const Call& call) {
  const Cut cut = cut_of(call);
  if (cut.along == nullptr) return {.shards = cut.shards};
  const std::size_t partials = static_cast<std::size_t>(call.outputs[0].size() * cut.shards);
  return {.shards = cut.shards, .shards_after = 1, .workspace_bytes = partials * sizeof(float)};
}

class ReduceKernel final : public BoundKernel {
 public:
  ReduceKernel(const Call& call, cpu::Reduction reduction)
      : reduction_(reduction), groups_(*groups_of(call)), cut_(cut_of(call)) {}

  void run(const Operands& operands, int shard) noexcept override {
    const float* x = operands.in<float>(0);
    float* y = operands.out<float>();
    float* partials = reinterpret_cast<float*>(operands.workspace);  // [shards, outputs]
    const std::int64_t outputs = groups_.outputs();
    if (operands.phase == 1) {
      reduction_.columns(partials, outputs, cut_.shards, y, outputs, false);
    } else if (cut_.along == nullptr) {
      reduce(groups_, x, y, cpu::range_of(outputs, shard, cut_.shards, groups_.by_rows() ? 1 : 16));
    } else {
      Groups part = groups_;
      Axis& axis = part.*cut_.along;
      const bool is_row = cut_.along == &Groups::R1;
      const cpu::Range range = cpu::range_of(axis.extent, shard, cut_.shards, is_row ? 16 : 1);
      axis.extent = range.size();
      reduce(part, x + range.begin * axis.stride, partials + shard * outputs, {0, outputs});
    }
  }

 private:
  // y[i] for the i in `range`
  void reduce(const Groups& g, const float* x, float* y, cpu::Range range) const {
    const std::int64_t K1 = groups_.K1.extent;
    for (std::int64_t i = range.begin; i < range.end;) {
      const std::int64_t k1 = i % K1;
      const float* from = x + i / K1 * g.K0.stride + k1 * g.K1.stride;
      if (groups_.by_rows()) {
        y[i++] = row(g, from);
      } else {
        const std::int64_t count = std::min(K1 - k1, range.end - i);
        reduction_.columns(from, g.R0.stride, g.R0.extent, y + i, count, false);
        i += count;
      }
    }
  }

  // Over R0 and R1: the results of up to 64 rows are reduced together.
  float row(const Groups& g, const float* x) const {
    if (g.R0.extent == 1) return reduction_.row(x, g.R1.extent);
    constexpr std::int64_t most = 64;
    float results[most];
    float total = 0.0f;
    for (std::int64_t r = 0; r < g.R0.extent;) {
      std::int64_t count = 0;
      if (r > 0) results[count++] = total;
      for (; count < most && r < g.R0.extent; ++r)
        results[count++] = reduction_.row(x + r * g.R0.stride, g.R1.extent);
      total = reduction_.row(results, count);
    }
    return total;
  }

  cpu::Reduction reduction_;
  Groups groups_;
  Cut cut_;
};

std::unique_ptr<BoundKernel> bind_sum(const Call& call, const Choice&) {
  return std::make_unique<ReduceKernel>(call, cpu::sum_reduction());
}
std::unique_ptr<BoundKernel> bind_max(const Call& call, const Choice&) {
  return std::make_unique<ReduceKernel>(call, cpu::max_reduction());
}

}  // namespace

extern const KernelDef sum_highway{.op = "sum",
                                   .backend = "highway",
                                   .supports = supports,
                                   .choose = choose,
                                   .bind = bind_sum,
                                   .error = ErrorBound::sum("the terms", "sum |x|"),
                                   .ends = true};
extern const KernelDef max_highway{.op = "max",
                                   .backend = "highway",
                                   .supports = supports,
                                   .choose = choose,
                                   .bind = bind_max,
                                   .error = ErrorBound::exact(),
                                   .ends = true};

}  // namespace retrograd::kernels
