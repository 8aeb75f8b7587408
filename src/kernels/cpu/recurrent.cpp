// rnn, lstm and gru in f32 over whole sequences: z [N, T, B H], w [H, B H] -> h [N, T, H] and what the
// gradient needs. First the weights are packed, then each shard takes some sequences through all steps: the
// products of their states with the weights together, the gates one by one. The gradient is in
// recurrent_backward.cpp.
#include <algorithm>

#include "kernels/cpu/recurrent_loop.h"
#include "kernels/cpu/recurrent_parts.h"

namespace retrograd::kernels {
namespace {

using cpu::Cell;

bool supports(const Call& call) { return call.outputs[0].dtype == DType::f32 && call.epilogue.empty(); }

std::int64_t blocks_of_input(const Call& call) {
  const Cell cell = cpu::cell_of(call.op);
  return cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1;
}

// For R sequences: states and cells [R, H], products [R, B H], a row of z and one of b.
struct Scratch {
  float *states, *cells, *products, *z, *b;
  Scratch(const cpu::RecurrentCall& a, float* at)
      : states(at),
        cells(states + a.most_rows() * a.H),
        products(cells + a.most_rows() * a.H),
        z(products + a.most_rows() * a.blocks * a.H),
        b(z + a.blocks * a.H) {}
  static std::int64_t floats(const cpu::RecurrentCall& a) {
    return a.most_rows() * (2 + a.blocks) * a.H + a.blocks * a.H + a.H;
  }
};

Choice choose(const Call& call) {
  const cpu::RecurrentCall a(call, 0, blocks_of_input(call));
  const cpu::Panels weights{a.H, a.blocks * a.H};
  return {.shards = a.shards_of_packing(),
          .shards_after = a.shards(),
          .scratch_bytes = static_cast<std::size_t>(Scratch::floats(a)) * sizeof(float),
          .workspace_bytes = static_cast<std::size_t>(weights.floats()) * sizeof(float)};
}

// What stays as it was behind the end of a sequence.
void hold(const Call& call, const Operands& operands, const cpu::RecurrentCall& a, const float* state,
          const float* cell, std::int64_t n, std::int64_t t) {
  cpu::copy_row(state, a.H, cpu::output_row(call, operands, 0, n, t));
  if (a.cell == Cell::rnn) return;
  if (a.cell == Cell::lstm) cpu::copy_row(cell, a.H, cpu::output_row(call, operands, 1, n, t));
  float* gates = cpu::output_row(call, operands, a.cell == Cell::lstm ? 2 : 1, n, t);
  if (gates != nullptr) std::fill_n(gates, 4 * a.H, 0.0f);
}

// Sequences [first, first + rows) through all steps.
class Pass {
 public:
  Pass(const Call& call, const Operands& operands, const cpu::RecurrentCall& a)
      : call_(call),
        operands_(operands),
        a_(a),
        s_(a, reinterpret_cast<float*>(operands.scratch)),
        z_(call, operands, 0) {
    if (a.cell == Cell::gru) b_ = bias();
  }

  void run(std::int64_t first, std::int64_t rows) {
    load(a_.cell == Cell::gru ? 3 : 2, first, rows, s_.states);
    if (a_.cell == Cell::lstm) load(3, first, rows, s_.cells);
    const cpu::Panels weights{a_.H, a_.blocks * a_.H};
    const auto* packed = reinterpret_cast<const float*>(operands_.workspace);
    for (std::int64_t k = 0; k < a_.T; ++k) {
      const std::int64_t t = a_.reverse ? a_.T - 1 - k : k;
      weights.multiply(s_.states, packed, rows, s_.products, false);
      for (std::int64_t r = 0; r < rows; ++r) step(r, first + r, t);
    }
  }

 private:
  void load(std::size_t input, std::int64_t first, std::int64_t rows, float* to) const {
    const cpu::SequenceRows from(call_, operands_, input);
    for (std::int64_t r = 0; r < rows; ++r) {
      const float* row = from.at(first + r, 0, to + r * a_.H);
      if (row != to + r * a_.H) std::copy_n(row, a_.H, to + r * a_.H);
    }
  }

  const float* bias() const {
    const std::int64_t stride = call_.inputs[2].layout.strides[0];
    for (std::int64_t i = 0; i < a_.H; ++i) s_.b[i] = operands_.in<float>(2)[i * stride];
    return s_.b;
  }

  void step(std::int64_t r, std::int64_t n, std::int64_t t) const {
    const std::int64_t H = a_.H;
    float* state = s_.states + r * H;
    float* cell = s_.cells + r * H;
    if (t >= a_.end(call_, operands_, n)) return hold(call_, operands_, a_, state, cell, n, t);
    const float* z = z_.at(n, t, s_.z);
    const float* a = s_.products + r * a_.blocks * H;
    const auto out = [&](std::size_t output) { return cpu::output_row(call_, operands_, output, n, t); };
    switch (a_.cell) {
      case Cell::rnn:
        return cpu::rnn_step({.z = z, .a = a, .state = state, .h = out(0)}, H, a_.relu);
      case Cell::lstm:
        return cpu::lstm_step(
            {.z = z, .a = a, .state = state, .cell = cell, .h = out(0), .c = out(1), .gates = out(2)}, H);
      case Cell::gru:
        return cpu::gru_step({.z = z, .a = a, .b = b_, .state = state, .h = out(0), .gates = out(1)}, H);
    }
  }

  const Call& call_;
  const Operands& operands_;
  const cpu::RecurrentCall& a_;
  Scratch s_;
  cpu::SequenceRows z_;
  const float* b_ = nullptr;
};

void recurrent(const Call& call, const Operands& operands, int shard, int shards) {
  const cpu::RecurrentCall a(call, 0, blocks_of_input(call));
  if (operands.phase == 0) {
    const auto& strides = call.inputs[1].layout.strides;
    const cpu::Panels weights{a.H, a.blocks * a.H};
    weights.pack(operands.in<float>(1), strides[0], strides[1], reinterpret_cast<float*>(operands.workspace),
                 shard, shards);
    return;
  }
  const cpu::Range own = cpu::range_of(a.N, shard, shards, 1);
  Pass(call, operands, a).run(own.begin, own.size());
}

constexpr KernelDef kernel(std::string_view op) {
  return {
      .op = op,
      .backend = "highway",
      .supports = supports,
      .choose = choose,
      .bind = FunctionKernel<recurrent>::bind,
      .error = ErrorBound::sum(
          "H", "the size s of the terms, s = |z| + (|h| + s of h) |w| handed on through the gates", 1, 20)};
}

}  // namespace

extern const KernelDef rnn_highway = kernel("rnn");
extern const KernelDef lstm_highway = kernel("lstm");
extern const KernelDef gru_highway = kernel("gru");

}  // namespace retrograd::kernels
