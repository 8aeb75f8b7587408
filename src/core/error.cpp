// Names of error kinds.
#include <retrograd/error.h>

namespace retrograd {

const char* name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::shape:
      return "shape";
    case ErrorKind::dtype:
      return "dtype";
    case ErrorKind::argument:
      return "argument";
    case ErrorKind::data:
      return "data";
    case ErrorKind::io:
      return "io";
    case ErrorKind::diverged:
      return "diverged";
    case ErrorKind::internal:
      return "internal";
  }
  return "unknown";
}

}  // namespace retrograd
