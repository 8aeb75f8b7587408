// Names of dtypes.
#include <retrograd/dtype.h>

namespace retrograd {

const char* name(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return "f32";
    case DType::f64:
      return "f64";
    case DType::i32:
      return "i32";
    case DType::i64:
      return "i64";
    case DType::u8:
      return "u8";
    case DType::boolean:
      return "bool";
    case DType::bf16:
      return "bf16";
  }
  return "unknown";
}

}  // namespace retrograd
