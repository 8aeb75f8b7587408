// What the kernels of Winograd's convolution share: tiles of 4 x 4 places (winograd_loop.h says how one is
// done) and the memory between the transforms. For each of the 36 points there is one matrix product of all
// tiles of a block, [tiles, channels in] times [channels in, channels out].
#pragma once

#include <optional>
#include <string_view>

#include "kernels/cpu/convolution.h"
#include "kernels/cpu/winograd_loop.h"

namespace retrograd::kernels::cpu {

// What their error bounds call size.
inline constexpr std::string_view winograd_size =
    "the largest |x| of the batch times sum |w| of the kernel, and |bias|";
inline constexpr std::string_view winograd_gradient_size =
    "the largest |dy| of the batch times sum |w| of the channel";
inline constexpr std::string_view winograd_weight_size =
    "the largest |x| of the batch times sum |dy| of the channel";

// From images to places: those of the convolution, or, for the gradient of the image, those of the
// convolution of the gradients with the kernels turned by half a circle.
struct Winograd {
  std::int64_t N = 0, in = 0, out = 0;  // samples, channels
  WindowAxis rows, columns;

  // Nothing unless the kernels are of 3 x 3 that lie close and go in single steps. `turned`: the gradient of
  // the image.
  static std::optional<Winograd> of(const DirectConvolution& c, bool turned = false);

  // Was it measured to be ahead of the direct convolution?
  bool is_ahead() const;
  static bool is_ahead_of(const DirectConvolution& c, bool turned = false) {
    const std::optional<Winograd> winograd = of(c, turned);
    return winograd && winograd->is_ahead();
  }

  std::int64_t tile_rows() const { return tiles_of(rows); }
  std::int64_t tile_columns() const { return tiles_of(columns); }
  std::int64_t tiles() const { return N * tile_rows() * tile_columns(); }

  // Where a tile lies: its sample, and what of it is inside.
  struct Tile {
    std::int64_t image, places;  // floats from the first of the first sample to its corner
    WinogradSquare patch, square;
  };
  Tile tile(std::int64_t index) const;

  // Tiles between two transforms, of about so many numbers in and out.
  std::int64_t block(std::int64_t floats) const;
  // Floats from one point of a block to the next, with a line of the cache more, so that not all points lie
  // in the same lines.
  static std::int64_t points(std::int64_t numbers) { return numbers + 16; }

 private:
  static std::int64_t tiles_of(const WindowAxis& axis) {
    return (axis.places + winograd_tile - 1) / winograd_tile;
  }
};

}  // namespace retrograd::kernels::cpu
