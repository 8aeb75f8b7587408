// Sequential and the names of its layers.
#include <retrograd/model_text.h>

#include <map>

#include "core/fail.h"
#include "nn/layer_text.h"

namespace retrograd::nn {
namespace {

// Does a ReLU follow layer `index`, with nothing between that changes the values' spread?
bool rectifier_follows(const std::vector<std::unique_ptr<Module>>& layers, std::size_t index) {
  for (std::size_t next = index + 1; next < layers.size(); ++next) {
    if (layers[next]->role() != Module::Role::transparent)
      return layers[next]->role() == Module::Role::rectifier;
  }
  return false;
}

}  // namespace

std::string layer_text(const Module& layer) {
  if (dynamic_cast<const Sequential*>(&layer) != nullptr) return "sequential(" + layer.text() + ")";
  return layer.text();
}

Sequential::Sequential(std::vector<std::unique_ptr<Module>> modules) : Module("sequential") {
  set_name("");
  std::map<std::string, int> count;
  for (auto& module : modules) {
    if (!module) fail(ErrorKind::argument, "Sequential: a layer is null");
    std::string type = module->type_name();
    const int number = ++count[type];
    add_child(fmt::format("{}_{}", type, number), std::move(module));
  }
  for (std::size_t i = 0; i < children().size(); ++i) {
    set_before_rectifier(*children()[i], rectifier_follows(children(), i));
  }
  redraw_unused();
}

const Module& Sequential::operator[](std::size_t index) const {
  if (index >= size()) fail(ErrorKind::argument, "Sequential: layer {} of {} was asked for", index, size());
  return *children()[index];
}

std::string Sequential::text() const {
  std::string text;
  for (const auto& child : children()) text += (text.empty() ? "" : ", ") + layer_text(*child);
  return text;
}

std::int64_t Sequential::flops(const Shape& input, const Shape&) const {
  std::int64_t total = 0;
  Shape shape = input;
  for (const auto& child : children()) {
    const Shape after = output_shape(*child, shape);
    total += child->flops(shape, after);
    shape = after;
  }
  return total;
}

Array Sequential::forward(const Array& x) const {
  Array y = x;
  for (const auto& child : children()) y = (*child)(y);
  return y;
}

Array Sequential::logits(const Array& x) const {
  mark_used();
  std::size_t count = size();
  if (count > 0) {
    const std::string& last = children().back()->type_name();
    if (last == "softmax" || last == "sigmoid") --count;
  }
  Array y = x;
  for (std::size_t i = 0; i < count; ++i) y = (*children()[i])(y);
  return y;
}

std::unique_ptr<Module> Sequential::replica() const {
  std::vector<std::unique_ptr<Module>> copies;
  for (const auto& child : children()) copies.push_back(child->clone());
  return std::make_unique<Sequential>(std::move(copies));
}

}  // namespace retrograd::nn
