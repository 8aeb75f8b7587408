// Faults in the values: which one is reported does not depend on threads, and nothing outside is touched.
#include <gtest/gtest.h>
#include <retrograd/threads.h>

#include <cmath>
#include <limits>

#include "core/attributes/one_hot.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

void expect_fault(const Call& call, const std::vector<Numbers>& inputs, Fault::Kind kind,
                  std::int64_t value) {
  const int before = threads();
  for (int count : {1, 2, 4}) {
    set_threads(count);
    const Outcome outcome = run_fast(encode(call, inputs));
    EXPECT_EQ(outcome.fault, kind);
    EXPECT_EQ(outcome.fault_value, value);
  }
  set_threads(before);
}

TEST(CheckFinite, FindsTheFirstNumberThatIsNot) {
  for (std::int64_t n : {1, 5, 16, 33, 100, 70000}) {
    for (std::int64_t first : {std::int64_t{0}, n / 2, n - 1}) {
      Numbers x = Draw(1).uniform(n, -1, 1);
      x[static_cast<std::size_t>(first)] =
          first % 2 == 0 ? std::nan("") : -std::numeric_limits<double>::infinity();
      x[static_cast<std::size_t>(n - 1)] = std::nan("");
      const View view = output({n}, DType::f32);
      const Call call{.op = "check_finite", .inputs = {view}, .outputs = {view}};
      expect_fault(call, {x}, Fault::Kind::not_finite, first);
    }
  }
}

TEST(OneHot, ReportsTheFirstIndexOutOfRange) {
  const std::int64_t N = 9000;
  for (double bad : {-1.0, 10.0, 123456789.0}) {
    Numbers indices = Draw(1).integers(N, 0, 10);
    indices[4000] = bad;
    indices[8999] = -77;
    const Call call{.op = "one_hot",
                    .attributes = attributes::OneHot{10, DType::f32},
                    .inputs = {output({N}, DType::i32)},
                    .outputs = {output({N, 10}, DType::f32)}};
    expect_fault(call, {indices}, Fault::Kind::index_out_of_range, static_cast<std::int64_t>(bad));
  }
}

TEST(CrossEntropyWithLogits, ReportsTheFirstLabelOutOfRange) {
  const std::int64_t N = 9000;
  for (double bad : {-1.0, 10.0, 1e15}) {
    Numbers labels = Draw(1).integers(N, 0, 10);
    labels[4000] = bad;
    labels[8999] = -77;
    const Call call{.op = "cross_entropy_with_logits",
                    .inputs = {output({N, 10}, DType::f32), output({N}, DType::i64)},
                    .outputs = {output({N}, DType::f32)}};
    expect_fault(call, {Draw(2).uniform(N * 10, -1, 1), labels}, Fault::Kind::index_out_of_range,
                 static_cast<std::int64_t>(bad));
  }
}

}  // namespace
}  // namespace retrograd::kernels::testing
