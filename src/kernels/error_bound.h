// The largest error that a kernel states of itself, in a form that tests check and the reference of the ops
// (docs/ops.md) prints. Not here: the functions' own errors (elementwise_form.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace retrograd::kernels {

// An element y of an output lies no farther from what exact arithmetic gives for the same inputs than
//   ulps ulp(y) + (per_term n + constant) u size
// ulp(y): the distance from |y| to the next larger number of the output's dtype; u: the unit roundoff of the
// dtype in which the kernel computes, 2^-53 for f64 and 2^-24 for f32; n and size: what `terms` and `size`
// say. A result in bf16 is computed in f32 and rounded once more, by half a unit in the last place of bf16.
//
// To first order in n u, where nothing overflows; where a result or a term is denormal, the smallest normal
// number is added unless the kernel is exact or rounds once. A sum of n terms in any order lies within
// n u sum |terms|: Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, 2002, 3.1 and 4.2.
struct ErrorBound {
  double ulps;
  double per_term;
  double constant;
  std::string_view terms;
  std::string_view size;

  // Selections, copies, comparisons, integers.
  static constexpr ErrorBound exact() { return in_ulps(0); }
  static constexpr ErrorBound in_ulps(double ulps) { return {ulps, 0, 0, {}, {}}; }
  static constexpr ErrorBound constant_times(double constant, std::string_view size) {
    return {0, 0, constant, {}, size};
  }
  static constexpr ErrorBound sum(std::string_view terms, std::string_view size, double per_term = 1,
                                  double constant = 0) {
    return {0, per_term, constant, terms, size};
  }
  constexpr ErrorBound and_ulps(double more) const { return {ulps + more, per_term, constant, terms, size}; }

  constexpr bool has_size() const { return per_term > 0 || constant > 0; }
  constexpr bool is_exact() const { return ulps == 0 && !has_size(); }
  constexpr bool rounds_once() const { return ulps <= 0.5 && !has_size(); }
  constexpr double largest(double n, double of_size, double unit_roundoff, double ulp_of_result) const {
    return ulps * ulp_of_result + (per_term * n + constant) * unit_roundoff * of_size;
  }

 private:
  constexpr ErrorBound(double u, double p, double c, std::string_view t, std::string_view s)
      : ulps(u), per_term(p), constant(c), terms(t), size(s) {}
};

// Of each output of a kernel. It has no default: a kernel that states no error does not compile.
class ErrorBounds {
 public:
  constexpr ErrorBounds(const ErrorBound& every_output)
      : bounds_{every_output, every_output, every_output}, count_(1) {}
  constexpr ErrorBounds(const ErrorBound& first, const ErrorBound& second)
      : bounds_{first, second, second}, count_(2) {}
  constexpr ErrorBounds(const ErrorBound& first, const ErrorBound& second, const ErrorBound& third)
      : bounds_{first, second, third}, count_(3) {}
  // 1 where all outputs have one bound, else the number of outputs.
  constexpr std::size_t count() const { return count_; }
  constexpr const ErrorBound& of(std::size_t output) const { return bounds_[std::min(output, count_ - 1)]; }

 private:
  ErrorBound bounds_[3];
  std::size_t count_;
};

// Each x - largest is rounded, which is an error of up to R u in the exponent; exp is wrong by 2 ulp (4 u);
// the sum of K terms by K u; the quotient by u. The logarithm takes two differences and its own 4 ulp.
constexpr std::string_view softmax_terms = "K + 2 R, R the largest distance of a finite x from the largest";
constexpr ErrorBound softmax_error = ErrorBound::sum(softmax_terms, "y", 1, 12);
constexpr ErrorBound log_softmax_error =
    ErrorBound::sum("K + 4 R, R the largest distance of a finite x from the largest", "1", 1, 21).and_ulps(2);

}  // namespace retrograd::kernels
