// "did you mean": the known name nearest to a mistyped one. What counts as known is the caller's business.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace retrograd {

// The least number of insertions, deletions, substitutions and swaps of neighbours that turn a into b,
// letters compared without case (optimal string alignment, Damerau 1964).
std::size_t edit_distance(std::string_view a, std::string_view b);

// ` did you mean "digit"?`, with the leading blank, where some known name is near enough to be meant (a third
// of the letters may be wrong, at least one, or the one is the beginning of the other); else "".
std::string suggest(std::string_view wanted, std::span<const std::string> known);

}  // namespace retrograd
