// The state behind Variable handles, as plans see it.
#pragma once

#include <memory>
#include <string>

#include "array/node.h"

namespace retrograd {

struct VariableState : std::enable_shared_from_this<VariableState> {
  TensorType type;
  BufferPtr buffer;  // never null
  std::string name;
  bool trainable = true;
  NodePtr read;  // the leaf that read() gives, made at the first read of the present value

  ~VariableState();
  // Nobody but this state sees the buffer: a plan may write in place.
  bool sole_holder() const;
  // Replaces the storage; earlier reads keep the old one as data.
  void replace(BufferPtr fresh);
  // Makes this the sole holder, by a copy where it is not.
  void make_sole_holder();
};

}  // namespace retrograd
