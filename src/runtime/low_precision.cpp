// Whether a precision can be had here.
#include "kernels/low_precision.h"

#include <retrograd/low_precision.h>

#include <string_view>

#include "core/fail.h"

namespace retrograd {

void check_precision(Precision precision) {
  if (precision != Precision::bf16 || !std::string_view(kernels::bf16_instructions()).empty()) return;
  fail(ErrorKind::argument,
       "precision: bf16 wants a processor with avx512_bf16 or amx_bf16, which this one lacks; take f32, or "
       "bf16-forced to compute with the same rounded numbers, slower than f32");
}

}  // namespace retrograd
