// The version of the library as the build was told it.
#include <retrograd/version.h>

namespace retrograd {

const char* version() { return RETROGRAD_VERSION; }

}  // namespace retrograd
