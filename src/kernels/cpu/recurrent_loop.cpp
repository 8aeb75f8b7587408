// Gates and states, in vectors.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/recurrent_loop.cpp"  // NOLINT
#include "kernels/cpu/recurrent_loop.h"

#include <hwy/foreach_target.h>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

// Elements [i, i + count) of an array; count is the number of lanes where Whole.
template <bool Whole>
struct Piece {
  std::int64_t i;
  std::size_t count;
  HWY_INLINE Vector read(const float* x) const {
    return Whole ? load(x + i) : Vector(load_first(x + i, count));
  }
  HWY_INLINE Vector read_or_zero(const float* x) const { return x == nullptr ? Vector(0) : read(x); }
  HWY_INLINE void write(Vector value, float* to) const {
    if (to == nullptr) return;
    if (Whole) {
      store(value, to + i);
    } else {
      store_first(value.v, to + i, count);
    }
  }
};

template <typename Step>
HWY_INLINE void walk(std::int64_t H, const Step& step) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  std::int64_t i = 0;
  for (; i + lanes <= H; i += lanes) step(Piece<true>{i, static_cast<std::size_t>(lanes)});
  if (i < H) step(Piece<false>{i, static_cast<std::size_t>(H - i)});
}

HWY_INLINE Vector squash(Vector x) { return Sigmoid()(x); }
HWY_INLINE Vector of_sigmoid(Vector y) { return y * (Vector(1) - y); }
HWY_INLINE Vector of_tanh(Vector y) { return Vector(1) - y * y; }
HWY_INLINE float* block(float* x, std::int64_t k, std::int64_t H) { return x == nullptr ? x : x + k * H; }
HWY_INLINE const float* block(const float* x, std::int64_t k, std::int64_t H) {
  return x == nullptr ? x : x + k * H;
}

}  // namespace

void step_of_rnn(const cpu::RnnStep& s, std::int64_t H, bool relu) {
  walk(H, [&](auto p) HWY_ATTR {
    const Vector sum = p.read(s.z) + p.read(s.a);
    const Vector h = relu ? Relu()(sum) : tanh(sum);
    p.write(h, s.state);
    p.write(h, s.h);
  });
}

void step_of_lstm(const cpu::LstmStep& s, std::int64_t H) {
  walk(H, [&](auto p) HWY_ATTR {
    const auto sum = [&](std::int64_t k) HWY_ATTR { return p.read(s.z + k * H) + p.read(s.a + k * H); };
    const Vector i = squash(sum(0)), f = squash(sum(1)), g = tanh(sum(2)), o = squash(sum(3));
    const Vector c = f * p.read(s.cell) + i * g;
    const Vector h = o * tanh(c);
    p.write(c, s.cell);
    p.write(h, s.state);
    p.write(c, s.c);
    p.write(h, s.h);
    p.write(i, s.gates);
    p.write(f, block(s.gates, 1, H));
    p.write(g, block(s.gates, 2, H));
    p.write(o, block(s.gates, 3, H));
  });
}

void step_of_gru(const cpu::GruStep& s, std::int64_t H) {
  walk(H, [&](auto p) HWY_ATTR {
    const Vector r = squash(p.read(s.z) + p.read(s.a));
    const Vector u = squash(p.read(s.z + H) + p.read(s.a + H));
    const Vector m = p.read(s.a + 2 * H) + p.read(s.b);
    const Vector n = tanh(p.read(s.z + 2 * H) + r * m);
    const Vector h = (Vector(1) - u) * n + u * p.read(s.state);
    p.write(h, s.state);
    p.write(h, s.h);
    p.write(r, s.gates);
    p.write(u, block(s.gates, 1, H));
    p.write(n, block(s.gates, 2, H));
    p.write(m, block(s.gates, 3, H));
  });
}

