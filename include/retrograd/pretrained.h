// Going on from a trained network: its weights for a new training, with the same targets or others. A
// training that was interrupted is resumed bit for bit by Trainer::resume() instead; layers are held fast by
// Options::freeze.
//
//   const rg::train::Pretrained from("runs/digits-1");
//   auto parts = rg::data::load_csv("new.csv", {.encoder = from.encoder()});
//   auto model = rg::nn::build_model(from.model_text(parts.train.target_width()), parts.train.input_shape());
//   from.give(model, parts);
#pragma once

#include <retrograd/data.h>
#include <retrograd/nn.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace retrograd::train {

class Pretrained {
 public:
  // A model file, or the folder of a run. Throws Error(data).
  explicit Pretrained(const std::string& path);
  ~Pretrained();
  Pretrained(Pretrained&&) noexcept;
  Pretrained& operator=(Pretrained&&) noexcept;

  // Of tables and images, for data::LoadOptions::encoder; none of text.
  std::optional<data::Encoder> encoder() const;
  // The text of the network, its last layer giving that many numbers a row. Throws Error(argument) where that
  // is not linear and gives another number.
  std::string model_text(std::int64_t outputs) const;

  struct Taken {
    std::vector<std::string> layers;  // that have the trained values now, in their order: "linear_1"
    std::vector<std::string> anew;    // the layers behind them, which keep what they were drawn with
    std::string reason;               // why the first of those starts anew
  };
  // Gives the layers of `model`, by name, the trained values of weights and running statistics, up to the
  // first layer that has other shapes; what lies behind it was trained for other inputs. Where the classes or
  // the targets' names are not those of the network, the last layer with parameters starts anew in any case.
  // Throws Error(shape), naming layer and shapes, where not even the first layer fits, Error(argument) where
  // a text has other characters than the model. Nothing is changed then.
  Taken give(const nn::Sequential& model, const data::Parts& parts) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace retrograd::train
