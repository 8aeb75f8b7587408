// How exact Winograd's convolution is in practice: its bound (parity_test.cpp) is that of the worst case.
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/cases.h"
#include "kernels/kernel_table.h"

namespace retrograd::kernels::testing {
namespace {

double root_mean_square(const Numbers& numbers) {
  double sum = 0;
  for (double x : numbers) sum += x * x;
  return std::sqrt(sum / static_cast<double>(numbers.size()));
}

// Root mean squares over random operands, as many as in a network. The direct convolution's are about 2e-7.
TEST(Winograd, ErrorsAreSmallBesideTheResults) {
  int count = 0;
  for (const char* op : {"convolution", "convolution_input_gradient", "convolution_weight_gradient"}) {
    for (const Case& c : cases_of(op)) {
      for (const KernelDef* kernel : fast_kernels(c.call)) {
        if (kernel->backend != "winograd") continue;
        SCOPED_TRACE(std::string(op) + " " + c.name);
        const Numbers found = decode(run(*kernel, {c.call, encode(c.call, c.inputs).inputs}).outputs[0]);
        Numbers errors;
        for (std::size_t i = 0; i < found.size(); ++i) errors.push_back(found[i] - c.expected[0][i]);
        EXPECT_LT(root_mean_square(errors), 1.6e-6 * root_mean_square(c.expected[0]));
        ++count;
      }
    }
  }
  EXPECT_GE(count, 9);
}

}  // namespace
}  // namespace retrograd::kernels::testing
