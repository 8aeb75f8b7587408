// Matrix products in f32 by oneDNN, of f32, or of bf16 where the processor multiplies it: a [M, K], b [K, N]
// -> y [M, N], either operand possibly transposed (unit stride along its first axis), with a bias row and
// element-wise stages on the way out. The result is cut into tiles, one a shard, by sizes alone. Products of
// higher rank and in f64 are left to the reference kernel.
#include <algorithm>

#include "kernels/cpu/matrix.h"
#include "kernels/cpu/onednn.h"

namespace retrograd::kernels {
namespace {

using Desc = dnnl::memory::desc;

struct Grid {
  std::int64_t row_tiles = 1;
  std::int64_t column_tiles = 1;
};

// Every tile packs its part of b anew, which rows of tiles repeat. Tile sizes below which that, or a call,
// costs more than it gains were measured for each use of a product: forward, the gradient of x (b transposed)
// and that of w (a transposed).
Grid grid_of(const Call& call) {
  const std::int64_t M = call.outputs[0].shape()[0];
  const std::int64_t N = call.outputs[0].shape()[1];
  const double flops = cpu::flops_of(call);
  const std::int64_t most = flops < 0.4e6 ? 1 : flops < 8e6 ? 2 : 16;
  const auto tiles = [](std::int64_t extent, std::int64_t least, std::int64_t limit) {
    return std::clamp<std::int64_t>(extent / least, 1, limit);
  };
  if (cpu::matrix_strides(call.inputs[0])->transposed) return {tiles(M, 48, most), 1};
  if (!cpu::matrix_strides(call.inputs[1])->transposed) {
    const std::int64_t row_tiles = tiles(M, 64, most);
    return {row_tiles, tiles(N, 128, most / row_tiles)};
  }
  if (M >= 1024) return {tiles(M, 256, most), 1};
  if (M >= 64 && N >= 256) return {1, tiles(N, 128, most)};
  return {tiles(M, 32, most), 1};
}

using Tile = cpu::MatrixTile;

// Tile borders at multiples of `step`, the last one short.
std::int64_t border(std::int64_t extent, std::int64_t tiles, std::int64_t i, std::int64_t step) {
  return i == tiles ? extent : extent * i / tiles / step * step;
}

Tile tile_of(const Call& call, const Grid& grid, int shard) {
  const std::int64_t M = call.outputs[0].shape()[0];
  const std::int64_t N = call.outputs[0].shape()[1];
  const std::int64_t r = shard / grid.column_tiles;
  const std::int64_t c = shard % grid.column_tiles;
  const std::int64_t row = border(M, grid.row_tiles, r, 4);
  const std::int64_t column = border(N, grid.column_tiles, c, 16);
  return {row, border(M, grid.row_tiles, r + 1, 4) - row, column,
          border(N, grid.column_tiles, c + 1, 16) - column};
}

dnnl::matmul::primitive_desc describe(const Call& call, const Tile& tile) {
  const cpu::MatrixStrides a = *cpu::matrix_strides(call.inputs[0]);
  const cpu::MatrixStrides b = *cpu::matrix_strides(call.inputs[1]);
  const std::int64_t K = call.inputs[0].shape()[1];
  const std::int64_t N = call.outputs[0].shape()[1];
  const auto f32 = dnnl::memory::data_type::f32;
  const Desc a_desc({tile.rows, K}, onednn::type_of(call.inputs[0]), dnnl::memory::dims{a.row, a.column});
  const Desc b_desc({K, tile.columns}, onednn::type_of(call.inputs[1]), dnnl::memory::dims{b.row, b.column});
  const std::int64_t y_row = cpu::MatrixStages::of(call)->needs_scratch() ? tile.columns : N;
  const Desc y_desc({tile.rows, tile.columns}, f32, dnnl::memory::dims{y_row, 1});
  const Desc bias_desc({1, tile.columns}, f32, dnnl::memory::dims{tile.columns, 1});
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const onednn::SingleThreaded alone;
  if (cpu::MatrixStages::of(call)->bias() >= 0) {
    return {dnnl::matmul::desc(a_desc, b_desc, bias_desc, y_desc), attributes, onednn::engine()};
  }
  return {dnnl::matmul::desc(a_desc, b_desc, y_desc), attributes, onednn::engine()};
}

// Products of bf16 only where oneDNN has more than plain loops for every tile.
bool supports(const Call& call) {
  if (cpu::is_matrix_product(call, DType::f32)) return true;
  if (!onednn::multiplies_bf16() || !cpu::is_matrix_product(call, DType::bf16)) return false;
  const Grid grid = grid_of(call);
  try {
    for (int shard = 0; shard < grid.row_tiles * grid.column_tiles; ++shard) {
      if (onednn::is_reference(describe(call, tile_of(call, grid, shard)).impl_info_str())) return false;
    }
    return true;
  } catch (const dnnl::error&) {
    return false;  // oneDNN has no such product
  }
}

// Bytes of the tile's product where it waits in the scratch for its stages, in front of oneDNN's own
// scratchpad.
std::size_t product_bytes(const Call& call, const Tile& tile) {
  if (!cpu::MatrixStages::of(call)->needs_scratch()) return 0;
  return (static_cast<std::size_t>(tile.rows * tile.columns) * sizeof(float) + 63) / 64 * 64;
}

Choice choose(const Call& call) {
  const Grid grid = grid_of(call);
  Choice choice{.shards = static_cast<int>(grid.row_tiles * grid.column_tiles)};
  for (int shard = 0; shard < choice.shards; ++shard) {
    const Tile tile = tile_of(call, grid, shard);
    const std::size_t bytes = describe(call, tile).scratchpad_desc().get_size() + product_bytes(call, tile);
    choice.scratch_bytes = std::max(choice.scratch_bytes, bytes);
  }
  return choice;
}

// A shard reads of a matrix what it overwrites, after its product is made.
bool in_place(const Call& call, std::size_t input) { return cpu::MatrixStages::of(call)->is_matrix(input); }

class MatmulKernel final : public BoundKernel {
 public:
  MatmulKernel(const Call& call, const Choice& choice)
      : call_(call),
        stages_(*cpu::MatrixStages::of(call)),
        a_(*cpu::matrix_strides(call.inputs[0])),
        b_(*cpu::matrix_strides(call.inputs[1])),
        N_(call.outputs[0].shape()[1]) {
    const Grid grid = grid_of(call);
    for (int shard = 0; shard < choice.shards; ++shard) {
      const Tile tile = tile_of(call, grid, shard);
      const dnnl::matmul::primitive_desc described = describe(call, tile);
      const onednn::SingleThreaded alone;
      Shard made{tile, product_bytes(call, tile), onednn::PreparedCall(dnnl::matmul(described))};
      made.call.add(DNNL_ARG_SRC, described.src_desc());
      made.call.add(DNNL_ARG_WEIGHTS, described.weights_desc());
      made.call.add(DNNL_ARG_DST, described.dst_desc());
      made.call.add(DNNL_ARG_SCRATCHPAD, described.scratchpad_desc());
      if (stages_.bias() >= 0) made.call.add(DNNL_ARG_BIAS, described.bias_desc());
      shards_.push_back(std::move(made));
    }
  }

