// Minimisers that see the whole objective at each step: L-BFGS with a line search for any smooth function,
// Levenberg-Marquardt for sums of squares. Optimizers that see a batch at a time are in <retrograd/optim.h>;
// Trainer takes these under the names "lbfgs" and "levenberg-marquardt".
//
//   rg::train::Lbfgs lbfgs(rosenbrock, start);
//   const rg::train::Minimum least = rg::train::minimise(lbfgs);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace retrograd::train {

// A smooth function of n numbers.
class Objective {
 public:
  virtual ~Objective();
  // f(x), and its gradient [n]. Where f is not defined, a NaN or an infinity: a search turns back there.
  virtual double evaluate(std::span<const double> x, std::span<double> gradient) = 0;
};

// E(x) = 1/2 sum r_i(x)^2.
class SumOfSquares {
 public:
  virtual ~SumOfSquares();
  virtual double evaluate(std::span<const double> x) = 0;
  // E(x), J^T J [n, n] (row-major; only elements with column <= row are read) and J^T r [n], with J_ij = d
  // r_i / d x_j. Both come filled with zeros.
  virtual double normal_equations(std::span<const double> x, std::span<double> jtj,
                                  std::span<double> jtr) = 0;
};

class Minimiser {
 public:
  virtual ~Minimiser();
  // One iteration. False, with x as it was, where no better point was found: x is the minimum within
  // rounding.
  virtual bool step() = 0;

  const std::vector<double>& x() const { return x_; }
  double value() const { return value_; }
  const std::vector<double>& gradient() const { return gradient_; }
  // sqrt of the sum of the gradient's squares.
  double gradient_norm() const;
  // Calls of the objective so far.
  std::int64_t evaluations() const { return evaluations_; }

  // All that the next step depends on, as numbers; restore(state()) goes on to the same bits. Throws
  // Error(data) where their number is wrong.
  virtual std::vector<double> state() const = 0;
  virtual void restore(std::span<const double> state) = 0;

 protected:
  explicit Minimiser(std::span<const double> start)
      : x_(start.begin(), start.end()), gradient_(start.size()) {}
  std::vector<double> x_;
  double value_ = 0;
  std::vector<double> gradient_;
  std::int64_t evaluations_ = 0;
};

struct LbfgsOptions {
  std::int64_t memory = 10;              // pairs of steps and changes of the gradient that are kept
  double first_step = 1.0;               // length of the first step, at most
  double decrease = 1e-4;                // c1 of the Wolfe conditions
  double curvature = 0.9;                // c2
  std::int64_t search_evaluations = 30;  // at most, in one line search
};

// Limited-memory BFGS: the two-loop recursion with a line search for the strong Wolfe conditions,
//   f(x + a p) <= f(x) + c1 a g.p  and  |g(x + a p).p| <= c2 |g.p|.
// Nocedal and Wright 2006, algorithms 7.4, 7.5, 3.5 and 3.6.
class Lbfgs : public Minimiser {
 public:
  // The objective must outlive it. Throws Error(argument) for no numbers, an option out of range (0 < c1 < c2
  // < 1) and where f is not finite at the start.
  Lbfgs(Objective& objective, std::span<const double> start, const LbfgsOptions& options = {});
  bool step() override;
  std::vector<double> state() const override;
  void restore(std::span<const double> state) override;

 private:
  struct Pair {
    std::vector<double> step, change;  // s = x' - x, y = g' - g
    double scale;                      // 1 / y.s
  };
  struct Point {
    double a = 0, value = 0, slope = 0;  // of f(x + a p)
  };
  std::vector<double> direction() const;
  Point at(double a, const std::vector<double>& p);
  // The step length; 0 where none satisfies the conditions.
  double search(const std::vector<double>& p, double first);
  double zoom(const std::vector<double>& p, const Point& start, Point low, Point high, std::int64_t left);
  void remember(std::span<const double> x, std::span<const double> gradient);

  Objective* objective_;
  LbfgsOptions options_;
  std::vector<Pair> pairs_;  // the oldest first
  std::vector<double> trial_, trial_gradient_;
};

struct LevenbergMarquardtOptions {
  double damping = 0.01;  // mu at the start
  double factor = 10.0;   // mu is divided by it after a success, multiplied by it after a failure
  double smallest = 1e-20;
  double largest = 1e10;             // beyond it no better point is looked for
  std::int64_t most_numbers = 4000;  // J^T J has n^2 numbers, a step takes n^3 / 3 multiplications
};

// Levenberg-Marquardt: x <- x - (J^T J + mu I)^-1 J^T r, with a larger mu until E falls. Levenberg 1944;
// Marquardt 1963; for networks Hagan and Menhaj 1994.
class LevenbergMarquardt : public Minimiser {
 public:
  // The sum of squares must outlive it. Throws Error(argument) for no numbers, for more than `most_numbers`,
  // an option out of range and where E is not finite at the start.
  LevenbergMarquardt(SumOfSquares& squares, std::span<const double> start,
                     const LevenbergMarquardtOptions& options = {});
  bool step() override;
  double damping() const { return damping_; }
  std::vector<double> state() const override;
  void restore(std::span<const double> state) override;

 private:
  void linearise();

  SumOfSquares* squares_;
  LevenbergMarquardtOptions options_;
  double damping_;
  std::vector<double> jtj_, factor_, trial_;
};

struct MinimiseOptions {
  std::int64_t iterations = 1000;
  double gradient_tolerance = 1e-8;  // done where no element of the gradient is larger
};

struct Minimum {
  std::vector<double> x;
  double value = 0;
  double gradient_norm = 0;
  std::int64_t iterations = 0;
  std::int64_t evaluations = 0;
  bool converged = false;  // by the gradient, or since no better point was found; false: iterations ran out
};

// Steps until the gradient vanishes, no step gets better, or the iterations run out.
Minimum minimise(Minimiser& minimiser, const MinimiseOptions& options = {});

}  // namespace retrograd::train
