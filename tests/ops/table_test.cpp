// Every definition of the table is whole: texts, samples, a kernel or an expansion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "kernels/kernel_table.h"
#include "ops/samples.h"

namespace retrograd::testing {
namespace {

bool has_reference_kernel(std::string_view op) {
  for (const kernels::KernelDef* kernel : kernels::kernel_table()) {
    if (kernel->op == op && kernel->backend == "reference") return true;
  }
  return false;
}

TEST(OpTable, HasTheOps) { EXPECT_GE(ops::op_table().size(), 38u); }

TEST(OpTable, NamesAreUniqueAndEndInZero) {
  std::set<std::string_view> names;
  for (const OpDef* op : ops::op_table()) {
    EXPECT_TRUE(names.insert(op->name).second) << op->name;
    EXPECT_EQ(op->name.data()[op->name.size()], '\0') << op->name;  // messages use data()
  }
}

TEST(OpTable, EveryOpHasItsTexts) {
  for (const OpDef* op : ops::op_table()) {
    EXPECT_FALSE(op->name.empty());
    EXPECT_THAT(std::string(op->summary), ::testing::EndsWith(".")) << op->name;
    EXPECT_FALSE(op->equation.empty()) << op->name;
    EXPECT_FALSE(op->latex.empty()) << op->name;
    EXPECT_FALSE(op->source.empty()) << op->name;
    EXPECT_NE(op->shape, nullptr) << op->name;
  }
}

TEST(OpTable, EveryOpHasASample) {
  for (const OpDef* op : ops::op_table()) {
    ASSERT_NE(op->samples, nullptr) << op->name;
    EXPECT_FALSE(op->samples().empty()) << op->name;
  }
}

TEST(OpTable, AnOpWithKinksSaysItsConvention) {
  for (const OpDef* op : ops::op_table()) {
    bool has_kinks = op->traits.check;  // a check says what is a fault
    for (const Sample& sample : op->samples())
      has_kinks = has_kinks || sample.distinct || !sample.kinks.empty();
    if (has_kinks) {
      EXPECT_FALSE(op->convention.empty()) << op->name;
    }
  }
}

TEST(OpTable, APrimitiveHasAReferenceKernel) {
  for (const OpDef* op : ops::op_table()) {
    if (op->expand == nullptr) {
      EXPECT_TRUE(has_reference_kernel(op->name)) << op->name;
    }
  }
}

TEST(OpTable, EveryReferenceKernelHasItsOp) {
  std::set<std::string_view> names;
  for (const OpDef* op : ops::op_table()) names.insert(op->name);
  for (const kernels::KernelDef* kernel : kernels::kernel_table()) {
    if (kernel->backend == "reference") {
      EXPECT_TRUE(names.contains(kernel->op)) << kernel->op;
    }
  }
}

TEST(OpTable, OnlyACompositeIsDifferentiatedByItsExpansion) {
  for (const OpDef* op : ops::op_table()) {
    if (op->vjp.is_expansion()) {
      EXPECT_NE(op->expand, nullptr) << op->name;
    }
  }
}

}  // namespace
}  // namespace retrograd::testing
