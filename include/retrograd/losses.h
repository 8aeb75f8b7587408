// Losses. Each sums over the outputs of a sample (mse and mae average over them) and averages over the batch.
// Functions named in the plural give the loss of every sample [N], for a batch that is masked:
// weighted_mean().
#pragma once

#include <retrograd/array.h>
#include <retrograd/variable.h>

#include <span>
#include <string_view>

namespace retrograd::nn {

class Sequential;

// y [N, ...] floating; targets of y's shape and dtype, or [N] where y is [N, 1], or integer labels [N]: the
// classes of y [N, K] as one-hot rows, the numbers 0 and 1 where y is [N, 1] or [N]. Other shapes are an
// Error(shape).

// 1/2 sum_j (y_j - t_j)^2. Nielsen 2015, eq. 6; Bishop 2006, eq. 5.14.
Array half_squared_error(const Array& y, const Array& t);
Array half_squared_errors(const Array& y, const Array& t);
// The mean over outputs of (y_j - t_j)^2 and of |y_j - t_j|.
Array mse(const Array& y, const Array& t);
Array mean_squared_errors(const Array& y, const Array& t);
Array mae(const Array& y, const Array& t);
Array mean_absolute_errors(const Array& y, const Array& t);
// -sum_j t_j log softmax(z)_j for logits z [N, K] and labels [N] or distributions t [N, K]. Goodfellow et al.
// 2016, 6.2.2.3.
Array cross_entropy(const Array& logits, const Array& t);
Array cross_entropies(const Array& logits, const Array& t);
// -sum_j t_j log s_j + (1 - t_j) log(1 - s_j), s = sigmoid(z), from logits z. Nielsen 2015, eq. 63.
Array binary_cross_entropy(const Array& logits, const Array& t);
Array binary_cross_entropies(const Array& logits, const Array& t);

// sum_n w_n l_n / sum_n w_n for losses l [N] and weights w [N] of one dtype; a weight of 0 masks a sample.
Array weighted_mean(const Array& losses, const Array& weights);

// 1/2 sum w^2 and sum |w| over the weights: parameters of rank 2 and more, not biases. Error(argument) where
// there are none.
Array l2_penalty(std::span<const Variable> parameters);
Array l1_penalty(std::span<const Variable> parameters);

// A loss by name, for tools.
struct Loss {
  std::string_view name;
  std::string_view summary;
  // (output of the model, targets) -> [N]
  Array (*per_sample)(const Array& y, const Array& t);
  // The last activation that the loss has within it ("softmax", "sigmoid", ""): it takes what comes before
  // that.
  std::string_view activation;
};
// "half_squared_error", "mse", "mae", "cross_entropy", "binary_cross_entropy".
std::span<const Loss> losses();
// Throws Error(argument) for an unknown name, with the one that may have been meant.
const Loss& loss(std::string_view name);

// The loss of each sample [N] of a model: a last softmax or sigmoid layer that the loss has within it is left
// out. Throws Error(argument) for a last layer that the loss cannot take, with the remedy.
Array model_losses(const Loss& loss, const Sequential& model, const Array& x, const Array& t);

}  // namespace retrograd::nn
