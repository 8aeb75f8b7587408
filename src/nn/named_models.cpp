// Whole networks by name: from a name, the shape of a sample and the number of outputs to a model text.
#include <retrograd/model_text.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "core/fail.h"

// Samples [C, H, W].
namespace retrograd::nn {
namespace {

struct Wanted {
  Shape input;
  std::int64_t outputs;
  std::vector<double> arguments;
};

std::int64_t argument(const Wanted& wanted, std::size_t i, std::int64_t otherwise) {
  return i < wanted.arguments.size() ? static_cast<std::int64_t>(wanted.arguments[i]) : otherwise;
}

void expect_image(const char* name, const Shape& input, std::int64_t least) {
  if (input.rank() == 3 && std::min(input[1], input[2]) >= least) return;
  fail(ErrorKind::shape, "{}: takes images [channels, height, width] of at least {} x {}, not samples {}",
       name, least, least, input.to_string());
}

// Without padding where the image is large enough for it.
std::string lenet(const Wanted& wanted) {
  expect_image("lenet", wanted.input, 4);
  const char* more = std::min(wanted.input[1], wanted.input[2]) < 16 ? ", padding=same" : "";
  return fmt::format(
      "conv(20, 5{}), relu, max_pool(2), conv(50, 5{}), relu, max_pool(2), flatten, linear(500), relu, "
      "linear({})",
      more, more, wanted.outputs);
}

// Images of 28 x 28 are padded to the 32 x 32 of the paper.
std::string lenet5(const Wanted& wanted) {
  expect_image("lenet5", wanted.input, 28);
  return fmt::format(
      "conv(6, 5{}), tanh, avg_pool(2), conv(16, 5), tanh, avg_pool(2), conv(120, 5), tanh, flatten, "
      "linear(84), "
      "tanh, linear({})",
      std::min(wanted.input[1], wanted.input[2]) < 32 ? ", padding=2" : "", wanted.outputs);
}

std::string nielsen_cnn(const Wanted& wanted) {
  expect_image("nielsen-cnn", wanted.input, 16);
  return fmt::format(
      "conv(20, 5), max_pool(2), relu, conv(40, 5), max_pool(2), relu, flatten, linear(100), relu, "
      "linear({})",
      wanted.outputs);
}

// Two convolutions of size 3 with batch norm, and what comes in added.
std::string block(std::int64_t filters, std::int64_t stride) {
  const std::string first = stride == 1 ? "" : fmt::format(", stride={}", stride);
  return fmt::format(
      "residual(conv({0}, 3{1}, padding=1, bias=false), batch_norm, relu, conv({0}, 3, padding=1, "
      "bias=false), "
      "batch_norm), relu, ",
      filters, first);
}

std::string stages(const std::vector<std::int64_t>& blocks, std::int64_t filters) {
  std::string text;
  for (std::size_t stage = 0; stage < blocks.size(); ++stage, filters *= 2) {
    for (std::int64_t i = 0; i < blocks[stage]; ++i) text += block(filters, stage > 0 && i == 0 ? 2 : 1);
  }
  return text;
}

// 18 and 34 as for ImageNet, with a smaller beginning for images below 64 x 64; 6 n + 2 as for CIFAR.
std::string resnet(const Wanted& wanted) {
  expect_image("resnet", wanted.input, 8);
  const std::int64_t layers = argument(wanted, 0, 20);
  const std::string end = fmt::format("global_avg_pool, linear({})", wanted.outputs);
  if (layers == 18 || layers == 34) {
    const bool small = std::min(wanted.input[1], wanted.input[2]) < 64;
    const std::string beginning = small ? "conv(64, 3, padding=1, bias=false), batch_norm, relu, "
                                        : "conv(64, 7, stride=2, padding=3, bias=false), batch_norm, relu, "
                                          "max_pool(3, stride=2, padding=1), ";
    const std::vector<std::int64_t> blocks =
        layers == 18 ? std::vector<std::int64_t>{2, 2, 2, 2} : std::vector<std::int64_t>{3, 4, 6, 3};
    return beginning + stages(blocks, 64) + end;
  }
  if (layers < 8 || layers > 110 || (layers - 2) % 6 != 0) {
    fail(ErrorKind::argument,
         "resnet: {} layers; expected 18, 34, or 6 n + 2 from 8 to 110 (20, 32, 44, 56, 110)", layers);
  }
  const std::int64_t n = (layers - 2) / 6;
  return "conv(16, 3, padding=1, bias=false), batch_norm, relu, " + stages({n, n, n}, 16) + end;
}

// Two convolutions at this height, and the levels below with half of the places and twice the filters.
std::string unet_level(std::int64_t filters, std::int64_t below) {
  const std::string pair =
      fmt::format("conv({0}, 3, padding=1), relu, conv({0}, 3, padding=1), relu", filters);
  if (below == 0) return pair;
  return fmt::format("{0}, skip(max_pool(2), {1}, upsample(2), conv({2}, 3, padding=1), relu), {0}", pair,
                     unet_level(2 * filters, below - 1), filters);
}

// From an image to one of its height and width. The arrows of the paper's figure, with padding, and each way
// up doubled places and a convolution in place of a transposed one.
std::string unet(const Wanted& wanted) {
  const std::int64_t filters = argument(wanted, 0, 16), levels = argument(wanted, 1, 2);
  if (levels > 8 || filters > 4096) {
    fail(ErrorKind::argument, "unet: {} filters and {} levels; expected at most 4096 and 8", filters, levels);
  }
  const std::int64_t divisor = std::int64_t{1} << levels;
  expect_image("unet", wanted.input, divisor);
  const std::int64_t height = wanted.input[1], width = wanted.input[2], places = height * width;
  if (height % divisor != 0 || width % divisor != 0) {
    fail(ErrorKind::shape, "unet: {} levels halve images of {} x {} that often; expected multiples of {}",
         levels, height, width, divisor);
  }
  if (wanted.outputs % places != 0) {
    fail(ErrorKind::shape, "unet: gives an image of {} x {}; {} outputs are no whole channels of it", height,
         width, wanted.outputs);
  }
  return fmt::format("{}, conv({}, 1)", unet_level(filters, levels), wanted.outputs / places);
}

// Learns to give its input back through the layer `code`: a hidden layer before and behind it.
std::string encoder_and_decoder(const Wanted& wanted, const std::string& code, std::int64_t hidden) {
  return fmt::format("{0}linear({1}), relu, {2}, linear({1}), relu, linear({3})",
                     wanted.input.rank() == 1 ? "" : "flatten, ", hidden, code, wanted.input.size());
}

// The hidden layers are between the code and the input in size, but not so small that all their rectified
// units may be 0 everywhere. The code itself has no activation, so that few numbers tell much (Hinton and
// Salakhutdinov 2006).
std::string autoencoder(const Wanted& wanted) {
  const std::int64_t width = argument(wanted, 0, 32);
  const std::int64_t hidden = std::max({std::min(4 * width, wanted.input.size()), width, std::int64_t{16}});
  return encoder_and_decoder(wanted, fmt::format("linear({})", width), hidden);
}

// The paper has 500 hidden units for images.
std::string vae(const Wanted& wanted) {
  const std::int64_t width = argument(wanted, 0, 16);
  const double beta = wanted.arguments.size() > 1 ? wanted.arguments[1] : 1;
  const std::int64_t hidden = std::clamp<std::int64_t>(4 * width, wanted.input.rank() == 3 ? 500 : 64, 4096);
  return encoder_and_decoder(
      wanted, beta == 1 ? fmt::format("latent({})", width) : fmt::format("latent({}, {})", width, beta),
      hidden);
}

void expect_text(const char* name, const Wanted& wanted) {
  if (wanted.input.rank() == 1 && wanted.outputs > 1) return;
  fail(ErrorKind::shape, "{}: reads text, windows of tokens, not samples {}", name, wanted.input.to_string());
}

std::string recurrent_language_model(const char* name, const char* layer, const Wanted& wanted) {
  expect_text(name, wanted);
  const std::int64_t units = argument(wanted, 0, 128), layers = argument(wanted, 1, 1);
  return fmt::format("embedding({}, {}), {}({}, layers={}), linear({})", wanted.outputs,
                     argument(wanted, 2, units), layer, units, layers, wanted.outputs);
}
std::string lstm_lm(const Wanted& wanted) { return recurrent_language_model("lstm-lm", "lstm", wanted); }
std::string gru_lm(const Wanted& wanted) { return recurrent_language_model("gru-lm", "gru", wanted); }

std::string gpt(const Wanted& wanted) {
  expect_text("gpt", wanted);
  std::string text = fmt::format("embedding({}, {}), positions({})", wanted.outputs, argument(wanted, 2, 128),
                                 wanted.input[0]);
  for (std::int64_t layer = 0; layer < std::min<std::int64_t>(argument(wanted, 0, 4), 256); ++layer) {
    text += fmt::format(", transformer_block({}, causal=true)", argument(wanted, 1, 4));
  }
  return text + fmt::format(", layer_norm, linear({})", wanted.outputs);
}

struct Known {
  const char* name;
  const char* argument;  // names of them, with commas between; null: none
  const char* summary;
  std::string (*text)(const Wanted&);
  std::ptrdiff_t reals = 0;  // so many arguments, the last ones, need not be whole
};

constexpr Known known[] = {
    {"lenet", nullptr, "Two convolutions with ReLU and max pooling, two linear layers.", lenet},
    {"lenet5", nullptr, "LeCun et al. 1998: tanh, average pooling, 6-16-120-84.", lenet5},
    {"nielsen-cnn", nullptr, "Nielsen 2015, chapter 6: 20 and 40 kernels, a linear layer of 100, ReLU.",
     nielsen_cnn},
    {"resnet", "layers=20", "He et al. 2016: 18 or 34 layers, or 6 n + 2 with 16 to 64 channels.", resnet},
    {"autoencoder", "width=32", "Linear layers that give their input back through `width` numbers.",
     autoencoder},
    {"vae", "width=16, beta=1",
     "Kingma and Welling 2014: the same with `width` latent variables; beta weighs their divergence from "
     "N(0, 1).",
     vae, 1},
    {"unet", "filters=16, levels=2",
     "Ronneberger et al. 2015: from an image to one of its size, down by max pooling and up again, with "
     "skips.",
     unet},
    {"lstm-lm", "units=128, layers=1, embedding=units", "A language model: embedding, lstm, linear.",
     lstm_lm},
    {"gru-lm", "units=128, layers=1, embedding=units", "A language model: embedding, gru, linear.", gru_lm},
    {"gpt", "layers=4, heads=4, width=128",
     "A language model: embedding, positions, causal transformer blocks, norm, linear.", gpt},
};

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// What stands in the parentheses behind the name: nothing, or numbers with commas between, whole and above 0
// where they count something.
std::vector<double> arguments_of(const Known& model, std::string_view rest) {
  if (rest.empty() || rest == "()") return {};
  const std::string_view inside = trimmed(rest.substr(1, rest.size() - 2));
  const std::string_view names = model.argument == nullptr ? "" : model.argument;
  const auto most = model.argument == nullptr ? 0 : std::count(names.begin(), names.end(), ',') + 1;
  std::vector<double> numbers;
  bool fits = true;
  for (std::size_t at = 0; fits && at <= inside.size();) {
    const std::size_t comma = std::min(inside.find(',', at), inside.size());
    const std::string_view part = trimmed(inside.substr(at, comma - at));
    const bool real = static_cast<std::ptrdiff_t>(numbers.size()) >= most - model.reals;
    double number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    fits = error == std::errc() && end == part.data() + part.size() && number >= (real ? 0 : 1) &&
           number <= 1000000 && (real || number == std::floor(number));
    numbers.push_back(number);
    at = comma + 1;
  }
  if (!fits || static_cast<std::ptrdiff_t>(numbers.size()) > most) {
    fail(ErrorKind::argument, "{}: got ({}); expected {}", model.name, inside,
         most == 0          ? "no arguments"
         : most == 1        ? "one whole number above 0"
         : model.reals == 0 ? fmt::format("up to {} whole numbers above 0: {}", most, names)
                            : fmt::format("{}, counts being whole numbers above 0", names));
  }
  return numbers;
}

}  // namespace

std::string expand_model(std::string_view text, const Shape& input_shape, std::int64_t outputs) {
  const std::string_view wanted = trimmed(text);
  for (const Known& model : known) {
    if (!wanted.starts_with(model.name)) continue;
    const std::string_view rest = trimmed(wanted.substr(std::string_view(model.name).size()));
    const bool whole = rest.empty() || (rest.front() == '(' && rest.find(')') == rest.size() - 1);
    if (whole) return model.text({input_shape, outputs, arguments_of(model, rest)});
  }
  return std::string(text);
}

std::vector<NamedModel> named_models() {
  std::vector<NamedModel> models;
  for (const Known& model : known) {
    const std::string arguments = model.argument == nullptr ? "" : fmt::format("({})", model.argument);
    models.push_back({model.name + arguments, model.summary});
  }
  return models;
}

}  // namespace retrograd::nn
