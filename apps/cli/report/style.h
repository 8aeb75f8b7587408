// The style sheet of the page.
#pragma once

#include <string_view>

namespace cli::report {

std::string_view style();

}  // namespace cli::report
