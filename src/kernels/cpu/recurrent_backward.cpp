// rnn_backward, lstm_backward and gru_backward in f32: from the cotangents dh [N, T, H] those of z
// [N, T, B H] and of the first states [N, H], in one pass over the steps from back to front. The gradient of
// the weights is a product over all steps outside.
#include <algorithm>

#include "kernels/cpu/recurrent_loop.h"
#include "kernels/cpu/recurrent_parts.h"

namespace retrograd::kernels {
namespace {

using cpu::Cell;

bool supports(const Call& call) { return call.outputs[0].dtype == DType::f32 && call.epilogue.empty(); }

cpu::RecurrentCall sizes_of(const Call& call) {
  return {call, static_cast<std::size_t>(cpu::cell_of(call.op) == Cell::rnn ? 1 : 2), 1};
}

// For R sequences: what is carried to the step before [R, H], of cells too, the cotangents of the products
// [R, B H]; rows of operands that must be copied.
struct Scratch {
  float *carried, *carried_cells, *products, *rows;
  static constexpr std::int64_t units_of_rows = 16;  // dh, dc, c, c before, dz of gru: 7 H; gates, dgates 8 H
  Scratch(const cpu::RecurrentCall& a, float* at)
      : carried(at),
        carried_cells(carried + a.most_rows() * a.H),
        products(carried_cells + a.most_rows() * a.H),
        rows(products + a.most_rows() * a.blocks * a.H) {}
  static std::int64_t floats(const cpu::RecurrentCall& a) {
    return a.most_rows() * (2 + a.blocks) * a.H + units_of_rows * a.H;
  }
};

Choice choose(const Call& call) {
  const cpu::RecurrentCall a = sizes_of(call);
  const cpu::Panels weights{a.blocks * a.H, a.H};
  return {.shards = a.shards_of_packing(),
          .shards_after = a.shards(),
          .scratch_bytes = static_cast<std::size_t>(Scratch::floats(a)) * sizeof(float),
          .workspace_bytes = static_cast<std::size_t>(weights.floats()) * sizeof(float)};
}

class Pass {
 public:
  Pass(const Call& call, const Operands& operands, const cpu::RecurrentCall& a)
      : call_(call), operands_(operands), a_(a), s_(a, reinterpret_cast<float*>(operands.scratch)) {}

  void run(std::int64_t first, std::int64_t rows) {
    std::fill_n(s_.carried, rows * a_.H, 0.0f);
    std::fill_n(s_.carried_cells, rows * a_.H, 0.0f);
    const cpu::Panels weights{a_.blocks * a_.H, a_.H};
    const auto* packed = reinterpret_cast<const float*>(operands_.workspace);
    for (std::int64_t k = 0; k < a_.T; ++k) {
      const std::int64_t t = a_.reverse ? k : a_.T - 1 - k;
      for (std::int64_t r = 0; r < rows; ++r) step(r, first + r, t);
      weights.multiply(s_.products, packed, rows, s_.carried, true);
    }
    const std::size_t states = a_.cell == Cell::gru ? 2 : 1;
    store(states, first, rows, s_.carried);
    if (a_.cell == Cell::lstm) store(2, first, rows, s_.carried_cells);
  }

 private:
  void store(std::size_t output, std::int64_t first, std::int64_t rows, const float* from) const {
    float* to = operands_.out<float>(output);
    if (to != nullptr) std::copy_n(from, rows * a_.H, to + first * a_.H);
  }

  // Row t of an input; `place` among the scratch's rows, in units of H.
  const float* row(std::size_t input, std::int64_t n, std::int64_t t, std::int64_t place) const {
    return cpu::SequenceRows(call_, operands_, input).at(n, t, s_.rows + place * a_.H);
  }
  // Of the step before t: of `states`, or of `first` in front of all.
  const float* row_before(std::size_t states, std::size_t first, std::int64_t n, std::int64_t t,
                          std::int64_t place) const {
    const std::int64_t before = a_.reverse ? t + 1 : t - 1;
    if (before < 0 || before == a_.T) return row(first, n, 0, place);
    return row(states, n, before, place);
  }
  std::size_t input_of_dh() const { return a_.cell == Cell::rnn ? 3 : 4; }
  const float* dgates(std::int64_t n, std::int64_t t) const {
    return a_.has_dgates ? row(a_.has_dc ? 6 : 5, n, t, 12) : nullptr;
  }

