// What is said of the machine, and its limits as measured. How fast a machine is depends on what else runs on
// it, so only what holds on any is tested.
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/machine.h>
#include <retrograd/threads.h>
#include <retrograd/version.h>

namespace retrograd {
namespace {

TEST(Machine, NamesItsProcessorAndItsLibraries) {
  const Machine here = machine();
  EXPECT_FALSE(here.cpu.empty());
  EXPECT_FALSE(here.instruction_set.empty());
  EXPECT_GE(here.cores, 1);
  ASSERT_GE(here.libraries.size(), 3u);
  EXPECT_EQ(here.libraries[0].name, "Retrograd");
  EXPECT_EQ(here.libraries[0].version, version());
}

// A scalar multiply-add and addition a cycle at 100 MHz would be 0.1 GFLOP/s; no core does 10 TFLOP/s in f32.
TEST(Machine, PeakIsThatOfOneToAllThreads) {
  const double one = measure_peak(1);
  EXPECT_GT(one, 0.1);
  EXPECT_LT(one, 1e4);
  EXPECT_THROW(measure_peak(0), Error);
  EXPECT_THROW(measure_peak(threads() + 1), Error);
}

// Bounds as wide as those of the peak: 0.01 GB/s, and 10 TB/s.
TEST(Machine, BandwidthIsThatOfAGivenNumberOfBytes) {
  const double cache = measure_bandwidth(1, 16 << 10);
  EXPECT_GT(cache, 0.01);
  EXPECT_LT(cache, 1e4);
  EXPECT_GT(measure_bandwidth(threads(), 1 << 20), 0.01);
  EXPECT_THROW(measure_bandwidth(1, 16), Error);
  EXPECT_THROW(measure_bandwidth(threads() + 1), Error);
}

}  // namespace
}  // namespace retrograd
