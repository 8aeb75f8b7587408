// The batches of an epoch as arrays.
#include <retrograd/data.h>

#include <algorithm>
#include <numeric>

#include "core/buffer.h"
#include "core/fail.h"
#include "data/random.h"

namespace retrograd::data {

Batches::Batches(const Dataset& dataset, const BatchOptions& options) : dataset_(dataset), options_(options) {
  if (options.size < 1) fail(ErrorKind::argument, "batches: size is {}; expected at least 1", options.size);
  if (!dataset.has_targets()) fail(ErrorKind::argument, "batches: the dataset has no targets");
  if (options.shuffle) {
    make_order(options.seed, options.epoch, dataset.rows(), order_);
  } else {
    order_.resize(static_cast<std::size_t>(dataset.rows()));
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
  }
}

std::int64_t Batches::size() const {
  return dataset_.rows() / options_.size + (dataset_.rows() % options_.size != 0 ? 1 : 0);
}

Batch Batches::operator[](std::int64_t number) const {
  if (number < 0 || number >= size()) {
    fail(ErrorKind::argument, "batches: batch {} is out of range; expected 0 <= batch < {}", number, size());
  }
  const std::int64_t first = number * options_.size;
  const std::int64_t count = std::min(options_.size, dataset_.rows() - first);
  const auto rows =
      std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));

  Shape shape{count};
  for (std::int64_t extent : dataset_.input_shape()) shape.push_back(extent);
  auto inputs = std::make_shared<Buffer>(static_cast<std::size_t>(shape.size()) * sizeof(float));
  dataset_.copy_inputs(rows, inputs->as<float>());

  const bool labels = dataset_.task() == Task::classification && !options_.one_hot;
  const Shape target_shape = labels ? Shape{count} : Shape{count, dataset_.target_width()};
  auto targets = std::make_shared<Buffer>(static_cast<std::size_t>(target_shape.size()) * sizeof(float));
  if (labels) {
    dataset_.copy_labels(rows, targets->as<std::int32_t>());
  } else {
    dataset_.copy_targets(rows, targets->as<float>());
  }
  return {Array::from_buffer(std::move(inputs), shape, DType::f32),
          Array::from_buffer(std::move(targets), target_shape, labels ? DType::i32 : DType::f32)};
}

Batches batches(const Dataset& dataset, const BatchOptions& options) { return Batches(dataset, options); }

}  // namespace retrograd::data
