// Losses. Each sums over the outputs of a sample (mse and mae average over them) and averages over the batch.
// Functions named in the plural give the loss of every sample [N], for a batch that is masked:
// weighted_mean().
#pragma once

#include <retrograd/array.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

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
// -sum_j t_j log softmax(z)_j for logits z [N, K] and labels [N] or distributions t [N, K]; for sequences z
// [N, T, K] and labels [N, T] the mean over the steps. Goodfellow et al. 2016, 6.2.2.3.
Array cross_entropy(const Array& logits, const Array& t);
Array cross_entropies(const Array& logits, const Array& t);
// -sum_j t_j log s_j + (1 - t_j) log(1 - s_j), s = sigmoid(z), from logits z. Nielsen 2015, eq. 63.
Array binary_cross_entropy(const Array& logits, const Array& t);
Array binary_cross_entropies(const Array& logits, const Array& t);

// Of numbers, insensitive to outliers: sum_j d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2), with d
// = y_j - t_j. Huber 1964. Throws Error(argument) unless delta is finite and above 0.
Array huber(const Array& y, const Array& t, double delta = 1.0);
Array hubers(const Array& y, const Array& t, double delta = 1.0);
// sum_j max(q d, (q - 1) d) with d = t_j - y_j: least where y is the q-quantile of t; q = 1/2 gives half of
// the absolute error. The derivative at d = 0 is 1/2 - q. Koenker and Bassett 1978. Throws Error(argument)
// unless 0 < q < 1.
Array quantile(const Array& y, const Array& t, double q = 0.5);
Array quantiles(const Array& y, const Array& t, double q = 0.5);
// sum_j exp(z_j) - t_j z_j for counts t and the logarithms z of their rates: minus the log likelihood of
// Poisson's law, without log t!. McCullagh and Nelder 1989, chapter 6.
Array poisson(const Array& z, const Array& t);
Array poissons(const Array& z, const Array& t);

// Of classes, from logits z [N, K], K >= 2, and labels [N] or distributions t [N, K].

struct CrossEntropyOptions {
  // t becomes (1 - s) t + s / K. Szegedy et al. 2016. Throws Error(argument) unless 0 <= s < 1.
  double label_smoothing = 0.0;
  // [K], of the logits' dtype; empty: all 1. The loss is -sum_j c_j t_j log softmax(z)_j; its mean is over
  // the number of samples, not over the sum of their weights.
  Array class_weights = {};
};
Array cross_entropy(const Array& logits, const Array& t, const CrossEntropyOptions& options);
Array cross_entropies(const Array& logits, const Array& t, const CrossEntropyOptions& options);
// N / (K count_k) for the number of samples of each class: each class has the same weight in all, and their
// mean over the samples is 1; a class without samples gets 0. King and Zeng 2001. Throws Error(argument) for
// no samples or a negative count.
Array balanced_class_weights(std::span<const std::int64_t> counts, DType dtype = DType::f32);
// -sum_j t_j (1 - p_j)^gamma log p_j with p = softmax(z): samples that are predicted well count less. Lin et
// al. 2017. Throws Error(argument) unless gamma is finite and at least 0.
Array focal(const Array& logits, const Array& t, double gamma = 2.0);
Array focals(const Array& logits, const Array& t, double gamma = 2.0);
// sum_j t_j (log t_j - log softmax(z)_j), with 0 log 0 = 0. Kullback and Leibler 1951.
Array kl_divergence(const Array& logits, const Array& t);
Array kl_divergences(const Array& logits, const Array& t);
// For integer labels and scores y [N, K], K >= 2: sum over the other classes of max(0, 1 + y_j - y_label)
// (Weston and Watkins 1999). For one output, labels 0 and 1, and for targets t of -1 and 1 of y's shape:
// sum_j max(0, 1 - t_j y_j). The derivative at the kink is 0.
Array hinge(const Array& y, const Array& t);
Array hinges(const Array& y, const Array& t);

// sum_n w_n l_n / sum_n w_n for losses l [N] and weights w [N] of one dtype; a weight of 0 masks a sample.
Array weighted_mean(const Array& losses, const Array& weights);

// 1/2 sum w^2 and sum |w| over the weights: parameters of rank 2 and more, not biases. Error(argument) where
// there are none.
Array l2_penalty(std::span<const Variable> parameters);
Array l1_penalty(std::span<const Variable> parameters);

// A loss by name, for tools, with the values of its options.
struct Loss {
  std::string_view name;
  std::string_view summary;
  // The last activation that the loss has within it ("softmax", "sigmoid", "exp", ""): it takes what comes
  // before that. hinge has none, but wants scores as softmax does, and softmax of them to tell probabilities.
  std::string_view activation;
  std::string_view option;       // "delta" of huber, "q" of quantile, "gamma" of focal; empty: it has none
  double value = 0.0;            // of the option
  double label_smoothing = 0.0;  // of cross_entropy alone
  std::vector<double> class_weights =
      {};  // [K], empty: all 1; for integer labels, else of cross_entropy alone
  Array (*compute)(const Array& y, const Array& t, const Loss& loss) = nullptr;

  // (output of the model, targets) -> [N]. Throws Error(argument) for class weights or a label smoothing that
  // the loss does not have.
  Array per_sample(const Array& y, const Array& t) const;
};
// "half_squared_error", "mse", "mae", "huber", "quantile", "poisson", "cross_entropy",
// "binary_cross_entropy", "focal", "kl_divergence", "hinge", each with the default of its option.
std::span<const Loss> losses();
// By its text, a name or a name with the value of its option: "huber(0.5)", "quantile(0.9)", "focal(1)".
// Throws Error(argument) for an unknown name, with the one that may have been meant, and for a value that the
// loss cannot have.
Loss loss(std::string_view text);

// The loss of each sample [N] of a model: a last softmax or sigmoid layer that the loss has within it is left
// out. Throws Error(argument) for a last layer that the loss cannot take, with the remedy.
Array model_losses(const Loss& loss, const Sequential& model, const Array& x, const Array& t);

}  // namespace retrograd::nn
