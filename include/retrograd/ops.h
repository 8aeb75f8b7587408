// The ops: functions of arrays. Each checks shapes and dtypes at once, makes a node and computes nothing.
// Not here: layers and losses (<retrograd/nn.h>), gradients (<retrograd/gradients.h>), evaluation
// (<retrograd/eval.h>).
//
// Rules for all of them. A wrong shape is an Error(shape), a wrong dtype an Error(dtype), an empty array an
// Error(argument); the message names the op, what it got and what it expects. Functions of several arrays
// broadcast as NumPy does (aligned on the right, an extent of 1 stretches) and want one dtype: cast()
// converts. A double stands for a constant of the other operand's dtype. A negative axis counts from the
// back. "Floating" is f32, f64 or bf16, "number" one of those, i32 or i64. Comparisons and other results in
// bool or an integer dtype have no gradient.
#pragma once

#include <retrograd/array.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace retrograd {

// Constants.

// A constant of rank 0. An integer dtype takes whole numbers up to 2^53 alone: Error(dtype) for others.
Array scalar(double value, DType dtype = DType::f32);
// An array whose elements are all `value`. It takes no storage of that size.
Array full(const Shape& shape, double value, DType dtype = DType::f32);
Array zeros(const Shape& shape, DType dtype = DType::f32);
Array ones(const Shape& shape, DType dtype = DType::f32);
// The same with the shape and dtype of x.
Array full_like(const Array& x, double value);
Array zeros_like(const Array& x);
Array ones_like(const Array& x);

// Arithmetic, element by element. Numbers; divide, pow and all that follow sign, floating.

Array add(const Array& a, const Array& b);  // a + b
Array add(const Array& a, double b);
Array add(double a, const Array& b);
Array subtract(const Array& a, const Array& b);  // a - b
Array subtract(const Array& a, double b);
Array subtract(double a, const Array& b);
Array multiply(const Array& a, const Array& b);  // a b
Array multiply(const Array& a, double b);
Array multiply(double a, const Array& b);
Array divide(const Array& a, const Array& b);  // a / b
Array divide(const Array& a, double b);
Array divide(double a, const Array& b);
// The larger of two; at a = b each gets half of the gradient. A NaN in either is the result.
Array maximum(const Array& a, const Array& b);
Array maximum(const Array& a, double b);
Array maximum(double a, const Array& b);
// The smaller of two, likewise.
Array minimum(const Array& a, const Array& b);
Array minimum(const Array& a, double b);
Array minimum(double a, const Array& b);
// a^b. The derivative in a is 0 at b = 0, that in b is 0 at a <= 0.
Array pow(const Array& a, const Array& b);
Array pow(const Array& a, double b);
Array pow(double a, const Array& b);
Array negative(const Array& x);  // -x
Array sign(const Array& x);      // -1, 0 or 1; numbers; derivative 0

Array exp(const Array& x);
Array expm1(const Array& x);  // e^x - 1, exact to rounding for small x
Array log(const Array& x);    // natural
Array log1p(const Array& x);  // ln(1 + x), exact to rounding for small x
Array sqrt(const Array& x);
Array rsqrt(const Array& x);       // 1 / sqrt(x)
Array reciprocal(const Array& x);  // 1 / x
Array sin(const Array& x);         // radians
Array cos(const Array& x);
Array erf(const Array& x);    // 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x
Array floor(const Array& x);  // derivative 0
Array round(const Array& x);  // halves to the even neighbour; derivative 0
Array square(const Array& x);
Array abs(const Array& x);      // derivative 0 at 0
Array sigmoid(const Array& x);  // 1 / (1 + exp(-x))
Array tanh(const Array& x);
Array relu(const Array& x);  // max(x, 0); derivative 0 at 0

// min(max(x, low), high); numbers; derivative 1 at the bounds. Error(argument) unless low <= high.
Array clip(const Array& x, double low, double high);

// Activations.

Array leaky_relu(const Array& x, double slope = 0.01);  // x if x > 0, else slope x
Array elu(const Array& x, double alpha = 1.0);          // x if x > 0, else alpha (e^x - 1)
// lambda elu(x, alpha) with alpha = 1.67326, lambda = 1.05070 (Klambauer et al. 2017).
Array selu(const Array& x);
// x Phi(x), or with by_tanh its approximation x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
// (Hendrycks and Gimpel 2016).
Array gelu(const Array& x, bool by_tanh = false);
Array silu(const Array& x);          // x sigmoid(x)
Array mish(const Array& x);          // x tanh(softplus(x))
Array softplus(const Array& x);      // ln(1 + e^x)
Array softsign(const Array& x);      // x / (1 + |x|)
Array hard_sigmoid(const Array& x);  // min(max(x / 6 + 1/2, 0), 1)