void slopes_of_rnn(const cpu::RnnSlopes& s, std::int64_t H, bool relu) {
  walk(H, [&](auto p) HWY_ATTR {
    const Vector h = p.read(s.h);
    const Vector dh = p.read(s.dh) + p.read(s.carried);
    p.write(relu ? select(h > Vector(0), dh, Vector(0)) : dh * of_tanh(h), s.d);
    p.write(Vector(0), s.carried);
  });
}

void slopes_of_lstm(const cpu::LstmSlopes& s, std::int64_t H) {
  walk(H, [&](auto p) HWY_ATTR {
    const Vector i = p.read(s.gates), f = p.read(s.gates + H);
    const Vector g = p.read(s.gates + 2 * H), o = p.read(s.gates + 3 * H);
    const Vector squashed = tanh(p.read(s.c));
    const Vector dh = p.read(s.dh) + p.read(s.carried);
    const Vector dc = p.read_or_zero(s.dc) + p.read(s.carried_cell) + dh * o * of_tanh(squashed);
    const auto more = [&](std::int64_t k) HWY_ATTR { return p.read_or_zero(block(s.dgates, k, H)); };
    p.write((dc * g + more(0)) * of_sigmoid(i), s.d);
    p.write((dc * p.read(s.c_before) + more(1)) * of_sigmoid(f), s.d + H);
    p.write((dc * i + more(2)) * of_tanh(g), s.d + 2 * H);
    p.write((dh * squashed + more(3)) * of_sigmoid(o), s.d + 3 * H);
    p.write(Vector(0), s.carried);
    p.write(dc * f, s.carried_cell);
  });
}

void slopes_of_gru(const cpu::GruSlopes& s, std::int64_t H) {
  walk(H, [&](auto p) HWY_ATTR {
    const Vector r = p.read(s.gates), u = p.read(s.gates + H);
    const Vector n = p.read(s.gates + 2 * H), m = p.read(s.gates + 3 * H);
    const Vector dh = p.read(s.dh) + p.read(s.carried);
    const auto more = [&](std::int64_t k) HWY_ATTR { return p.read_or_zero(block(s.dgates, k, H)); };
    const Vector sum_n = (dh * (Vector(1) - u) + more(2)) * of_tanh(n);
    const Vector sum_r = (sum_n * m + more(0)) * of_sigmoid(r);
    const Vector sum_u = (dh * (p.read(s.h_before) - n) + more(1)) * of_sigmoid(u);
    p.write(sum_r, s.d);
    p.write(sum_u, s.d + H);
    p.write(sum_n, s.d + 2 * H);
    p.write(sum_r, s.da);
    p.write(sum_u, s.da + H);
    p.write(sum_n * r + more(3), s.da + 2 * H);
    p.write(dh * u, s.carried);
  });
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(step_of_rnn);
HWY_EXPORT(step_of_lstm);
HWY_EXPORT(step_of_gru);
HWY_EXPORT(slopes_of_rnn);
HWY_EXPORT(slopes_of_lstm);
HWY_EXPORT(slopes_of_gru);

void cpu::rnn_step(const RnnStep& step, std::int64_t H, bool relu) {
  HWY_DYNAMIC_DISPATCH(step_of_rnn)(step, H, relu);
}
void cpu::lstm_step(const LstmStep& step, std::int64_t H) { HWY_DYNAMIC_DISPATCH(step_of_lstm)(step, H); }
void cpu::gru_step(const GruStep& step, std::int64_t H) { HWY_DYNAMIC_DISPATCH(step_of_gru)(step, H); }
void cpu::rnn_slopes(const RnnSlopes& step, std::int64_t H, bool relu) {
  HWY_DYNAMIC_DISPATCH(slopes_of_rnn)(step, H, relu);
}
void cpu::lstm_slopes(const LstmSlopes& step, std::int64_t H) {
  HWY_DYNAMIC_DISPATCH(slopes_of_lstm)(step, H);
}
void cpu::gru_slopes(const GruSlopes& step, std::int64_t H) { HWY_DYNAMIC_DISPATCH(slopes_of_gru)(step, H); }

}  // namespace retrograd::kernels
#endif
