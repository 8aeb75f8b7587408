// Runs a command of the shell for a test: its output and the processor time it took.
#pragma once

#include <string>

namespace house {

struct ProcessResult {
  int exit_code;
  std::string output;  // stdout and stderr together
  double cpu_seconds;  // user and system time of the command and its children
};

// Runs `command` by /bin/sh and waits for its end.
ProcessResult run_command(const std::string& command);

}  // namespace house