  void run(const Operands& operands, int shard) noexcept override {
    const onednn::SingleThreaded alone;
    auto& [tile, bytes, call] = shards_[static_cast<std::size_t>(shard)];
    float* y = operands.out<float>() + tile.row * N_ + tile.column;
    float* product = bytes > 0 ? reinterpret_cast<float*>(operands.scratch) : y;
    call.set(0, onednn::element(operands.inputs[0], call_.inputs[0], tile.row * a_.row));
    call.set(1, onednn::element(operands.inputs[1], call_.inputs[1], tile.column * b_.column));
    call.set(2, product);
    call.set(3, operands.scratch + bytes);
    if (const float* bias = stages_.bias_row(operands)) call.set(4, bias + tile.column);
    call.run();
    // The tile still lies in the cache.
    stages_.run(operands, tile, N_, product, bytes > 0 ? tile.columns : N_, y);
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<MatmulKernel>(call, choice);
  }

 private:
  struct Shard {
    Tile tile;
    std::size_t bytes;  // of the product in the scratch
    onednn::PreparedCall call;
  };

  const Call& call_;
  cpu::MatrixStages stages_;
  cpu::MatrixStrides a_;
  cpu::MatrixStrides b_;
  std::int64_t N_;
  std::vector<Shard> shards_;
};

}  // namespace

extern const KernelDef matmul_onednn{.op = "matmul",
                                     .backend = "onednn",
                                     .supports = supports,
                                     .choose = choose,
                                     .bind = MatmulKernel::bind,
                                     .error = ErrorBound::sum("K, and 1 with a bias", "sum |a b|"),
                                     .in_place = in_place,
                                     .takes_operands = true};

}  // namespace retrograd::kernels