inline Array operator+(const Array& a, const Array& b) { return add(a, b); }
inline Array operator+(const Array& a, double b) { return add(a, b); }
inline Array operator+(double a, const Array& b) { return add(a, b); }
inline Array operator-(const Array& a, const Array& b) { return subtract(a, b); }
inline Array operator-(const Array& a, double b) { return subtract(a, b); }
inline Array operator-(double a, const Array& b) { return subtract(a, b); }
inline Array operator*(const Array& a, const Array& b) { return multiply(a, b); }
inline Array operator*(const Array& a, double b) { return multiply(a, b); }
inline Array operator*(double a, const Array& b) { return multiply(a, b); }
inline Array operator/(const Array& a, const Array& b) { return divide(a, b); }
inline Array operator/(const Array& a, double b) { return divide(a, b); }
inline Array operator/(double a, const Array& b) { return divide(a, b); }
inline Array operator-(const Array& x) { return negative(x); }

// Comparison and selection.

// Numbers -> bool. Comparing with a NaN gives false, but for not_equal.
Array greater(const Array& a, const Array& b);
Array greater(const Array& a, double b);
Array greater(double a, const Array& b);
Array greater_equal(const Array& a, const Array& b);
Array greater_equal(const Array& a, double b);
Array greater_equal(double a, const Array& b);
Array equal(const Array& a, const Array& b);
Array equal(const Array& a, double b);
Array equal(double a, const Array& b);
Array not_equal(const Array& a, const Array& b);
Array not_equal(const Array& a, double b);
Array not_equal(double a, const Array& b);
Array less(const Array& a, const Array& b);
Array less(const Array& a, double b);
Array less(double a, const Array& b);
Array less_equal(const Array& a, const Array& b);
Array less_equal(const Array& a, double b);
Array less_equal(double a, const Array& b);
// bool -> bool.
Array logical_and(const Array& a, const Array& b);
Array logical_or(const Array& a, const Array& b);
Array logical_not(const Array& x);
// a where the bool `condition` holds, else b. It selects: a NaN that is not chosen does no harm.
Array where(const Array& condition, const Array& a, const Array& b);
Array where(const Array& condition, const Array& a, double b);
Array where(const Array& condition, double a, const Array& b);
// Conversion. To an integer: towards zero, beyond the range to its end, NaN to 0. To bool: x != 0 (NaN gives
// true). To bf16: by way of f32, to the nearest, a tie to the even one.
Array cast(const Array& x, DType dtype);

// Reductions.

// The axes of a reduction: Axes() or {} for all of them, 1, {0, 1}, a vector (an empty vector for none).
class Axes {
 public:
  Axes() = default;
  Axes(int axis) : axes_{axis}, all_(false) {}                          // NOLINT: meant to be implicit
  Axes(std::initializer_list<int> axes) : axes_(axes), all_(false) {}   // NOLINT
  Axes(std::vector<int> axes) : axes_(std::move(axes)), all_(false) {}  // NOLINT
  // Counted from the front and ascending. Throws Error(shape), naming `op`, for an axis out of range or named
  // twice.
  std::vector<std::int64_t> normalised(int rank, const char* op) const;

 private:
  std::vector<int> axes_;
  bool all_ = true;
};

// Number -> the same dtype. `keep` leaves reduced axes in the shape, with extent 1.
Array sum(const Array& x, const Axes& axes = {}, bool keep = false);
// Floating. Error(shape) over no elements.
Array mean(const Array& x, const Axes& axes = {}, bool keep = false);
// Number. Error(shape) over no elements. Elements that tie share the gradient in equal parts; NaN is the
// largest.
Array max(const Array& x, const Axes& axes = {}, bool keep = false);
// Number. Error(shape) over no elements. Elements that tie share the gradient in equal parts; a NaN is the
// result.
Array min(const Array& x, const Axes& axes = {}, bool keep = false);
// Number; 1 over no elements. Its second derivatives hold where no element is 0.
Array prod(const Array& x, const Axes& axes = {}, bool keep = false);
// Position of the largest element along `axis`, the first of equal ones (NaN is the largest). Number -> i32.
Array argmax(const Array& x, int axis = -1, bool keep = false);
// The same for the smallest; a NaN comes before all numbers.
Array argmin(const Array& x, int axis = -1, bool keep = false);
// ln sum exp(x), floating, less the maximum first, so nothing overflows. Error(shape) over no elements.
Array logsumexp(const Array& x, const Axes& axes = {}, bool keep = false);
// The mean of (x - mean x)^2 over n elements, times n / (n - correction); floating. Error(shape) unless
// n > correction.
Array variance(const Array& x, const Axes& axes = {}, bool keep = false, int correction = 0);
// Floating; order 1: sum |x|, 2: sqrt sum x^2, with derivative 0 at 0, infinity: max |x|. Error(argument) for
// others.
Array norm(const Array& x, const Axes& axes = {}, bool keep = false, double order = 2.0);
// y_i = x_0 + ... + x_i along `axis`; exclusive: without x_i; reverse: from the end. Number.
Array cumulative_sum(const Array& x, int axis = -1, bool reverse = false, bool exclusive = false);

