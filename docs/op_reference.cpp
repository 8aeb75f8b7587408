// Writes the reference of all ops as Markdown to stdout, from their definitions and the table of kernels.
// Not here: the calls' declarations (include/retrograd/ops.h).
#include <fmt/format.h>

#include <string>
#include <vector>

#include "op_support.h"
#include "ops/op_table.h"

namespace {

using retrograd::OpDef;

constexpr const char* first_text = R"(# The ops of Retrograd

Written by `./dev docs` from the definitions in `src/ops`; a test compares. How each is called stands in
`<retrograd/ops.h>` and the headers beside it. A reference kernel is what an op means, in plain loops; for bf16 it
computes in f32 and rounds once.

**Errors** are the distances of a result y from what exact arithmetic gives for the same inputs. ulp: the distance from
|y| to the next larger number of its dtype. u: the unit roundoff of the dtype that is computed in, 2^-53 for f64 and
2^-24 for f32; a result in bf16 is computed in f32 and rounded once more, by half an ulp of bf16. A sum of n terms in any
order lies within n u sum |terms| (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, 2002, 3.1 and
4.2). The bounds hold to first order in n u, where nothing overflows; where a result or a term is denormal, the smallest
normal number is added unless a kernel is exact or rounds once. Integers are exact and wrap. Steps that a plan fuses add
their own errors. The tests hold each kernel to its bound: in f32 against f64, element-wise functions in f64 against
long double; what f64 does elsewhere follows from the loops being the same.
)";

constexpr const char* support_text = R"(
## Support

r: a reference kernel; f: a fast kernel too, for some calls at least; d: the op's definition in simpler ops; v: a
view, for which no kernel runs where strides can say it; empty: an Error(dtype) (of a
constant: not among its samples).

| op |)";

std::string gradient_words(const OpDef& op) {
  if (op.vjp.is_none()) return "none";
  if (op.vjp.is_expansion()) return "that of its definition in simpler ops";
  return "a rule of its own, in ops, so it can be differentiated again";
}

void print_support() {
  fmt::print("{}", support_text);
  for (retrograd::DType dtype : docs::columns) fmt::print(" {} |", retrograd::name(dtype));
  fmt::print("\n|---|");
  for (std::size_t i = 0; i < std::size(docs::columns); ++i) fmt::print("---|");
  fmt::print("\n");
  for (const OpDef* op : retrograd::ops::op_table()) {
    fmt::print("| [{0}](#{0}) |", op->name);
    for (retrograd::DType dtype : docs::columns) fmt::print(" {} |", docs::support(*op, dtype));
    fmt::print("\n");
  }
}

void print_op(const OpDef& op) {
  fmt::print("\n## {}\n\n{}\n\n    {}\n", op.name, op.summary, op.equation);
  if (op.latex != op.equation) fmt::print("\n$${}$$\n", op.latex);
  fmt::print("\n* source: {}\n* gradient: {}\n", op.source, gradient_words(op));
  if (!op.convention.empty()) fmt::print("* convention: {}\n", op.convention);
  const std::vector<docs::StatedError> errors = docs::stated_errors(op);
  for (const docs::StatedError& error : errors) fmt::print("* error ({}): {}\n", error.kernels, error.bound);
  if (errors.empty()) fmt::print("* error: that of its definition in simpler ops\n");
}

}  // namespace

int main() {
  fmt::print("{}", first_text);
  print_support();
  for (const OpDef* op : retrograd::ops::op_table()) print_op(*op);
}
