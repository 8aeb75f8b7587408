// How --help is laid out: within the terminal's width, a verb by the first sentence of its description.
#pragma once

#include <memory>
#include <string>

namespace CLI {
class Formatter;
}

namespace cli::help {

std::shared_ptr<CLI::Formatter> formatter();

// Words on lines of at most `width` letters, where the text has no lines of its own; a longer word stays
// whole.
std::string wrapped(const std::string& text, std::size_t width);

}  // namespace cli::help