// Order. Equal elements stay in order; NaN is the largest. Numbers; indices are i32.

Array argsort(const Array& x, int axis = -1, bool descending = false);
// {values, indices}; values = gather(x, indices, axis), so gradients pass.
std::array<Array, 2> sort(const Array& x, int axis = -1, bool descending = false);
// The k largest along `axis`, largest first: {values, indices}. Error(shape) unless 0 <= k <= extent.
std::array<Array, 2> top_k(const Array& x, std::int64_t k, int axis = -1);

// Shape. These move no data where strides can say it.

// The same elements in row-major order; one extent may be -1 in the list: it follows from the others.
Array reshape(const Array& x, const Shape& shape);
Array reshape(const Array& x, std::initializer_list<std::int64_t> extents);
// Axis i of the result is axis permutation[i] of x; without a permutation the axes are reversed.
Array transpose(const Array& x);
Array transpose(const Array& x, const std::vector<int>& permutation);
// Repeats x along axes of extent 1 and along new axes in front.
Array broadcast_to(const Array& x, const Shape& shape);
// Without the axes of extent 1, all or those named: Error(shape) where one has another extent.
Array squeeze(const Array& x);
Array squeeze(const Array& x, const Axes& axes);
// A new axis of extent 1, at `axis` of the result.
Array expand_dims(const Array& x, int axis);
// x[start:stop:step] for the first axes, as in Python: negative counts are from the back, those out of range
// are moved into it; with a negative step a stop of -extent - 1 goes to the first element. A view.
Array slice(const Array& x, const std::vector<std::int64_t>& starts, const std::vector<std::int64_t>& stops,
            const std::vector<std::int64_t>& steps = {});
// The same for one axis.
Array slice_axis(const Array& x, int axis, std::int64_t start, std::int64_t stop, std::int64_t step = 1);
// Axes from back to front. A view.
Array flip(const Array& x, const Axes& axes = {});
// Equal parts along `axis`, or parts of these sizes. Views. Error(shape) where they do not make up the
// extent.
std::vector<Array> split(const Array& x, int parts, int axis = 0);
std::vector<Array> split(const Array& x, const std::vector<std::int64_t>& sizes, int axis = 0);
// A block of shape `extents` from starts (i32 or i64 [rank]) that are known when the plan runs; a start is
// moved so that the block lies within x.
Array dynamic_slice(const Array& x, const Array& starts, const Shape& extents);

// These move data.

// Arrays of one dtype one behind the other along `axis`; the other extents are equal.
Array concatenate(const std::vector<Array>& arrays, int axis = 0);
// Arrays of one type along a new axis, at `axis` of the result.
Array stack(const std::vector<Array>& arrays, int axis = 0);
// `value` in front of each axis and behind it, as many as low and high say, 0 or more.
Array pad(const Array& x, const std::vector<std::int64_t>& low, const std::vector<std::int64_t>& high,
          double value = 0.0);
// x again and again along each axis; more repeats than axes make axes in front.
Array tile(const Array& x, const std::vector<std::int64_t>& repeats);
// x with the block at `starts` replaced by `update`; starts as in dynamic_slice.
Array dynamic_update_slice(const Array& x, const Array& update, const Array& starts);

// Linear algebra.

// a [..., M, K], b [..., K, N] -> [..., M, N], floating; the axes in front broadcast. Ranks of 2 and more.
Array matmul(const Array& a, const Array& b);
// Sums of products named by letters, one for each axis: "ij,jk->ik" is a matrix product, "bi,bi->b" a product
// of rows, "ij->ji" a transpose, "ij->" a sum. Axes that the result has not are summed; without an arrow it
// has the letters that stand once, in alphabetical order. Products are matmul's, hence floating, taken from
// left to right. A letter stands at most once for one array: Error(argument). Source: Einstein 1916.
Array einsum(std::string_view equation, const std::vector<Array>& arrays);

// Classification.

