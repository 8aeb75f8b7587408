// Every kernel of the table against what its op means, over the cases of the op. Not here: what holds of
// whole plans (tests/plan, tests/runtime).
#include <gtest/gtest.h>
#include <retrograd/threads.h>

#include <cmath>

#include "kernels/cases.h"
#include "kernels/kernel_table.h"

namespace retrograd::kernels::testing {
namespace {

class Kernels : public ::testing::TestWithParam<const KernelDef*> {
 protected:
  // The cases that the kernel serves.
  template <typename F>
  void for_each_case(const F& f) {
    int count = 0;
    for (const Case& c : cases_of(GetParam()->op)) {
      if (!GetParam()->supports(c.call)) continue;
      SCOPED_TRACE(c.name);
      f(c, encode(c.call, c.inputs));
      ++count;
      if (::testing::Test::HasFailure()) return;
    }
    EXPECT_GT(count, 0) << "no case of " << GetParam()->op << " is for this kernel";
  }
};

// Equal infinities and NaNs, else within `allowed`. A number beyond the range of f32 is an infinity of f32.
bool is_near(DType dtype, double found, double expected, double allowed) {
  if (dtype == DType::f32) {
    const auto rounded = static_cast<double>(static_cast<float>(expected));
    if (std::isinf(rounded)) expected = rounded;
  }
  if (std::isnan(expected)) return std::isnan(found);
  if (std::isinf(expected)) return found == expected;
  return std::abs(found - expected) <= allowed;
}

void expect_near(const Case& c, const KernelDef& kernel, const Outcome& found) {
  EXPECT_EQ(found.fault, Fault::Kind::none);
  for (std::size_t k = 0; k < c.expected.size(); ++k) {
    const DType dtype = c.call.outputs[k].dtype;
    const Numbers numbers = decode(found.outputs[k]);
    ASSERT_EQ(numbers.size(), c.expected[k].size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const double most = allowed(kernel, c, k, i);
      ASSERT_TRUE(is_near(dtype, numbers[i], c.expected[k][i], most))
          << "output " << k << ", element " << i << ": " << numbers[i] << " for " << c.expected[k][i]
          << ", allowed " << most;
    }
  }
}

void expect_same_bits(const Outcome& found, const Outcome& expected) {
  for (std::size_t k = 0; k < expected.outputs.size(); ++k) {
    EXPECT_TRUE(found.outputs[k].storage == expected.outputs[k].storage) << "output " << k;
  }
}

// The meaning is the reference kernel's in double, or equations written anew for the test.
TEST_P(Kernels, AreAsNearToTheMeaningOfTheOpAsTheyState) {
  const auto check = [&] {
    for_each_case([](const Case& c, const Problem& problem) {
      const Outcome found = run(*GetParam(), problem);
      expect_near(c, *GetParam(), found);
      if (c.as_reference) expect_same_bits(found, run(*reference_kernel(c.call), problem));
    });
  };
  if (GetParam()->backend == "reference") {
    check();
  } else {
    on_every_instruction_set(check);
  }
}

class FastKernels : public Kernels {};

TEST_P(FastKernels, GiveEqualBitsForAnyNumberOfThreads) {
  const int before = threads();
  for_each_case([](const Case& c, const Problem& problem) {
    if (GetParam()->choose(c.call).shards == 1) return;
    set_threads(1);
    const Outcome one = run(*GetParam(), problem);
    for (int count : {2, 4}) {
      set_threads(count);
      expect_same_bits(run(*GetParam(), problem), one);
    }
  });
  set_threads(before);
}

TEST_P(FastKernels, GiveEqualBitsInPlace) {
  if (GetParam()->in_place == nullptr) return;
  for_each_case([](const Case& c, const Problem& problem) {
    const Outcome apart = run(*GetParam(), problem);
    for (std::size_t k = 0; k < c.call.outputs.size(); ++k) {
      for (std::size_t i = 0; i < c.call.inputs.size(); ++i) {
        const View& input = c.call.inputs[i];
        const bool fits = input.is_contiguous() && input.size() == c.call.outputs[k].size() &&
                          size_of(input.dtype) == size_of(c.call.outputs[k].dtype);
        if (!fits || !GetParam()->in_place(c.call, i)) continue;
        SCOPED_TRACE("output " + std::to_string(k) + " in the place of input " + std::to_string(i));
        expect_same_bits(run(*GetParam(), problem, 0, Shared{k, i}), apart);
      }
    }
  });
}

TEST(KernelTable, StatesWhatTheTermsAndTheSizeOfAnErrorAre) {
  for (const KernelDef* kernel : kernel_table()) {
    for (std::size_t k = 0; k < kernel->error.count(); ++k) {
      const ErrorBound& error = kernel->error.of(k);
      EXPECT_EQ(error.per_term > 0, !error.terms.empty()) << kernel->op << " " << kernel->backend;
      EXPECT_EQ(error.has_size(), !error.size.empty()) << kernel->op << " " << kernel->backend;
    }
  }
}

TEST(Reductions, OfTransposedPaddedAndRepeatingInputsAreFast) {
  for (std::string_view op : {"sum", "max"}) {
    for (const Case& c : cases_of(op)) {
      const Shape& x = c.call.inputs[0].shape();
      if (x[x.rank() - 1] == 1) continue;  // of a padded matrix with one column no elements are neighbours
      EXPECT_FALSE(fast_kernels(c.call).empty()) << op << " " << c.name;
    }
  }
}

std::vector<const KernelDef*> all_kernels() { return {kernel_table().begin(), kernel_table().end()}; }

std::vector<const KernelDef*> all_fast_kernels() {
  std::vector<const KernelDef*> fast;
  for (const KernelDef* kernel : kernel_table()) {
    if (kernel->backend != "reference") fast.push_back(kernel);
  }
  return fast;
}

// "matmul_onednn", and for a further kernel of that op and backend "matmul_onednn_2".
std::string name_of(const KernelDef* kernel) {
  std::string name = std::string(kernel->op) + "_" + std::string(kernel->backend);
  int number = 0;
  for (const KernelDef* other : all_kernels()) {
    if (other->op == kernel->op && other->backend == kernel->backend) ++number;
    if (other == kernel) break;
  }
  return number == 1 ? name : name + "_" + std::to_string(number);
}

INSTANTIATE_TEST_SUITE_P(Table, Kernels, ::testing::ValuesIn(all_kernels()),
                         [](const auto& tested) { return name_of(tested.param); });
INSTANTIATE_TEST_SUITE_P(Table, FastKernels, ::testing::ValuesIn(all_fast_kernels()),
                         [](const auto& tested) { return name_of(tested.param); });

}  // namespace
}  // namespace retrograd::kernels::testing
