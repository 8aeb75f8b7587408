// The counting operator new of tests/runtime, for this program too.
#include "runtime/allocations.cpp"  // NOLINT
