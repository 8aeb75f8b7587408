// Checks of options and of names that optimizers and schedules share.
#pragma once

#include <span>
#include <string_view>

namespace retrograd::optim {

// Throws Error(argument) unless the value is finite and at least 0.
void check_option(const char* what, double value);
// Throws Error(argument) unless 0 <= value < 1.
void check_fraction(const char* what, double value);
// Throws Error(argument): `name` is none of `known`; with the one that may have been meant.
[[noreturn]] void fail_unknown(const char* what, std::string_view name,
                               std::span<const std::string_view> known);

}  // namespace retrograd::optim
