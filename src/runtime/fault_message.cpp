// Messages of faults.
#include "runtime/fault_message.h"

#include "core/fail.h"

namespace retrograd::runtime {

void throw_fault(const FoundFault& fault) {
  const std::string step = plan::to_string(*fault.step);
  if (fault.kind == kernels::Fault::Kind::index_out_of_range) {
    fail(ErrorKind::data, "{}: index {} is out of range", step, fault.value);
  }
  fail(ErrorKind::diverged, "{}: element {} is not a finite number", step, fault.value);
}

}  // namespace retrograd::runtime
