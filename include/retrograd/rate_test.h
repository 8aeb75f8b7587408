// The learning rate test: how the loss of a few hundred steps goes while the rate rises by powers of ten, and
// which rate that suggests.
#pragma once

#include <retrograd/train.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace retrograd::train {

struct RateTestOptions {
  double first = 1e-6;       // the rate of the first step
  double last = 10;          // of the last one; every step multiplies it by the same factor
  std::int64_t steps = 300;  // at most; the test ends when the loss explodes
};

struct RatePoint {
  double rate = 0;
  double loss = 0;        // of the batch, before its update
  std::int64_t rows = 0;  // of the batch
  double smoothed = 0;    // the mean of its neighbours, weighted by a Gaussian of 0.15 decades and their rows
};

struct RateTest {
  std::vector<RatePoint> points;
  // A fifth of the rate at which the smoothed loss is least: where it falls fastest may lie decades below, at
  // the first of several falls. None where the loss does not fall by a twentieth, or where the fall is less
  // than 4 times its standard error, as the losses of single batches scatter: chance alone does that at one
  // place in thousands.
  std::optional<double> suggested;
  std::string reason;           // why none is suggested, in a whole sentence; "" where one is
  double before = not_known;    // the loss before it falls: the mean over the steps at the lowest rates
  double noise = not_known;     // the standard error of the least smoothed loss
  double steepest = not_known;  // the rate where the smoothed loss falls fastest
  double least = not_known;     // the rate where it is least
  bool exploded = false;
  bool stopped = false;  // by the observer
};

// Trains `model`, which is of no use after it, with a constant schedule and without warm-up, and the other
// options as they are. The loss explodes where the mean of the last ten or so is 4 times the least such mean
// and above the first loss, or is not finite. Windows of text are in random order, states begin with zeros.
// Smith 2017; the limit of 4 is Howard and Gugger's. Throws what Trainer throws; Error(argument) for a
// minimiser, which has no rate, and unless 0 < first < last and steps >= 20.
RateTest test_rates(nn::Sequential model, const data::Parts& parts, const Options& options = {},
                    const RateTestOptions& test = {}, Observer* observer = nullptr);

}  // namespace retrograd::train
