// How many threads the library computes with. Results do not depend on it.
#pragma once

namespace retrograd {

// Sets the number of threads, the caller's among them, for all work of this process from now on. Waits for
// work in progress. Throws Error(argument) unless 1 <= count <= 256.
void set_threads(int count);

// The number of threads in use; at first the number of physical cores that this process may run on.
int threads();

}  // namespace retrograd
