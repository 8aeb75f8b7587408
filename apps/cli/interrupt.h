// Ctrl-C (SIGINT) and SIGTERM: in a training the first asks, the second ends the process at once.
#pragma once

namespace cli {

// From here on a thread of its own waits for the two signals; all others, which must be started later, never
// see one. oneDNN's compiled kernels let the stack pointer point elsewhere for a while, where a signal's
// frame would overwrite what is there.
void catch_interrupts();

// Until this is called the first signal ends the process too.
void watch_interrupts();
bool interrupt_asked();

}  // namespace cli
