// Each transform is one of lines, done to the columns of a square and then to its rows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/winograd_loop.cpp"  // NOLINT
#include "kernels/cpu/winograd_loop.h"

#include <hwy/foreach_target.h>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

using cpu::WinogradSquare;

// The points are 0, a, -a, b, -b and infinity; all of these but the factors of G are exact.
constexpr float a = 0.625f, b = 1.5f;
constexpr float aa = a * a, bb = b * b, aabb = aa * bb;
constexpr float of_0 = 1 / aabb, of_a = 1 / (2 * aa * (aa - bb)), of_b = 1 / (2 * bb * (bb - aa));

// to = B' from
struct ImageLine {
  static constexpr int in = 6, out = 6;
  HWY_INLINE void operator()(const Vector (&from)[6], Vector (&to)[6]) const {
    const Vector even_a = from[4] - Vector(bb) * from[2],
                 odd_a = Vector(a) * (from[3] - Vector(bb) * from[1]);
    const Vector even_b = from[4] - Vector(aa) * from[2],
                 odd_b = Vector(b) * (from[3] - Vector(aa) * from[1]);
    to[0] = Vector(aabb) * from[0] - Vector(aa + bb) * from[2] + from[4];
    to[1] = even_a + odd_a;
    to[2] = even_a - odd_a;
    to[3] = even_b + odd_b;
    to[4] = even_b - odd_b;
    to[5] = Vector(aabb) * from[1] - Vector(aa + bb) * from[3] + from[5];
  }
};

// to = A from
struct PlacesLine {
  static constexpr int in = 4, out = 6;
  HWY_INLINE void operator()(const Vector (&from)[4], Vector (&to)[6]) const {
    const Vector even_a = from[0] + Vector(aa) * from[2],
                 odd_a = Vector(a) * (from[1] + Vector(aa) * from[3]);
    const Vector even_b = from[0] + Vector(bb) * from[2],
                 odd_b = Vector(b) * (from[1] + Vector(bb) * from[3]);
    to[0] = from[0];
    to[1] = even_a + odd_a;
    to[2] = even_a - odd_a;
    to[3] = even_b + odd_b;
    to[4] = even_b - odd_b;
    to[5] = from[3];
  }
};

// to = G from
struct KernelLine {
  static constexpr int in = 3, out = 6;
  HWY_INLINE void operator()(const Vector (&from)[3], Vector (&to)[6]) const {
    const Vector even_a = Vector(of_a) * (from[0] + Vector(aa) * from[2]), odd_a = Vector(a * of_a) * from[1];
    const Vector even_b = Vector(of_b) * (from[0] + Vector(bb) * from[2]), odd_b = Vector(b * of_b) * from[1];
    to[0] = Vector(of_0) * from[0];
    to[1] = even_a + odd_a;
    to[2] = even_a - odd_a;
    to[3] = even_b + odd_b;
    to[4] = even_b - odd_b;
    to[5] = from[2];
  }
};

// to = A' from
struct ResultLine {
  static constexpr int in = 6, out = 4;
  HWY_INLINE void operator()(const Vector (&from)[6], Vector (&to)[4]) const {
    const Vector even_a = from[1] + from[2], odd_a = from[1] - from[2];
    const Vector even_b = from[3] + from[4], odd_b = from[3] - from[4];
    to[0] = from[0] + even_a + even_b;
    to[1] = Vector(a) * odd_a + Vector(b) * odd_b;
    to[2] = Vector(aa) * even_a + Vector(bb) * even_b;
    to[3] = Vector(a * aa) * odd_a + Vector(b * bb) * odd_b + from[5];
  }
};

// to = G' from
struct KernelGradientLine {
  static constexpr int in = 6, out = 3;
  HWY_INLINE void operator()(const Vector (&from)[6], Vector (&to)[3]) const {
    const Vector even_a = Vector(of_a) * (from[1] + from[2]), odd_a = Vector(a * of_a) * (from[1] - from[2]);
    const Vector even_b = Vector(of_b) * (from[3] + from[4]), odd_b = Vector(b * of_b) * (from[3] - from[4]);
    to[0] = Vector(of_0) * from[0] + even_a + even_b;
    to[1] = odd_a + odd_b;
    to[2] = Vector(aa) * even_a + Vector(bb) * even_b + from[5];
  }
};

