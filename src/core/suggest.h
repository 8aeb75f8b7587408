// The public header under the name that the folders include.
#pragma once

#include <retrograd/suggest.h>
