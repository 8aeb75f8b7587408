// The number of cores that this process may run on.
#pragma once

namespace retrograd::core {

// Physical cores (two hardware threads of one core count once) within the process's affinity; at least 1.
int physical_cores();

}  // namespace retrograd::core
