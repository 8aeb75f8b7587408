// Which convolutions Winograd's is for, and where its tiles lie.
#include "kernels/cpu/winograd.h"

#include <utility>

namespace retrograd::kernels::cpu {

std::optional<Winograd> Winograd::of(const DirectConvolution& c, bool turned) {
  const auto is_fit = [](const WindowAxis& axis) {
    return axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1;
  };
  if (!is_fit(c.rows) || !is_fit(c.columns)) return std::nullopt;
  if (!turned) return Winograd{c.N, c.C, c.O, c.rows, c.columns};
  const auto other_way = [](WindowAxis axis) {
    std::swap(axis.image, axis.places);
    axis.low = axis.kernel - 1 - axis.low;
    return axis;
  };
  return Winograd{c.N, c.O, c.C, other_way(c.rows), other_way(c.columns)};
}

// Few channels are too little work beside the transforms, few tiles beside that of the weights. Of tiles that
// reach far over the edge much is thrown away.
bool Winograd::is_ahead() const {
  const std::int64_t products = tile_rows() * tile_columns() * winograd_points;
  return std::min(in, out) >= 16 && tiles() >= 16 && in * out <= 1024 * tiles() &&
         2 * products <= 9 * rows.places * columns.places;
}

Winograd::Tile Winograd::tile(std::int64_t index) const {
  const std::int64_t of_sample = tile_rows() * tile_columns();
  const std::int64_t n = index / of_sample;
  const std::int64_t p = index % of_sample / tile_columns() * winograd_tile;
  const std::int64_t q = index % tile_columns() * winograd_tile;
  const std::int64_t first_row = rows.element(p, 0), first_column = columns.element(q, 0);
  const auto inside = [](std::int64_t first, std::int64_t extent, std::int64_t most) {
    const std::int64_t begin = std::clamp<std::int64_t>(-first, 0, most);
    return Range{begin, std::clamp(extent - first, begin, most)};
  };
  Tile tile;
  tile.image = ((n * rows.image + first_row) * columns.image + first_column) * in;
  tile.places = ((n * rows.places + p) * columns.places + q) * out;
  tile.patch = {columns.image * in, in, inside(first_row, rows.image, winograd_patch),
                inside(first_column, columns.image, winograd_patch)};
  tile.square = {columns.places * out, out, inside(p, rows.places, winograd_tile),
                 inside(q, columns.places, winograd_tile)};
  return tile;
}

std::int64_t Winograd::block(std::int64_t floats) const {
  return std::clamp<std::int64_t>(floats / (winograd_points * (in + out)) / 12 * 12, 12, 192);
}

}  // namespace retrograd::kernels::cpu
