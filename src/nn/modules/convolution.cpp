// conv and conv_transpose. Pooling is in pooling.cpp.
#include <retrograd/image_layers.h>
#include <retrograd/ops.h>

#include <optional>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/image_checks.h"

namespace retrograd::nn {
namespace {

void check_sizes(const char* layer, std::int64_t channels, std::int64_t filters,
                 const std::vector<std::int64_t>& size, std::int64_t groups) {
  bool positive = channels >= 1 && filters >= 1 && groups >= 1;
  for (std::int64_t extent : size) positive = positive && extent >= 1;
  if (!positive || size.empty() || size.size() > 3) {
    fail(ErrorKind::argument,
         "{}: {} channels, {} filters of size [{}], {} groups; expected at least 1 of each and 1 to 3 axes",
         layer, channels, filters, fmt::join(size, ", "), groups);
  }
  if (channels % groups != 0 || filters % groups != 0) {
    fail(ErrorKind::argument, "{}: {} groups do not divide {} channels and {} filters", layer, groups,
         channels, filters);
  }
}

// How padding stands in a model text: "2", "same"; nothing where no text says it.
std::optional<std::string> padding_text(const Padding& padding) {
  if (padding.is_same()) return "same";
  const std::int64_t low = common(padding.low());
  if (low < 0 || low != common(padding.high())) return std::nullopt;
  return std::to_string(low);
}

// ", stride=2, ..." but for defaults; nothing where a model text cannot say it.
template <typename Options>
std::optional<std::string> options_text(const Options& options) {
  const auto padding = padding_text(options.padding);
  if (common(options.stride) < 0 || common(options.dilation) < 0 || !padding) return std::nullopt;
  std::string text;
  if (common(options.stride) != 1) text += fmt::format(", stride={}", common(options.stride));
  if (*padding != "0") text += ", padding=" + *padding;
  if constexpr (requires { options.output_padding; }) {
    if (common(options.output_padding) < 0) return std::nullopt;
    if (common(options.output_padding) != 0)
      text += fmt::format(", output_padding={}", common(options.output_padding));
  }
  if (common(options.dilation) != 1) text += fmt::format(", dilation={}", common(options.dilation));
  if (options.groups != 1) text += fmt::format(", groups={}", options.groups);
  if (!options.bias) text += ", bias=false";
  return text;
}

template <typename Options>
std::string layer_text_of(const std::string& name, std::int64_t filters,
                          const std::vector<std::int64_t>& size, const Options& options) {
  const auto more = options_text(options);
  if (common(size) < 0 || !more) return name;
  return fmt::format("{}({}, {}{})", name, filters, common(size), *more);
}

Shape weight_shape(std::int64_t first, std::int64_t second, const std::vector<std::int64_t>& size) {
  Shape shape{first, second};
  for (std::int64_t extent : size) shape.push_back(extent);
  return shape;
}

}  // namespace

Array along_channels(const Array& v, const Array& x) {
  Shape shape;
  for (int axis = 0; axis < x.rank(); ++axis) shape.push_back(axis == 1 ? v.size() : 1);
  return reshape(v, shape);
}

Conv::Conv(std::int64_t channels, std::int64_t filters, std::vector<std::int64_t> size,
           const ConvOptions& options)
    : Module("conv"), channels_(channels), filters_(filters), size_(std::move(size)), options_(options) {
  check_sizes("Conv", channels, filters, size_, options.groups);
  set_seed(options.seed);
  const std::int64_t places = product(size_);
  const Fans fans{channels / options.groups * places, filters / options.groups * places};
  weight_ = add_parameter("weight", weight_shape(filters, channels / options.groups, size_), options.dtype,
                          options.initialisation.weight, fans);
  if (options.bias)
    bias_ = add_parameter("bias", {filters}, options.dtype, options.initialisation.bias, fans);
}

const Variable& Conv::weight() const {
  mark_used();
  return weight_;
}

const Variable& Conv::bias() const {
  mark_used();
  return bias_;
}

std::string Conv::text() const { return layer_text_of("conv", filters_, size_, options_); }

std::int64_t Conv::flops(const Shape&, const Shape& output) const {
  return output.size() * (2 * channels_ / options_.groups * product(size_) - (bias_.empty() ? 1 : 0));
}

Array Conv::forward(const Array& x) const {
  check_channels(*this, x, channels_);
  const Array z = convolution(x, weight_,
                              {.stride = options_.stride,
                               .padding = options_.padding,
                               .dilation = options_.dilation,
                               .groups = options_.groups});
  return bias_.empty() ? z : z + along_channels(bias_, z);
}

std::unique_ptr<Module> Conv::replica() const {
  return std::make_unique<Conv>(channels_, filters_, size_, options_);
}

ConvTranspose::ConvTranspose(std::int64_t channels, std::int64_t filters, std::vector<std::int64_t> size,
                             const ConvTransposeOptions& options)
    : Module("conv_transpose"),
      channels_(channels),
      filters_(filters),
      size_(std::move(size)),
      options_(options) {
  check_sizes("ConvTranspose", channels, filters, size_, options.groups);
  set_seed(options.seed);
  // About so many products in a sum, and of one input.
  const std::int64_t places = product(size_);
  std::int64_t steps = 1;
  for (std::size_t a = 0; a < size_.size(); ++a) steps *= options.stride[options.stride.size() > 1 ? a : 0];
  const Fans fans{
      std::max<std::int64_t>(channels / options.groups * places / std::max<std::int64_t>(steps, 1), 1),
      filters / options.groups * places};
  weight_ = add_parameter("weight", weight_shape(channels, filters / options.groups, size_), options.dtype,
                          options.initialisation.weight, fans);
  if (options.bias)
    bias_ = add_parameter("bias", {filters}, options.dtype, options.initialisation.bias, fans);
}

const Variable& ConvTranspose::weight() const {
  mark_used();
  return weight_;
}

const Variable& ConvTranspose::bias() const {
  mark_used();
  return bias_;
}

std::string ConvTranspose::text() const { return layer_text_of("conv_transpose", filters_, size_, options_); }

std::int64_t ConvTranspose::flops(const Shape& input, const Shape& output) const {
  return input.size() * 2 * filters_ / options_.groups * product(size_) + (bias_.empty() ? 0 : output.size());
}

Array ConvTranspose::forward(const Array& x) const {
  check_channels(*this, x, channels_);
  const Array z = convolution_transpose(x, weight_,
                                        {.stride = options_.stride,
                                         .padding = options_.padding,
                                         .dilation = options_.dilation,
                                         .groups = options_.groups,
                                         .output_padding = options_.output_padding});
  return bias_.empty() ? z : z + along_channels(bias_, z);
}

std::unique_ptr<Module> ConvTranspose::replica() const {
  return std::make_unique<ConvTranspose>(channels_, filters_, size_, options_);
}

namespace {

constexpr double most = 2147483647;
constexpr double same = -1;  // the word in place of a number

Padding padding_of(double given) {
  return given == same ? Padding::same() : Padding(static_cast<std::int64_t>(given));
}

std::unique_ptr<Module> make_conv(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  const std::vector<std::int64_t> size(image_extents(input).size(), spec.integer(1));
  const std::int64_t filters = spec.integer(0), groups = spec.integer(5);
  check_sizes("conv", input[0], filters, size, groups);
  context.claim(filters, input[0] / groups * product(size) + (spec.boolean(6) ? 1 : 0));
  return std::make_unique<Conv>(input[0], filters, size,
                                ConvOptions{.stride = {spec.integer(2)},
                                            .padding = padding_of(spec.real(3)),
                                            .dilation = {spec.integer(4)},
                                            .groups = groups,
                                            .bias = spec.boolean(6),
                                            .initialisation = context.initialisation(),
                                            .dtype = context.dtype()});
}

std::unique_ptr<Module> make_transpose(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  const std::vector<std::int64_t> size(image_extents(input).size(), spec.integer(1));
  const std::int64_t filters = spec.integer(0), groups = spec.integer(6);
  check_sizes("conv_transpose", input[0], filters, size, groups);
  context.claim(filters, input[0] / groups * product(size) + (spec.boolean(7) ? 1 : 0));
  return std::make_unique<ConvTranspose>(input[0], filters, size,
                                         ConvTransposeOptions{.stride = {spec.integer(2)},
                                                              .padding = padding_of(spec.real(3)),
                                                              .output_padding = {spec.integer(4)},
                                                              .dilation = {spec.integer(5)},
                                                              .groups = groups,
                                                              .bias = spec.boolean(7),
                                                              .initialisation = context.initialisation(),
                                                              .dtype = context.dtype()});
}

const LayerParameter filters{"filters", ArgumentType::integer, 1, most};
const LayerParameter size{"size", ArgumentType::integer, 1, 1024};
const LayerParameter stride{"stride", ArgumentType::integer, 1, 1024, false, 1};
const LayerParameter padding{"padding", ArgumentType::integer,         0, 1024, false,
                             0,         {{"same", same}, {"valid", 0}}};
const LayerParameter output_padding{"output_padding", ArgumentType::integer, 0, 1023, false, 0};
const LayerParameter dilation{"dilation", ArgumentType::integer, 1, 1024, false, 1};
const LayerParameter groups{"groups", ArgumentType::integer, 1, most, false, 1};
const LayerParameter bias{"bias", ArgumentType::boolean, 0, 1, false, 1};

}  // namespace

extern const LayerDef conv_layer{
    .name = "conv",
    .summary =
        "Convolution by `filters` kernels of `size` along each axis; padding is a number, same or valid.",
    .parameters = {filters, size, stride, padding, dilation, groups, bias},
    .make = make_conv,
};

extern const LayerDef conv_transpose_layer{
    .name = "conv_transpose",
    .summary = "Transposed convolution, which makes images larger by its stride; padding is taken away.",
    .parameters = {filters, size, stride, padding, output_padding, dilation, groups, bias},
    .make = make_transpose,
};

}  // namespace retrograd::nn
