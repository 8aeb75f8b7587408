// Running single kernels on views of memory, outside any plan. Not here: what an op means in a graph
// (tests/ops).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "kernels/kernel.h"

namespace retrograd::kernels::testing {

// A view and its bytes, which end where the storage ends.
struct Operand {
  View view;
  std::vector<std::byte> storage;
  std::size_t offset = 0;  // bytes; shifts the first element off the alignment

  template <typename T>
  std::span<const T> as() const {
    return {reinterpret_cast<const T*>(storage.data() + offset), (storage.size() - offset) / sizeof(T)};
  }
  template <typename T>
  std::span<T> as() {
    return {reinterpret_cast<T*>(storage.data() + offset), (storage.size() - offset) / sizeof(T)};
  }
  float at(std::int64_t i) const { return as<float>()[static_cast<std::size_t>(i)]; }
};

using FloatOf = std::function<float(std::int64_t)>;

// Zeros, `skew` elements off the alignment.
Operand zeros(DType dtype, const Shape& shape, int skew = 0);
// Row-major f32 with value(i) for element i.
Operand floats(const Shape& shape, const FloatOf& value, int skew = 0);
Operand integers(DType dtype, const std::vector<std::int64_t>& values);
// Another view on the same elements.
Operand seen_as(Operand operand, const Shape& shape, std::initializer_list<std::int64_t> strides);
// Between -1 and 1, the same ones for the same seed.
FloatOf random_floats(std::uint32_t seed);

// One call of an op on operands. Inputs of epilogue stages stand behind the op's own.
struct Problem {
  Call call;
  std::vector<Operand> inputs;
};
Problem problem(std::string_view op, const Attributes& attributes, std::vector<Operand> inputs,
                const std::vector<View>& outputs);
View output(const Shape& shape, DType dtype = DType::f32);

// The kernels of the table that can do it. `reference` is null where a composite has none.
std::vector<const KernelDef*> fast_kernels(const Call& call);
const KernelDef* reference_kernel(const Call& call);

struct Outcome {
  std::vector<Operand> outputs;
  Fault::Kind fault = Fault::Kind::none;
  std::int64_t fault_value = 0;
};

// An output that takes the storage of an input.
struct Shared {
  std::size_t output;
  std::size_t input;
};

// Runs the kernel on the threads in use, outputs `skew` elements off the alignment. Fails the test where a
// byte beside an output, or an input that is not shared, was written; stops it where the kernel reads beyond
// an input.
Outcome run(const KernelDef& kernel, const Problem& problem, int skew = 0,
            std::optional<Shared> shared = std::nullopt);

// The same by the first fast kernel; fails the test where there is none.
Outcome run_fast(const Problem& problem, int skew = 0);

// Expects equal bits of every fast kernel's outputs with 1, 2, 3 and 4 threads.
void expect_same_bits_for_any_threads(const Problem& problem);

// Calls f once for each instruction set that this processor has and kernels are built for.
void on_every_instruction_set(const std::function<void()>& f);

// The distance of a float from the true value in units in the last place of the true value. 0 for two NaN or
// two equal infinities; a result that should be denormal may be any number below the smallest normal one.
double ulps(float value, double truth);

}  // namespace retrograd::kernels::testing
