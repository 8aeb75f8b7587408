// check_finite: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> vjp(const VjpArgs& v) { return {v.dy()}; }

}  // namespace

extern constinit const OpDef check_finite_op{
    .name = "check_finite",
    .summary = "The same values; a NaN or infinity among them stops the step before any update.",
    .equation = "y = x",
    .latex = "y = x",
    .source = "By definition",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.check = true},
    .convention = "A NaN or infinity is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {Shape{}}}};
        },
    .flops = one_an_element,
};

}  // namespace ops

Array check_finite(const Array& x) { return apply1(ops::check_finite_op, {x}); }

}  // namespace retrograd