// Floating. Along `axis`: exp(x_i) / sum_j exp(x_j); subtracts the maximum first, so nothing overflows.
Array softmax(const Array& x, int axis = -1);
// x_i - log sum_j exp(x_j), without forming the softmax.
Array log_softmax(const Array& x, int axis = -1);
// Integer indices [...] -> [..., classes] with 1 at the index and 0 elsewhere. An index outside [0, classes)
// is found when the plan runs: Error(data), and nothing has been updated.
Array one_hot(const Array& indices, std::int64_t classes, DType dtype = DType::f32);
// logits [N, K] floating, labels [N] i32 or i64 -> the loss of each sample [N]: -log softmax(logits)[label].
// A label outside [0, K) is found when the plan runs, as for one_hot. Source: Goodfellow et al.
// 2016, 6.2.2.3.
Array cross_entropy_with_logits(const Array& logits, const Array& labels);

// Gather and scatter.

// x [R, ...], integer indices [...] -> [indices..., ...]: rows of x. An index outside [0, R) is found when
// the plan runs.
Array take(const Array& x, const Array& indices);
// The same along any axis: the axes of the indices stand in place of it.
Array take(const Array& x, const Array& indices, int axis);
// y[..., i, ...] = x[..., index[..., i, ...], ...]: an index for each element; indices and x have equal
// extents but along `axis`. An index outside the axis is found when the plan runs.
Array gather(const Array& x, const Array& indices, int axis);
// The transpose of gather: adds each update at its index along `axis`, of extent `extent` in the result.
Array scatter_add_along(const Array& updates, const Array& indices, std::int64_t extent, int axis);
// updates [indices..., ...] -> [rows, ...]: row r is the sum of the updates whose index is r, added in order.
// The transpose of take.
Array scatter_add(const Array& updates, const Array& indices, std::int64_t rows);

// Random numbers.

// U[0, 1) in f32, multiples of 2^-24, by Philox 4x32-10 (Salmon et al. 2011). counter i64 [2] = {seed, step};
// the ordinal of the call within its trace is the third coordinate, so two calls in a step draw different
// numbers and a call draws the same numbers whenever seed and step are the same. At most 2^34 elements.
Array uniform(const Array& counter, const Shape& shape);
// These are made of uniform and take the same counter.
// N(0, 1) in f32 (Box and Muller 1958).
Array normal(const Array& counter, const Shape& shape);
// N(0, 1) given low < x < high, in f32, by the inverse of the distribution function. Error(argument) unless
// -5 <= low < high <= 5.
Array truncated_normal(const Array& counter, const Shape& shape, double low = -2.0, double high = 2.0);
// bool, true with probability p. Error(argument) unless 0 <= p <= 1.
Array bernoulli(const Array& counter, double p, const Shape& shape);
// 0 ... n - 1 in random order, i32, by sorting uniform numbers: of two that are equal, which n^2 / 2^25 pairs
// are, the lower comes first.
Array permutation(const Array& counter, std::int64_t n);
// i32: an index along `axis`, drawn with probability softmax(logits).
Array categorical(const Array& counter, const Array& logits, int axis = -1);

// Control.

// x as a constant: no gradient passes.
Array stop_gradient(const Array& x);
// x, floating. A NaN or infinity among its elements is found when the plan runs: Error(diverged), and nothing
// has been updated.
Array check_finite(const Array& x);

// Updates of optimizers, as ops so that one kernel can make them in one pass. Floating; w, g and the moments
// have one type, learning_rate and the corrections are of rank 0 in its dtype.

struct AdamConstants {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;  // decoupled (AdamW)
};
// m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2,
// w <- w - learning_rate ((m / correction1) / (sqrt(v / correction2) + epsilon) + weight_decay w),
// where correction_i = 1 - beta_i^t at step t = 1, 2, ... Gives {w, m, v}.
// Source: Kingma and Ba 2015; weight decay: Loshchilov and Hutter 2019.
std::array<Array, 3> adam_update(const Array& w, const Array& g, const Array& m, const Array& v,
                                 const Array& learning_rate, const Array& correction1,
                                 const Array& correction2, const AdamConstants& constants = {});

struct SgdConstants {
  double momentum = 0.9;
  bool nesterov = false;
  double weight_decay = 0.0;  // L2: adds weight_decay w to the gradient
};
// d = g + weight_decay w, velocity <- momentum velocity + d, and
// w <- w - learning_rate velocity, or with nesterov w <- w - learning_rate (d + momentum velocity).
// Gives {w, velocity}. Source: Sutskever et al. 2013.
std::array<Array, 2> sgd_momentum_update(const Array& w, const Array& g, const Array& velocity,
                                         const Array& learning_rate, const SgdConstants& constants = {});

}  // namespace retrograd
