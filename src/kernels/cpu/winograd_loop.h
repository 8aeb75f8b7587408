// The transforms of Winograd's convolution of 3 x 3 kernels, for the best instruction set that the processor
// has. Which tiles there are, and the products between the transforms, are in convolution_winograd.cpp and
// convolution_winograd_weights.cpp.
//
// Four neighbouring places of a row need six elements d of the image and three of a kernel g, and by F(4, 3)
//   y = A' [(G g) * (B' d)]
// six products instead of twelve; a tile of 4 x 4 places, its rows and then its columns done so, takes 36
// instead of 144. With a row of G and B and a column of A' for each of the points p = 0, a, -a, b, -b:
//   A'   1, p, p^2, p^3, and 0, 0, 0, 1 for infinity
//   G    1, p, p^2, divided by n, the product of p's distances from the others; 0, 0, 1 for infinity
//   B'   the coefficients of the product of all x - q, q the other points; for infinity of all five
// Lavin, Gray: Fast Algorithms for Convolutional Neural Networks, 2016. The points decide on the error
// (Barabasz et al.: Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural
// Networks, 2020): with a = 5/8 and b = 3/2 its bound is a fifth of that of 1 and 2.
// All places of a tile are made of all its elements: one that is not finite makes NaN of places that a direct
// convolution would not reach from it.
#pragma once

#include <cstdint>

#include "kernels/cpu/ranges.h"

namespace retrograd::kernels::cpu {

inline constexpr std::int64_t winograd_tile = 4;     // places a side
inline constexpr std::int64_t winograd_patch = 6;    // elements of the image a side
inline constexpr std::int64_t winograd_points = 36;  // products of a tile for each pair of channels

// A square of up to 4 x 4 places or 6 x 6 elements, of which those outside `rows` and `columns` are no part
// of the image: read as 0, not written.
struct WinogradSquare {
  std::int64_t row, column;  // floats from one element to the next
  Range rows, columns;
};

// Channels are neighbours in memory, here and in the transforms, whose 36 numbers a channel lie `points`
// floats from each other.
struct WinogradLoops {
  // B' d B of 6 x 6 elements d.
  void (*image)(const WinogradSquare& square, const float* d, std::int64_t channels, float* v,
                std::int64_t points);
  // A e A' of 4 x 4 places e.
  void (*places)(const WinogradSquare& square, const float* e, std::int64_t channels, float* w,
                 std::int64_t points);
  // G g G' of kernels g, whose 9 elements lie `channels` floats from each other.
  void (*kernels)(const float* g, std::int64_t channels, float* u, std::int64_t points);
  // y = A' m A, plus a number for each channel where the bias is not null.
  void (*result)(const float* m, std::int64_t points, std::int64_t channels, const float* bias,
                 const WinogradSquare& square, float* y);
  // G' m G, 9 elements as in kernels().
  void (*kernel_gradients)(const float* m, std::int64_t points, std::int64_t channels, float* dg);
};

const WinogradLoops& winograd_loops();

}  // namespace retrograd::kernels::cpu
