// Variables: reads, pending updates, copy on write.
#include <retrograd/variable.h>

#include <algorithm>
#include <cstring>

#include "array/trace_state.h"
#include "array/variable_state.h"
#include "core/fail.h"

namespace retrograd {
namespace {

const BufferPtr& data_of(const Array& array, const char* what) {
  if (array.empty()) fail(ErrorKind::argument, "{}: the array is empty", what);
  const Output& output = array.node()->outputs[static_cast<std::size_t>(array.output())];
  if (!output.value)
    fail(ErrorKind::argument, "{}: the value is not known yet; eval() the array first", what);
  return output.value;
}

BufferPtr copy(const Buffer& from) {
  auto fresh = std::make_shared<Buffer>(from.bytes());
  std::memcpy(fresh->data(), from.data(), from.bytes());
  return fresh;
}

void check_type(const VariableState& state, const Array& value, const char* what) {
  if (value.type() == state.type) return;
  const ErrorKind kind = value.dtype() == state.type.dtype ? ErrorKind::shape : ErrorKind::dtype;
  fail(kind, "{}: variable {} is {}, got {}", what, state.name, state.type.to_string(),
       value.type().to_string());
}

// Does `value` depend on the node of `before`?
bool builds_on(const Array& value, const Array& before) {
  const Array roots[] = {value};
  const std::vector<Node*> nodes = reachable(roots);
  return std::find(nodes.begin(), nodes.end(), before.node().get()) != nodes.end();
}

}  // namespace

VariableState::~VariableState() {
  if (read) read->variable = nullptr;
}

bool VariableState::sole_holder() const {
  if (!read) return buffer.use_count() == 1;
  return buffer.use_count() == 2 && read->references.load(std::memory_order_acquire) == 1;
}

void VariableState::replace(BufferPtr fresh) {
  if (read) read->variable = nullptr;
  read = NodePtr();
  buffer = std::move(fresh);
}

void VariableState::make_sole_holder() {
  if (!sole_holder()) replace(copy(*buffer));
}

Variable::Variable(const Array& initial, std::string name) : state_(std::make_shared<VariableState>()) {
  state_->buffer = copy(*data_of(initial, "Variable"));
  state_->type = initial.type();
  state_->name = std::move(name);
}

const TensorType& Variable::type() const { return state_->type; }
const std::string& Variable::name() const { return state_->name; }
void Variable::set_name(std::string name) { state_->name = std::move(name); }
bool Variable::trainable() const { return state_->trainable; }
void Variable::set_trainable(bool trainable) { state_->trainable = trainable; }

Array Variable::read() const {
  if (empty()) fail(ErrorKind::argument, "Variable: an empty variable was read");
  if (!state_->read) {
    Array leaf = make_leaf(state_->type, state_->buffer);
    leaf.node()->variable = state_.get();
    state_->read = leaf.node();
  }
  return Array(state_->read, 0);
}

void Variable::set_next(const Array& value) const {
  TraceState* trace = current_trace();
  if (trace == nullptr) {
    fail(ErrorKind::argument,
         "set_next: variable {} can be updated only inside a compiled function; use assign() here", name());
  }
  check_type(*state_, value, "set_next");
  for (Update& update : trace->updates) {
    if (update.variable != state_) continue;
    if (!builds_on(value, update.value)) {
      fail(ErrorKind::argument, "set_next: variable {} was updated before in this step; build on next()",
           name());
    }
    update.value = value;
    return;
  }
  trace->updates.push_back({state_, value});
}

Array Variable::next() const {
  if (const TraceState* trace = current_trace()) {
    if (const Update* update = trace->find(state_.get())) return update->value;
  }
  return read();
}

void Variable::assign(const Array& value) const {
  if (current_trace() != nullptr)
    fail(ErrorKind::argument, "assign: inside a compiled function use set_next()");
  check_type(*state_, value, "assign");
  state_->replace(copy(*data_of(value, "assign")));
}

std::shared_ptr<const Buffer> Variable::snapshot() const { return state_->buffer; }

}  // namespace retrograd