// Line' s Line of a square s: read(row, column) -> write(row, column, value).
template <typename Line, typename Read, typename Write>
HWY_INLINE void both_ways(const Line& line, const Read& read, const Write& write) {
  Vector half[Line::out][Line::in];
  HWY_UNROLL(6)
  for (int k = 0; k < Line::in; ++k) {
    Vector from[Line::in], to[Line::out];
    HWY_UNROLL(6)
    for (int r = 0; r < Line::in; ++r) from[r] = read(r, k);
    line(from, to);
    HWY_UNROLL(6)
    for (int i = 0; i < Line::out; ++i) half[i][k] = to[i];
  }
  HWY_UNROLL(6)
  for (int i = 0; i < Line::out; ++i) {
    Vector to[Line::out];
    line(half[i], to);
    HWY_UNROLL(6)
    for (int j = 0; j < Line::out; ++j) write(i, j, to[j]);
  }
}

HWY_INLINE bool is_inside(const WinogradSquare& square, int r, int k) {
  return square.rows.begin <= r && r < square.rows.end && square.columns.begin <= k && k < square.columns.end;
}

// From a square of the image or of places, padded with zeros, to its 36 numbers.
template <typename Line>
HWY_INLINE void from_square(const WinogradSquare& square, const float* x, std::int64_t channels, float* v,
                            std::int64_t points) {
  const bool whole = square.rows.size() == Line::in && square.columns.size() == Line::in;
  for_each_vector(channels, [&](std::int64_t c, const auto& load, const auto& store) HWY_ATTR {
    const float* from = x + c;
    float* to = v + c;
    const auto write = [&](int i, int j, Vector value)
                           HWY_ATTR { store(value, to + (i * Line::out + j) * points); };
    if (whole) {
      both_ways(
          Line(), [&](int r, int k) HWY_ATTR { return load(from + r * square.row + k * square.column); },
          write);
    } else {
      both_ways(
          Line(),
          [&](int r, int k) HWY_ATTR {
            return is_inside(square, r, k) ? load(from + r * square.row + k * square.column) : Vector(0);
          },
          write);
    }
  });
}

void image(const WinogradSquare& square, const float* d, std::int64_t channels, float* v,
           std::int64_t points) {
  from_square<ImageLine>(square, d, channels, v, points);
}

void places(const WinogradSquare& square, const float* e, std::int64_t channels, float* w,
            std::int64_t points) {
  from_square<PlacesLine>(square, e, channels, w, points);
}

void kernels(const float* g, std::int64_t channels, float* u, std::int64_t points) {
  for_each_vector(channels, [&](std::int64_t c, const auto& load, const auto& store) HWY_ATTR {
    both_ways(
        KernelLine(), [&](int r, int k) HWY_ATTR { return load(g + (r * 3 + k) * channels + c); },
        [&](int i, int j, Vector value) HWY_ATTR { store(value, u + (i * 6 + j) * points + c); });
  });
}

void result(const float* m, std::int64_t points, std::int64_t channels, const float* bias,
            const WinogradSquare& square, float* y) {
  for_each_vector(channels, [&](std::int64_t c, const auto& load, const auto& store) HWY_ATTR {
    const Vector first = bias != nullptr ? load(bias + c) : Vector(0);
    both_ways(
        ResultLine(), [&](int r, int k) HWY_ATTR { return load(m + (r * 6 + k) * points + c); },
        [&](int i, int j, Vector value) HWY_ATTR {
          if (is_inside(square, i, j)) store(value + first, y + i * square.row + j * square.column + c);
        });
  });
}

void kernel_gradients(const float* m, std::int64_t points, std::int64_t channels, float* dg) {
  for_each_vector(channels, [&](std::int64_t c, const auto& load, const auto& store) HWY_ATTR {
    both_ways(
        KernelGradientLine(), [&](int r, int k) HWY_ATTR { return load(m + (r * 6 + k) * points + c); },
        [&](int i, int j, Vector value) HWY_ATTR { store(value, dg + (i * 3 + j) * channels + c); });
  });
}

}  // namespace

cpu::WinogradLoops find_winograd_loops() { return {image, places, kernels, result, kernel_gradients}; }

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(find_winograd_loops);

const cpu::WinogradLoops& cpu::winograd_loops() {
  static const WinogradLoops loops = HWY_DYNAMIC_DISPATCH(find_winograd_loops)();
  return loops;
}

}  // namespace retrograd::kernels
#endif