  // Behind the sequence's end: cotangents pass on.
  void hold(std::int64_t r, std::int64_t n, std::int64_t t) const {
    const std::int64_t H = a_.H, width = a_.blocks * H;
    const float* dh = row(input_of_dh(), n, t, 0);
    for (std::int64_t i = 0; i < H; ++i) s_.carried[r * H + i] += dh[i];
    if (a_.has_dc) {
      const float* dc = row(5, n, t, 1);
      for (std::int64_t i = 0; i < H; ++i) s_.carried_cells[r * H + i] += dc[i];
    }
    float* d = s_.products + r * width;
    std::fill_n(d, width, 0.0f);
    cpu::copy_row(d, width, cpu::output_row(call_, operands_, 0, n, t));
    if (a_.cell == Cell::gru) cpu::copy_row(d, width, cpu::output_row(call_, operands_, 1, n, t));
  }

  void step(std::int64_t r, std::int64_t n, std::int64_t t) const {
    if (t >= a_.end(call_, operands_, n)) return hold(r, n, t);
    const std::int64_t H = a_.H, width = a_.blocks * H;
    float* d = s_.products + r * width;
    float* carried = s_.carried + r * H;
    const float* dh = row(input_of_dh(), n, t, 0);
    float* out = cpu::output_row(call_, operands_, 0, n, t);
    switch (a_.cell) {
      case Cell::rnn:
        cpu::rnn_slopes({.h = row(1, n, t, 2), .dh = dh, .carried = carried, .d = d}, H, a_.relu);
        return cpu::copy_row(d, width, out);
      case Cell::lstm:
        cpu::lstm_slopes({.c = row(2, n, t, 2),
                          .c_before = row_before(2, 1, n, t, 3),
                          .gates = row(3, n, t, 8),
                          .dh = dh,
                          .dc = a_.has_dc ? row(5, n, t, 1) : nullptr,
                          .dgates = dgates(n, t),
                          .carried = carried,
                          .carried_cell = s_.carried_cells + r * H,
                          .d = d},
                         H);
        return cpu::copy_row(d, width, out);
      case Cell::gru: {
        float* dz = s_.rows + 4 * H;
        cpu::gru_slopes({.h_before = row_before(2, 1, n, t, 3),
                         .gates = row(3, n, t, 8),
                         .dh = dh,
                         .dgates = dgates(n, t),
                         .carried = carried,
                         .d = dz,
                         .da = d},
                        H);
        cpu::copy_row(dz, width, out);
        return cpu::copy_row(d, width, cpu::output_row(call_, operands_, 1, n, t));
      }
    }
  }

  const Call& call_;
  const Operands& operands_;
  const cpu::RecurrentCall& a_;
  Scratch s_;
};

void recurrent_backward(const Call& call, const Operands& operands, int shard, int shards) {
  const cpu::RecurrentCall a = sizes_of(call);
  if (operands.phase == 0) {
    const auto& strides = call.inputs[0].layout.strides;
    const cpu::Panels weights{a.blocks * a.H, a.H};
    weights.pack(operands.in<float>(0), strides[1], strides[0], reinterpret_cast<float*>(operands.workspace),
                 shard, shards);
    return;
  }
  const cpu::Range own = cpu::range_of(a.N, shard, shards, 1);
  Pass(call, operands, a).run(own.begin, own.size());
}

constexpr KernelDef kernel(std::string_view op) {
  return {.op = op,
          .backend = "highway",
          .supports = supports,
          .choose = choose,
          .bind = FunctionKernel<recurrent_backward>::bind,
          .error =
              ErrorBound::sum("(B H + 32) (T + 1), B the gates", "the equations with the size of each term")};
}

}  // namespace

extern const KernelDef rnn_backward_highway = kernel("rnn_backward");
extern const KernelDef lstm_backward_highway = kernel("lstm_backward");
extern const KernelDef gru_backward_highway = kernel("gru_backward");

}  // namespace retrograd::kernels
