// The one error type of the library. Nothing in the library prints, exits or aborts: what goes wrong is
// thrown as an Error where the caller's call stands. Exit codes are the tool's business, not found here.
#pragma once

#include <stdexcept>
#include <string>

namespace retrograd {

enum class ErrorKind {
  shape,     // a shape does not fit the op, or a model does not fit its data
  dtype,     // a dtype does not fit the op
  argument,  // a value outside its documented range, an unknown name, a call in the wrong place
  data,      // missing, malformed or inconsistent input data or model file
  io,        // reading or writing failed (full disk, permissions)
  diverged,  // training produced a NaN or an infinity
  internal,  // a broken invariant: a bug in the library
};

// "shape", "dtype", ...
const char* name(ErrorKind kind);

// what() names the op or file, what it got, what it expects and, where known, the remedy:
// "softmax: axis 3 is out of range for rank 2; expected -2 <= axis < 2".
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace retrograd
