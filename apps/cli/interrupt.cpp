// Signals that ask for the end, taken by a thread that waits for them.
#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace cli {
namespace {

std::atomic<bool> watched = false;
std::atomic<bool> asked = false;

// Caught even where the parent has them ignored, as a script's & does: kill -INT is to stop a training there
// too.
sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM}) {
    ::signal(number, SIG_DFL);  // an ignored one would never be seen
    sigaddset(&set, number);
  }
  return set;
}

// What the signal does where nobody catches it.
void end_by(int number, const sigset_t& set) {
  ::signal(number, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(number);
}

void wait_for(const sigset_t& set) {
  for (;;) {
    int number = 0;
    if (::sigwait(&set, &number) != 0) return;
    if (!watched || asked.exchange(true)) end_by(number, set);
  }
}

}  // namespace

void catch_interrupts() {
  const sigset_t set = interrupts();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread([set] { wait_for(set); }).detach();
}

void watch_interrupts() { watched = true; }

bool interrupt_asked() { return asked; }

}  // namespace cli
