// OpDef: everything about an op except its kernels. The library's own stand in src/ops/, one a file; a user's
// stands in the user's program and is used in the same way, with its kernel (<retrograd/kernel.h>).
#pragma once

#include <retrograd/array.h>
#include <retrograd/attributes.h>
#include <retrograd/kernel.h>

#include <span>
#include <string_view>
#include <vector>

namespace retrograd {

struct Layout;
struct OpDef;

// What a shape rule sees. It returns one type per output or throws Error(shape), Error(dtype) or
// Error(argument).
struct ShapeArgs {
  const OpDef& op;
  std::span<const TensorType> inputs;
  const Attributes& attributes;
  const char* name() const;  // the op's name, for messages
};
using ShapeRule = std::vector<TensorType> (*)(const ShapeArgs&);

// The floating-point operations of one call; a multiplication and an addition count as one each.
using FlopsRule = double (*)(const ShapeArgs&);

// What a vjp rule sees: y = op(x), and dy, the cotangents of the outputs; that of an unused output is empty.
// It returns one Array per input, of that input's type; an empty one stands for zero.
struct VjpArgs {
  std::span<const Array> inputs;
  std::span<const Array> outputs;
  std::span<const Array> cotangents;
  const Attributes& attributes;
  const Array& x(std::size_t i = 0) const { return inputs[i]; }
  const Array& y(std::size_t i = 0) const { return outputs[i]; }
  const Array& dy(std::size_t i = 0) const { return cotangents[i]; }
};
using VjpRule = std::vector<Array> (*)(const VjpArgs&);

// A definition in simpler ops: one Array per output.
struct ExpandArgs {
  std::span<const Array> inputs;
  const Attributes& attributes;
  const Array& x(std::size_t i = 0) const { return inputs[i]; }
};
using ExpandRule = std::vector<Array> (*)(const ExpandArgs&);

// How an op is differentiated. It has no default, so a definition that forgets it does not compile.
class Gradient {
 public:
  constexpr Gradient(VjpRule vjp) : rule_(vjp) {}  // NOLINT: meant to be implicit
  static constexpr Gradient none() { return Gradient(Kind::none); }
  static constexpr Gradient expansion() { return Gradient(Kind::expansion); }
  bool is_none() const { return rule_ == nullptr && kind_ == Kind::none; }
  bool is_expansion() const { return rule_ == nullptr && kind_ == Kind::expansion; }
  VjpRule rule() const { return rule_; }

 private:
  enum class Kind { none, expansion };
  explicit constexpr Gradient(Kind kind) : kind_(kind) {}
  VjpRule rule_ = nullptr;
  Kind kind_ = Kind::none;
};

// The op's output is a window on its first input: gives the output's layout, or false where strides cannot
// say it.
using ViewRule = bool (*)(const Attributes&, const Layout& input, const Shape& output, Layout* result);

// What a plan's passes ask; they know no op by name.
enum class EpilogueRole {
  none,
  bias,        // y = a + b with b a broadcast row: may be computed where `a` is produced
  activation,  // y = f(a), element by element: likewise
};

// An op on images, arrays N C [D] [H] W, that can be computed as well with the channels as the last axis, as
// its attributes then say. Bit i of a mask stands for input or output i.
struct ChannelsLast {
  unsigned inputs = 0;
  unsigned outputs = 0;
  Attributes (*attributes)(const Attributes&) = nullptr;  // of the same call on such images; null: no such op
};

struct Traits {
  // Every output element depends on the input elements at its own place; inputs and output have one shape.
  // Such an output may take the storage of an input of the same type that dies there.
  bool elementwise = false;
  // A kernel of this op can take bias and activation with it.
  bool takes_epilogue = false;
  EpilogueRole epilogue = EpilogueRole::none;
  // May find a fault in the values (an index out of range, a non-finite number): runs before any update.
  bool check = false;
  // Two equal inputs give equal outputs: a*b == b*a to the bit.
  bool commutative = false;
  ViewRule view = nullptr;
  // Sums of many products: inputs in bf16 with sums in f32 serve where speed matters (low_precision.h). Other
  // ops stay in the dtype that they are given.
  bool low_precision = false;
  ChannelsLast channels_last = {};
};

// One call for the table-driven tests. Inputs are drawn from U(low, high) by the sample's own seed; integer
// inputs are drawn from [low, high). Ranges keep away from kinks by `margin` around `kinks`.
struct Sample {
  std::vector<Shape> shapes;
  Attributes attributes = {};
  double low = -2.0;
  double high = 2.0;
  std::vector<DType> dtypes = {};  // of each input where not the floating dtype under test
  std::vector<double> kinks = {};  // no input element within 0.05 of one of these
  bool distinct = false;           // no two elements within 0.05 of one another (max, sort)
};

// A definition is a constant, made by the compiler: `extern constinit const OpDef softmax_op{...}`.
struct OpDef {
  std::string_view name;
  std::string_view summary;   // one sentence
  std::string_view equation;  // plain text
  std::string_view latex;
  std::string_view source;  // book, paper and section the equation is from
  ShapeRule shape;
  Gradient vjp;
  ExpandRule expand = nullptr;  // given: a composite; else a primitive, which needs a reference kernel
  Traits traits = {};
  std::string_view convention = {};  // what holds at a kink or tie
  // [] { return std::vector<Sample>{...}; }
  std::vector<Sample> (*samples)() = nullptr;
  // Null: one for each element of an element-wise op, those of its definition for a composite, else none.
  FlopsRule flops = nullptr;
  KernelFunction kernel = nullptr;  // of an op defined outside the library
};

// Calls an op: checks types by its shape rule and makes a node. `count_outputs` arrays come back.
std::vector<Array> apply(const OpDef& op, std::vector<Array> inputs, Attributes attributes = {});
// The same for an op with one output.
Array apply1(const OpDef& op, std::vector<Array> inputs, Attributes attributes = {});

}  // namespace retrograd
