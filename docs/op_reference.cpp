// Writes the reference of all ops as Markdown to stdout, from their definitions alone.
// Not here: the calls' declarations (include/retrograd/ops.h).
#include <fmt/format.h>

#include <string>

#include "ops/op_table.h"

namespace {

std::string gradient_words(const retrograd::OpDef& op) {
  if (op.vjp.is_none()) return "not differentiable";
  if (op.vjp.is_expansion()) return "that of its definition in simpler ops";
  return "a rule of its own";
}

void print_op(const retrograd::OpDef& op) {
  fmt::print("\n## {}\n\n{}\n", op.name, op.summary);
  if (!op.latex.empty()) {
    fmt::print("\n$${}$$\n", op.latex);
  } else if (!op.equation.empty()) {
    fmt::print("\n    {}\n", op.equation);
  }
  fmt::print("\n* gradient: {}\n", gradient_words(op));
  if (!op.convention.empty()) fmt::print("* convention: {}\n", op.convention);
  if (!op.source.empty()) fmt::print("* source: {}\n", op.source);
}

}  // namespace

int main() {
  fmt::print("# The ops of Retrograd\n");
  for (const retrograd::OpDef* op : retrograd::ops::op_table()) print_op(*op);
}
