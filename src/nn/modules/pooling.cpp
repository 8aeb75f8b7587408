// max_pool, avg_pool, their adaptive and global forms.
#include <retrograd/image_layers.h>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/image_checks.h"

namespace retrograd::nn {
namespace {

void check_pool(const char* layer, std::int64_t size, std::int64_t stride, std::int64_t padding) {
  if (size >= 1 && stride >= 0 && padding >= 0 && padding < size) return;
  fail(ErrorKind::argument,
       "{}: size {}, stride {}, padding {}; expected a size and a stride of at least 1, 0 <= padding < size",
       layer, size, stride, padding);
}

std::string pool_text(const char* layer, std::int64_t size, std::int64_t stride, std::int64_t padding) {
  std::string text = fmt::format("{}({}", layer, size);
  if (stride != 0 && stride != size) text += fmt::format(", stride={}", stride);
  if (padding != 0) text += fmt::format(", padding={}", padding);
  return text;
}

PoolOptions options_of(std::int64_t size, std::int64_t stride, std::int64_t padding, bool include = false) {
  return {.window = {size},
          .stride = {stride == 0 ? size : stride},
          .padding = Padding(padding),
          .count_include_pad = include};
}

// An operation for each element of each window.
std::int64_t pool_flops(std::int64_t size, const Shape& output) {
  std::int64_t window = 1;
  for (int axis = 1; axis < output.rank(); ++axis) window *= size;
  return window * output.size();
}

void check_outputs(const char* layer, std::int64_t outputs) {
  if (outputs < 1) fail(ErrorKind::argument, "{}: {} outputs; expected at least 1", layer, outputs);
}

}  // namespace

MaxPool::MaxPool(std::int64_t size, std::int64_t stride, std::int64_t padding)
    : Module("max_pool"), size_(size), stride_(stride), padding_(padding) {
  check_pool("MaxPool", size, stride, padding);
}
std::string MaxPool::text() const { return pool_text("max_pool", size_, stride_, padding_) + ")"; }
std::int64_t MaxPool::flops(const Shape&, const Shape& output) const { return pool_flops(size_, output); }
Array MaxPool::forward(const Array& x) const { return max_pool(x, options_of(size_, stride_, padding_)); }
std::unique_ptr<Module> MaxPool::replica() const {
  return std::make_unique<MaxPool>(size_, stride_, padding_);
}

AvgPool::AvgPool(std::int64_t size, std::int64_t stride, std::int64_t padding, bool count_include_pad)
    : Module("avg_pool"),
      size_(size),
      stride_(stride),
      padding_(padding),
      count_include_pad_(count_include_pad) {
  check_pool("AvgPool", size, stride, padding);
}
std::string AvgPool::text() const {
  return pool_text("avg_pool", size_, stride_, padding_) +
         (count_include_pad_ ? ", count_include_pad=true)" : ")");
}
std::int64_t AvgPool::flops(const Shape&, const Shape& output) const { return pool_flops(size_, output); }
Array AvgPool::forward(const Array& x) const {
  return average_pool(x, options_of(size_, stride_, padding_, count_include_pad_));
}
std::unique_ptr<Module> AvgPool::replica() const {
  return std::make_unique<AvgPool>(size_, stride_, padding_, count_include_pad_);
}

AdaptiveAvgPool::AdaptiveAvgPool(std::int64_t outputs) : Module("adaptive_avg_pool"), outputs_(outputs) {
  check_outputs("AdaptiveAvgPool", outputs);
}
std::string AdaptiveAvgPool::text() const { return fmt::format("adaptive_avg_pool({})", outputs_); }
std::int64_t AdaptiveAvgPool::flops(const Shape& input, const Shape&) const { return input.size(); }
Array AdaptiveAvgPool::forward(const Array& x) const { return adaptive_average_pool(x, {outputs_}); }
std::unique_ptr<Module> AdaptiveAvgPool::replica() const {
  return std::make_unique<AdaptiveAvgPool>(outputs_);
}

AdaptiveMaxPool::AdaptiveMaxPool(std::int64_t outputs) : Module("adaptive_max_pool"), outputs_(outputs) {
  check_outputs("AdaptiveMaxPool", outputs);
}
std::string AdaptiveMaxPool::text() const { return fmt::format("adaptive_max_pool({})", outputs_); }
std::int64_t AdaptiveMaxPool::flops(const Shape& input, const Shape&) const { return input.size(); }
Array AdaptiveMaxPool::forward(const Array& x) const { return adaptive_max_pool(x, {outputs_}); }
std::unique_ptr<Module> AdaptiveMaxPool::replica() const {
  return std::make_unique<AdaptiveMaxPool>(outputs_);
}

std::int64_t GlobalAvgPool::flops(const Shape& input, const Shape&) const { return input.size(); }
Array GlobalAvgPool::forward(const Array& x) const { return global_average_pool(x); }
std::unique_ptr<Module> GlobalAvgPool::replica() const { return std::make_unique<GlobalAvgPool>(); }

std::int64_t GlobalMaxPool::flops(const Shape& input, const Shape&) const { return input.size(); }
Array GlobalMaxPool::forward(const Array& x) const { return global_max_pool(x); }
std::unique_ptr<Module> GlobalMaxPool::replica() const { return std::make_unique<GlobalMaxPool>(); }

namespace {

std::unique_ptr<Module> make_max(const LayerSpec& spec, const Shape& input, BuildContext&) {
  image_extents(input);
  return std::make_unique<MaxPool>(spec.integer(0), spec.integer(1), spec.integer(2));
}
std::unique_ptr<Module> make_avg(const LayerSpec& spec, const Shape& input, BuildContext&) {
  image_extents(input);
  return std::make_unique<AvgPool>(spec.integer(0), spec.integer(1), spec.integer(2), spec.boolean(3));
}
template <typename M>
std::unique_ptr<Module> make_adaptive(const LayerSpec& spec, const Shape& input, BuildContext&) {
  image_extents(input);
  return std::make_unique<M>(spec.integer(0));
}
template <typename M>
std::unique_ptr<Module> make_global(const LayerSpec&, const Shape& input, BuildContext&) {
  image_extents(input);
  return std::make_unique<M>();
}

const LayerParameter size{"size", ArgumentType::integer, 1, 1024};
const LayerParameter stride{"stride", ArgumentType::integer, 0, 1024, false, 0};
const LayerParameter padding{"padding", ArgumentType::integer, 0, 1023, false, 0};
const LayerParameter outputs{"outputs", ArgumentType::integer, 1, 65536};

}  // namespace

extern const LayerDef max_pool_layer{
    .name = "max_pool",
    .summary = "The largest element of each window of `size` along each axis; a stride of 0 is the size.",
    .parameters = {size, stride, padding},
    .make = make_max,
};
extern const LayerDef avg_pool_layer{
    .name = "avg_pool",
    .summary = "The mean of each window of `size` along each axis; a stride of 0 is the size.",
    .parameters = {size, stride, padding, {"count_include_pad", ArgumentType::boolean, 0, 1, false, 0}},
    .make = make_avg,
};
extern const LayerDef adaptive_avg_pool_layer{
    .name = "adaptive_avg_pool",
    .summary = "The mean of each of `outputs` windows along each axis.",
    .parameters = {outputs},
    .make = make_adaptive<AdaptiveAvgPool>,
};
extern const LayerDef adaptive_max_pool_layer{
    .name = "adaptive_max_pool",
    .summary = "The largest element of each of `outputs` windows along each axis.",
    .parameters = {outputs},
    .make = make_adaptive<AdaptiveMaxPool>,
};
extern const LayerDef global_avg_pool_layer{
    .name = "global_avg_pool",
    .summary = "The mean of each channel: one number a channel.",
    .make = make_global<GlobalAvgPool>,
};
extern const LayerDef global_max_pool_layer{
    .name = "global_max_pool",
    .summary = "The largest element of each channel: one number a channel.",
    .make = make_global<GlobalMaxPool>,
};

}  // namespace retrograd::nn
