// How --help is laid out: within the terminal's width, a verb by the first sentence of its description.
#pragma once

#include <memory>

namespace CLI {
class Formatter;
}

namespace cli::help {

std::shared_ptr<CLI::Formatter> formatter();

}  // namespace cli::help
