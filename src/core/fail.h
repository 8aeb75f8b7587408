// fail(kind, format, args...): throws an Error with a message formatted by fmt. Used by every folder.
#pragma once

#include <fmt/format.h>
#include <retrograd/error.h>

#include <utility>

namespace retrograd {

template <typename... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

// A broken invariant of the library itself.
inline void require(bool holds, const char* what) {
  if (!holds) throw Error(ErrorKind::internal, std::string("internal: ") + what);
}

}  // namespace retrograd
