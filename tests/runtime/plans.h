// Runs a graph by a plan made for the test: optimised or plain, without the caches of eval and compile.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "array/node.h"
#include "runtime/execution.h"
#include "runtime/fault_message.h"

namespace retrograd::testing {

inline std::vector<BufferPtr> run(const std::shared_ptr<const plan::Plan>& plan,
                                  std::span<const BufferPtr> inputs = {}) {
  runtime::Execution execution(plan);
  std::vector<BufferPtr> results;
  for (const TensorType& type : plan->results) {
    results.push_back(
        std::make_shared<Buffer>(static_cast<std::size_t>(type.shape.size()) * size_of(type.dtype)));
  }
  const runtime::FoundFault fault = execution.run(inputs, results);
  if (fault.step != nullptr) runtime::throw_fault(fault);
  return results;
}

inline std::vector<double> as_doubles(const TensorType& type, const BufferPtr& buffer) {
  return Array::from_buffer(buffer, type.shape, type.dtype).to_vector<double>();
}

// The values of `outputs`, whose leaves hold data or are variables, and of `updates`' variables afterwards.
inline std::vector<std::vector<double>> values(const std::vector<Array>& outputs, bool plain) {
  const auto plan = plan::make_plan({}, outputs, {}, {.plain = plain});
  const std::vector<BufferPtr> results = run(plan);
  std::vector<std::vector<double>> all;
  for (std::size_t i = 0; i < results.size(); ++i) all.push_back(as_doubles(plan->results[i], results[i]));
  return all;
}

}  // namespace retrograd::testing
