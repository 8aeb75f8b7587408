// Ctrl-C (SIGINT) and SIGTERM: the first asks, the second ends the process at once.
#pragma once

namespace cli {

void watch_interrupts();
bool interrupt_asked();

}  // namespace cli
