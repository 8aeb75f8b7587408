// Text for HTML and SVG. The page is in page.cpp, charts in charts.h.
#pragma once

#include <string>
#include <string_view>

namespace cli::report {

// &, <, > and quotes as entities; control characters, which XML does not allow, as blanks.
std::string escaped(std::string_view text);

// At most `most` letters (UTF-8), the last a "…" where some are left out.
std::string shortened(std::string_view text, std::size_t most);
std::size_t letters(std::string_view text);

}  // namespace cli::report
