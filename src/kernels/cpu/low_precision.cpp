// The instructions for bf16 that oneDNN finds. The products are in onednn_matmul.cpp,
// onednn_matmul_stacks.cpp and the files of onednn_convolution.h.
#include "kernels/low_precision.h"

#include <oneapi/dnnl/dnnl.hpp>

namespace retrograd::kernels {
namespace {

#if defined(__x86_64__)
// Each bit of oneDNN's instruction sets stands for one extension.
bool has(dnnl::cpu_isa wanted) {
  const auto found = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (found & static_cast<unsigned>(wanted)) == static_cast<unsigned>(wanted);
}
#endif

}  // namespace

const char* bf16_instructions() {
#if defined(__x86_64__)
  static const char* const found = has(dnnl::cpu_isa::avx512_core_amx)    ? "amx_bf16"
                                   : has(dnnl::cpu_isa::avx512_core_bf16) ? "avx512_bf16"
                                                                          : "";
  return found;
#else
  return "";
#endif
}

}  // namespace retrograd::kernels
