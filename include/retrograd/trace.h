// What a trace knows besides the graph: training or evaluation, and the names of the modules that make nodes.
// Tracing itself is done by `compile`.
#pragma once

#include <retrograd/array.h>

#include <memory>
#include <string>
#include <string_view>

namespace retrograd {

enum class Mode { training, evaluation };

// The mode of the graph under construction. Outside a trace it is evaluation, unless a ModeScope says
// otherwise.
Mode mode();

// A value that was named by tap() (<retrograd/tap.h>) and dE/d(value), empty where no gradient was taken
// through it.
struct Tap {
  std::string name;  // "net/linear_1/hidden"
  Array value;
  Array gradient;
};

// Sets the mode for its lifetime, on this thread.
class ModeScope {
 public:
  explicit ModeScope(Mode mode);
  ~ModeScope();
  ModeScope(const ModeScope&) = delete;
  ModeScope& operator=(const ModeScope&) = delete;

 private:
  Mode before_;
};

// Nodes made in its lifetime carry the name; scopes nest: "encoder/linear_1".
class NameScope {
 public:
  explicit NameScope(std::string_view name);
  ~NameScope();
  NameScope(const NameScope&) = delete;
  NameScope& operator=(const NameScope&) = delete;

 private:
  std::shared_ptr<const std::string> before_;
};

}  // namespace retrograd
